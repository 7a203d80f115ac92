#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "domain/decode/options.h"

namespace stockwatch::config {

// A key of sensitive values. It is named, never held.
struct FieldKey {
  std::string id;
  std::string file;
};

inline constexpr std::size_t kFieldKeysMax = 16;

// Values show it between colons: 1 to 64 letters, digits, '-', '_' and '.'.
bool IsFieldKeyId(std::string_view id);

// Every mistake, each naming the setting's path: keys of one id, and hooks that lack a key.
std::vector<base::Error> ValidateFieldKeys(const std::vector<FieldKey>& keys,
                                           const decode::Options& documents);

}  // namespace stockwatch::config
