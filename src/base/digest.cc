#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/assertion.h"

namespace stockwatch::base {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  SW_ASSERT(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1, "SHA-256 is there");
}

Sha256::~Sha256() = default;

void Sha256::Update(std::string_view bytes) {
  SW_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1, "SHA-256 goes on");
}

Sha256Bytes Sha256::Finish() {
  Sha256Bytes out{};
  SW_ASSERT(EVP_DigestFinal_ex(state_->context, out.data(), nullptr) == 1, "SHA-256 ends once");
  return out;
}

// In one call, without a context to make: ids are hashes of short texts.
Sha256Bytes Sha256Of(std::string_view bytes) {
  Sha256Bytes out{};
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  SW_ASSERT(SHA256(begin, bytes.size(), out.data()) != nullptr, "SHA-256 is there");
  return out;
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string Hex(const Sha256Bytes& bytes) {
  return Hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace stockwatch::base
