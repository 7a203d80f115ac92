#include "config/field_keys.h"

#include <algorithm>
#include <string_view>

#include "domain/decode/protection.h"

namespace stockwatch::config {
namespace {

using base::Code;
using base::Error;

void CheckHooks(std::string_view name, const std::vector<decode::Hook>& hooks,
                std::vector<Error>& errors) {
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    const auto field = decode::ProtectionOf(hooks[i]);
    const bool needs_key = field && (field->protection == decode::Protection::kHash ||
                                     field->protection == decode::Protection::kEncrypt);
    if (!needs_key) continue;
    errors.push_back({Code::kInvalidArgument, std::string(name) + ".hooks[" + std::to_string(i) +
                                                  "]: " + std::string(decode::KindOf(hooks[i])) +
                                                  " needs a key in fields.keys"});
  }
}

}  // namespace

bool IsFieldKeyId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::vector<Error> ValidateFieldKeys(const std::vector<FieldKey>& keys,
                                     const decode::Options& documents) {
  std::vector<Error> errors;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string path = "fields.keys[" + std::to_string(i) + "].id";
    if (!IsFieldKeyId(keys[i].id)) {
      errors.push_back(
          {Code::kInvalidArgument, path + ": is not 1 to 64 letters, digits, '-', '_' and '.'"});
    }
    const bool known = std::any_of(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const FieldKey& other) { return other.id == keys[i].id; });
    if (known) errors.push_back({Code::kInvalidArgument, path + ": is there twice"});
  }
  if (keys.empty()) {
    CheckHooks("inventory", documents.inventory.hooks, errors);
    CheckHooks("transactions", documents.transactions.hooks, errors);
    CheckHooks("thresholds", documents.thresholds.hooks, errors);
  }
  return errors;
}

}  // namespace stockwatch::config
