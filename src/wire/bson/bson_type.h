#pragma once

#include <cstddef>
#include <cstdint>

namespace stockwatch::bson {

// The type byte in front of an element (https://bsonspec.org/spec.html).
enum class Type : std::uint8_t {
  kDouble = 0x01,
  kString = 0x02,
  kDocument = 0x03,
  kArray = 0x04,
  kBinary = 0x05,
  kUndefined = 0x06,
  kObjectId = 0x07,
  kBool = 0x08,
  kDate = 0x09,
  kNull = 0x0A,
  kRegex = 0x0B,
  kDbPointer = 0x0C,
  kCode = 0x0D,
  kSymbol = 0x0E,
  kCodeWithScope = 0x0F,
  kInt32 = 0x10,
  kTimestamp = 0x11,
  kInt64 = 0x12,
  kDecimal = 0x13,
  kMaxKey = 0x7F,
  kMinKey = 0xFF,
};

// The old binary subtype, whose payload begins with its own length.
inline constexpr std::uint8_t kBinaryWithLength = 2;
inline constexpr std::size_t kObjectIdSize = 12;
// Length field and terminator.
inline constexpr std::size_t kDocumentSizeMin = 5;

}  // namespace stockwatch::bson
