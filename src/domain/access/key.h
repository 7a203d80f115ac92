#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/instant.h"
#include "base/result.h"

namespace stockwatch::access {

// 256 bits that nobody can guess, as people hand them on: "swk_" and 64 hexadecimal digits. It is
// shown once and never kept.
using Secret = std::array<std::uint8_t, 32>;
std::string SecretText(const Secret& secret);

// What is kept of a key: whose it is, and a hash by which it is known again. A secret of 256 bits
// needs no slow hash.
struct Key {
  std::string name;  // "admin": who acts, in the audit log
  base::Instant made_at;
  base::Sha256Bytes hash{};

  bool operator==(const Key&) const = default;

  static Key Of(std::string name, base::Instant made_at, std::string_view secret_text);
  // Takes as long for every text of one length, whatever is wrong with it.
  bool IsProvedBy(std::string_view secret_text) const;
};

// Appends the record to `out`; docs/formats.md, Key.
void EncodeKey(const Key& key, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<Key> DecodeKey(std::string_view record);

}  // namespace stockwatch::access
