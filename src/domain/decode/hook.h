#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "domain/decode/expression.h"
#include "domain/decode/value.h"

namespace stockwatch::decode {

// Transformations of a document before it is decoded. Fields are paths "a.b.c" through documents;
// arrays are entered by the protection of values alone. A field that is missing is no error: only
// default and compute make fields.

// A scalar may move to another level, whose documents are made; a container only changes its name.
// A field that has the new name already fails the hook.
struct RenameHook {
  std::string from;
  std::string to;
};
// Takes a field out, a container with all that is in it.
struct DropHook {
  std::string field;
};
// Sets a field that is missing or null.
struct DefaultHook {
  std::string field;
  Value value;
};

enum class Conversion : std::uint8_t { kNumber, kInteger, kString, kDate, kDateFromSeconds, kBool };
inline constexpr std::array<std::string_view, 6> kConversionNames{
    "number", "integer", "string", "date", "date_from_seconds", "bool"};

// Changes the type of a value, exactly or not at all; null stays null. See convert.h.
struct ConvertHook {
  std::string field;
  Conversion to = Conversion::kNumber;
};
// Sets a field, there or not.
struct ComputeHook {
  std::string field;
  Expression expression;
};
// Lets the documents through for which the expression is true.
struct FilterHook {
  Expression expression;
};
// Replaces the value by the string "[redacted]", wherever the event shows it.
struct RedactHook {
  std::string field;
};
// Replaces a text or a number by "***" and its last characters; see protection.h.
struct MaskHook {
  std::string field;
  std::uint32_t keep = 4;
};
// Replaces the value by a keyed hash: equal ones stay equal.
struct HashHook {
  std::string field;
};
// Replaces the value by an envelope that the key's holders can open.
struct EncryptHook {
  std::string field;
};

using Hook = std::variant<RenameHook, DropHook, DefaultHook, ConvertHook, ComputeHook, FilterHook,
                          RedactHook, MaskHook, HashHook, EncryptHook>;

inline constexpr std::string_view kRedacted = "[redacted]";
inline constexpr std::uint32_t kMaskKeepMax = 64;
inline constexpr std::size_t kHooksMax = 64;  // of one list
inline constexpr std::size_t kPathBytesMax = 256;

// "rename", "drop", …
std::string_view KindOf(const Hook& hook);
// The field it writes, of a rename the one it reads; empty for a filter.
std::string_view FieldOf(const Hook& hook);

// kInvalidArgument if `path` is no "a.b.c" of 1 to 256 bytes.
base::Status ValidatePath(std::string_view path);

// Appends what is wrong with the hooks of the list at `setting`, such as "inventory.hooks".
void ValidateHooks(const std::vector<Hook>& hooks, std::string_view setting,
                   std::vector<base::Error>& errors);

}  // namespace stockwatch::decode
