#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::openssl_cipher {

// AES-256 in Galois/counter mode, NIST SP 800-38D, by OpenSSL. Any thread.

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

// What both directions must know. Views of the call.
struct AesGcm {
  std::string_view key;         // kKeyBytes
  std::string_view nonce;       // kNonceBytes, never twice with one key
  std::string_view associated;  // not in the ciphertext, but what it is bound to
};

// Ciphertext and tag. nullopt: OpenSSL refuses. REQUIRES: key and nonce have their sizes
std::optional<std::string> Encrypt(const AesGcm& with, std::string_view plain);
// nullopt: it was not made with these, or was changed. REQUIRES: as Encrypt
std::optional<std::string> Decrypt(const AesGcm& with, std::string_view ciphertext_and_tag);

}  // namespace stockwatch::openssl_cipher
