#include "adapters/openssl_cipher/aes_gcm.h"

#include <openssl/evp.h>

#include <limits>
#include <memory>

#include "base/assertion.h"

namespace stockwatch::openssl_cipher {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

enum class Direction : int { kDecrypt = 0, kEncrypt = 1 };  // as OpenSSL numbers them

// Of key, nonce and associated data; nullptr: OpenSSL refuses.
Context Begin(const AesGcm& with, Direction direction) {
  SW_ASSERT(with.key.size() == kKeyBytes && with.nonce.size() == kNonceBytes,
            "key and nonce have their sizes");
  Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool good = context != nullptr &&
                    EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(with.key),
                                      Bytes(with.nonce), static_cast<int>(direction)) == 1 &&
                    EVP_CipherUpdate(context.get(), nullptr, &size, Bytes(with.associated),
                                     static_cast<int>(with.associated.size())) == 1;
  return good ? std::move(context) : nullptr;
}

// OpenSSL counts in int.
bool Fits(std::string_view text) {
  return text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) - kTagBytes;
}

}  // namespace

std::optional<std::string> Encrypt(const AesGcm& with, std::string_view plain) {
  if (!Fits(plain) || !Fits(with.associated)) return std::nullopt;
  const Context context = Begin(with, Direction::kEncrypt);
  std::string out(plain.size() + kTagBytes, '\0');
  int size = 0;
  int rest = 0;
  const bool good = context != nullptr &&
                    EVP_CipherUpdate(context.get(), Bytes(out), &size, Bytes(plain),
                                     static_cast<int>(plain.size())) == 1 &&
                    EVP_CipherFinal_ex(context.get(), Bytes(out) + size, &rest) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                        Bytes(out) + plain.size()) == 1;
  if (!good) return std::nullopt;
  return out;
}

std::optional<std::string> Decrypt(const AesGcm& with, std::string_view ciphertext_and_tag) {
  if (ciphertext_and_tag.size() < kTagBytes || !Fits(ciphertext_and_tag)) return std::nullopt;
  if (!Fits(with.associated)) return std::nullopt;
  const std::size_t plain_bytes = ciphertext_and_tag.size() - kTagBytes;
  const Context context = Begin(with, Direction::kDecrypt);
  std::string tag(ciphertext_and_tag.substr(plain_bytes));
  // One byte more: an empty text has no place to write to.
  std::string out(plain_bytes + 1, '\0');
  int size = 0;
  int rest = 0;
  const bool good =
      context != nullptr &&
      EVP_CipherUpdate(context.get(), Bytes(out), &size, Bytes(ciphertext_and_tag),
                       static_cast<int>(plain_bytes)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, Bytes(tag)) == 1 &&
      EVP_CipherFinal_ex(context.get(), Bytes(out) + size, &rest) == 1;
  if (!good) return std::nullopt;
  out.resize(plain_bytes);
  return out;
}

}  // namespace stockwatch::openssl_cipher
