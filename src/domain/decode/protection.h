#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/decode/hook.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// What stands in place of a sensitive value, from before anything else sees it:
//
//   redact    [redacted]
//   mask      *** and the last characters, if at least twice as many are there
//   hash      hmac:<key id>:<22 characters>
//   encrypt   enc:1:<key id>:<Base64 of nonce, ciphertext and tag>
enum class Protection : std::uint8_t { kRedact, kMask, kHash, kEncrypt };

// A path whose values are protected.
struct ProtectedField {
  std::string path;
  Protection protection = Protection::kRedact;
  std::uint32_t keep = 0;      // characters that a mask shows
  std::string hook_path = {};  // where the hook names another one that renames lead to from here
};
// nullopt: the hook protects nothing.
std::optional<ProtectedField> ProtectionOf(const Hook& hook);

// One value that needs a key. A view of the call.
struct SealRequest {
  Protection protection;        // kHash or kEncrypt
  std::string_view collection;  // by its name in the database
  std::string_view path;        // as the settings write it
  const event::RawDocument& document;
  std::uint32_t index = 0;
};
// What a value becomes; what was sealed already stays as it is, where that can be told. nullopt: it
// cannot be sealed, and is redacted. Keys are not known here.
using Seal = std::function<std::optional<std::string>(const SealRequest& request)>;

inline constexpr std::string_view kMasked = "***";
inline constexpr std::string_view kHashPrefix = "hmac:";
inline constexpr std::string_view kEnvelopePrefix = "enc:1:";

// nullopt: it is no text and no number. Idempotent.
std::optional<std::string> Mask(const event::RawValue& value, std::uint32_t keep);

// Whether a protected value looks so. Others may too: it says what may be let through, never what
// may be shown.
bool LooksProtected(std::string_view text);

}  // namespace stockwatch::decode
