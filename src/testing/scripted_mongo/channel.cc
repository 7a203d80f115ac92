#include "testing/scripted_mongo/channel.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/assertion.h"

namespace stockwatch::scripted_mongo {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* thing) const {
    kFree(thing);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Free<&EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<&X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<&X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Free<&std::fclose>>;

void Extend(X509* certificate, int kind, const char* value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
  SW_ASSERT(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

Certificate CertificateOf(EVP_PKEY* key) {
  constexpr long kDay = 24L * 60 * 60;
  constexpr long kVersion3 = 2;
  Certificate made(X509_new());
  X509_set_version(made.get(), kVersion3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), kDay);
  X509_NAME* const name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  X509_set_pubkey(made.get(), key);
  Extend(made.get(), NID_subject_alt_name, "IP:127.0.0.1");
  Extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  SW_ASSERT(X509_sign(made.get(), key, EVP_sha256()) != 0, "a signed certificate");
  return made;
}

// OpenSSL writes to a connection that its client has closed as to a pipe.
void BlockPipeSignal() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

struct Tls::Context {
  std::unique_ptr<SSL_CTX, Free<&SSL_CTX_free>> context{SSL_CTX_new(TLS_server_method())};
};

struct Channel::Session {
  std::unique_ptr<SSL, Free<&SSL_free>> ssl;
};

Tls::Tls()
    : path_(std::filesystem::temp_directory_path() /
            ("scripted_mongo_" + std::to_string(getpid()) + "_" +
             std::to_string(reinterpret_cast<std::uintptr_t>(this)) + ".pem")),
      context_(std::make_unique<Context>()) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = CertificateOf(key.get());
  {
    const File file(std::fopen(path_.c_str(), "w"));
    SW_ASSERT(
        file && PEM_write_X509(file.get(), certificate.get()) == 1 &&
            PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "a file of the test can be written");
  }
  SSL_CTX* const context = context_->context.get();
  SW_ASSERT(SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(context, key.get()) == 1,
            "the key is that of the certificate");
}

Tls::~Tls() {
  std::error_code gone;
  std::filesystem::remove(path_, gone);
}

Channel::Channel(int socket, int end, const Tls* tls) : socket_(socket), end_(end) {
  if (tls == nullptr) return;
  session_ = std::make_unique<Session>();
  session_->ssl.reset(SSL_new(tls->context_->context.get()));
  SSL_set_fd(session_->ssl.get(), socket_);
}

Channel::~Channel() = default;

bool Channel::Greet() {
  if (session_) BlockPipeSignal();
  return !session_ || (WaitReadable() && SSL_accept(session_->ssl.get()) == 1);
}

bool Channel::Read(std::string& bytes, std::size_t size) {
  bytes.resize(size);
  for (std::size_t have = 0; have < size;) {
    const bool waits = !session_ || SSL_pending(session_->ssl.get()) == 0;
    if (waits && !WaitReadable()) return false;
    const std::size_t rest = size - have;
    const auto got =
        session_ ? SSL_read(session_->ssl.get(), bytes.data() + have, static_cast<int>(rest))
                 : recv(socket_, bytes.data() + have, rest, 0);
    if (got <= 0) return false;
    have += static_cast<std::size_t>(got);
  }
  return true;
}

bool Channel::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent =
        session_ ? SSL_write(session_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()))
                 : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Channel::WaitReadable() const {
  pollfd ready[2] = {{.fd = socket_, .events = POLLIN, .revents = 0},
                     {.fd = end_, .events = POLLIN, .revents = 0}};
  while (poll(ready, 2, -1) < 0) {
  }
  return ready[1].revents == 0;
}

}  // namespace stockwatch::scripted_mongo
