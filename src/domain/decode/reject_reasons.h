#pragma once

#include <array>
#include <string_view>

namespace stockwatch::decode {

// Why a change was not taken: the fixed set of values of the metric label and of the dead letter's
// `reason`.
inline constexpr std::string_view kMissingField = "missing field";
inline constexpr std::string_view kWrongType = "wrong type";
inline constexpr std::string_view kBadNumber = "bad number";
inline constexpr std::string_view kBadDate = "bad date";
inline constexpr std::string_view kBadId = "bad id";
inline constexpr std::string_view kBadText = "bad text";
inline constexpr std::string_view kOutOfRange = "out of range";
inline constexpr std::string_view kUnknownType = "unknown type";
inline constexpr std::string_view kUnknownStatus = "unknown status";
inline constexpr std::string_view kUnknownField = "unknown field";
inline constexpr std::string_view kMissingWarehouse = "missing warehouse";
inline constexpr std::string_view kUnmappedWarehouse = "unmapped warehouse";
inline constexpr std::string_view kUnknownSchemaVersion = "unknown schema version";
inline constexpr std::string_view kSchemaViolation = "schema violation";
inline constexpr std::string_view kHookFailed = "hook failed";
inline constexpr std::string_view kTransactionUpdated = "transaction updated";
inline constexpr std::string_view kBadRule = "bad rule";
inline constexpr std::string_view kDocumentKeyMismatch = "document key mismatch";
inline constexpr std::string_view kNoDocumentKey = "no document key";
inline constexpr std::string_view kNoFullDocument = "no full document";

struct ReasonText {
  std::string_view reason;
  std::string_view meaning;  // one line for the documentation
};

inline constexpr std::array<ReasonText, 20> kReasons{{
    {kMissingField, "a required field is absent or null"},
    {kWrongType, "a field has a type that is not read as what it should be"},
    {kBadNumber,
     "a number that cannot be read exactly: malformed, too many decimals, NaN, too large"},
    {kBadDate,
     "a date that cannot be read: no ISO 8601 with offset, or outside the years 0000 to 9999"},
    {kBadId, "an id that is empty, longer than 128 bytes, or not UTF-8 without control characters"},
    {kBadText, "a text that is too long or not UTF-8, or a currency that is no ISO 4217 code"},
    {kOutOfRange,
     "a number outside of the range of its field, such as a negative quantity of a sale"},
    {kUnknownType, "the type of a transaction is none of ours"},
    {kUnknownStatus, "the status of an inventory document is neither active nor discontinued"},
    {kUnknownField, "a rule has a field that rules don't have"},
    {kMissingWarehouse, "the document names no warehouse and no fixed one is set"},
    {kUnmappedWarehouse, "the warehouse of the document is not in the mapping of the settings"},
    {kUnknownSchemaVersion, "the schema version is newer than ours, or no whole number from 1 up"},
    {kSchemaViolation, "the document is not what the schema of its collection asks for"},
    {kHookFailed, "a transformation hook could not be applied"},
    {kTransactionUpdated, "a transaction was updated or replaced; transactions are inserted once"},
    {kBadRule, "the fields of a rule contradict each other, or need what this version has not"},
    {kDocumentKeyMismatch, "the `_id` of the document is not the one of the change's document key"},
    {kNoDocumentKey, "the change names no document"},
    {kNoFullDocument, "an insert or a replace came without its document"},
}};

}  // namespace stockwatch::decode
