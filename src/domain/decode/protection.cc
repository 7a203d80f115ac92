#include "domain/decode/protection.h"

#include <algorithm>

#include "base/overloaded.h"
#include "domain/decode/show_value.h"

namespace stockwatch::decode {
namespace {

using event::ValueType;

bool BeginsCharacter(char byte) {
  return (byte & 0xC0) != 0x80;
}

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), BeginsCharacter));
}

std::string_view LastCharacters(std::string_view text, std::size_t count) {
  std::size_t begin = text.size();
  for (std::size_t left = count; left > 0 && begin > 0;) {
    if (BeginsCharacter(text[--begin])) --left;
  }
  return text.substr(begin);
}

std::string MaskText(std::string_view text, std::size_t keep) {
  std::string masked(kMasked);
  const bool is_masked =
      text.starts_with(kMasked) && Characters(text.substr(kMasked.size())) <= keep;
  if (is_masked) return std::string(text);
  // Of a short value the last characters would be most of it.
  if (Characters(text) >= 2 * keep) masked += LastCharacters(text, keep);
  return masked;
}

}  // namespace

std::optional<ProtectedField> ProtectionOf(const Hook& hook) {
  using Found = std::optional<ProtectedField>;
  return std::visit(
      base::Overloaded{
          [](const RedactHook& h) -> Found { return ProtectedField{h.field, Protection::kRedact}; },
          [](const MaskHook& h) -> Found {
            return ProtectedField{h.field, Protection::kMask, h.keep};
          },
          [](const HashHook& h) -> Found { return ProtectedField{h.field, Protection::kHash}; },
          [](const EncryptHook& h) -> Found {
            return ProtectedField{h.field, Protection::kEncrypt};
          },
          [](const auto&) -> Found { return std::nullopt; }},
      hook);
}

std::optional<std::string> Mask(const event::RawValue& value, std::uint32_t keep) {
  switch (value.type) {
    case ValueType::kString:
    case ValueType::kDecimal:
      return MaskText(value.bytes, keep);
    case ValueType::kInt32:
    case ValueType::kInt64:
    case ValueType::kDouble:
      return MaskText(ShowValue(value), keep);
    default:
      return std::nullopt;
  }
}

bool LooksProtected(std::string_view text) {
  return text == kRedacted || text.starts_with(kMasked) || text.starts_with(kHashPrefix) ||
         text.starts_with(kEnvelopePrefix);
}

}  // namespace stockwatch::decode
