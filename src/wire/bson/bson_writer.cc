#include "wire/bson/bson_writer.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/assertion.h"
#include "base/bytes.h"
#include "wire/bson/bson_type.h"
#include "wire/bson/decimal128.h"

namespace stockwatch::bson {
namespace {

using base::Code;
using base::Error;
using base::Status;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

Type TypeOf(ValueType type) {
  switch (type) {
    case ValueType::kNull:
      return Type::kNull;
    case ValueType::kUndefined:
      return Type::kUndefined;
    case ValueType::kBool:
      return Type::kBool;
    case ValueType::kInt32:
      return Type::kInt32;
    case ValueType::kInt64:
      return Type::kInt64;
    case ValueType::kDouble:
      return Type::kDouble;
    case ValueType::kDecimal:
      return Type::kDecimal;
    case ValueType::kString:
      return Type::kString;
    case ValueType::kDate:
      return Type::kDate;
    case ValueType::kTimestamp:
      return Type::kTimestamp;
    case ValueType::kObjectId:
      return Type::kObjectId;
    case ValueType::kBinary:
      return Type::kBinary;
    case ValueType::kRegex:
      return Type::kRegex;
    case ValueType::kDbPointer:
      return Type::kDbPointer;
    case ValueType::kCode:
      return Type::kCode;
    case ValueType::kCodeWithScope:
      return Type::kCodeWithScope;
    case ValueType::kSymbol:
      return Type::kSymbol;
    case ValueType::kMinKey:
      return Type::kMinKey;
    case ValueType::kMaxKey:
      return Type::kMaxKey;
    case ValueType::kDocument:
      return Type::kDocument;
    case ValueType::kArray:
      return Type::kArray;
  }
  SW_ASSERT(false, "every value type has a BSON type");
}

class Writer {
 public:
  Writer(const RawDocument& document, std::string& out)
      : document_(document), out_(out), bytes_(out) {}

  // A document or an array: its length, elements, terminator.
  Status Container(std::uint32_t index) {
    const std::size_t start = out_.size();
    bytes_.Put(std::int32_t{0});
    const bool named = document_.at(index).type == ValueType::kDocument;
    std::uint32_t ordinal = 0;
    const std::uint32_t end = document_.at(index).end;
    for (std::uint32_t i = index + 1; i < end; i = document_.at(i).end) {
      const RawValue& value = document_.at(i);
      bytes_.Put(static_cast<std::uint8_t>(TypeOf(value.type)));
      if (named) {
        if (value.name.find('\0') != std::string_view::npos) {
          return Error{Code::kInvalidArgument, "cannot write bson: field name with a NUL"};
        }
        out_.append(value.name);
      } else {
        AppendOrdinal(ordinal++);
      }
      out_.push_back('\0');
      SW_TRY_STATUS(Value(i));
    }
    out_.push_back('\0');
    return PatchLength(start);
  }

 private:
  void AppendOrdinal(std::uint32_t ordinal) {
    std::array<char, 16> text{};
    out_.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), ordinal).ptr);
  }

  void String(std::string_view text) {
    bytes_.Put(static_cast<std::uint32_t>(text.size() + 1));
    out_.append(text);
    out_.push_back('\0');
  }

  // The bytes since `start` get their number into their first four.
  Status PatchLength(std::size_t start) {
    const std::size_t size = out_.size() - start;
    if (size > std::numeric_limits<std::int32_t>::max()) {
      return Error{Code::kInvalidArgument,
                   "cannot write bson: document too large: " + std::to_string(size) + " bytes"};
    }
    const auto length = static_cast<std::int32_t>(size);
    std::memcpy(out_.data() + start, &length, sizeof length);
    return {};
  }

  Status Value(std::uint32_t index) {
    const RawValue& value = document_.at(index);
    switch (value.type) {
      case ValueType::kNull:
      case ValueType::kUndefined:
      case ValueType::kMinKey:
      case ValueType::kMaxKey:
        return {};
      case ValueType::kBool:
        out_.push_back(value.integer != 0 ? '\1' : '\0');
        return {};
      case ValueType::kInt32:
        bytes_.Put(static_cast<std::int32_t>(value.integer));
        return {};
      case ValueType::kInt64:
      case ValueType::kDate:
      case ValueType::kTimestamp:
        bytes_.Put(value.integer);
        return {};
      case ValueType::kDouble:
        bytes_.Put(std::bit_cast<std::uint64_t>(value.number));
        return {};
      case ValueType::kString:
      case ValueType::kCode:
      case ValueType::kSymbol:
        String(value.bytes);
        return {};
      case ValueType::kObjectId:
        out_.append(value.bytes);
        return {};
      case ValueType::kRegex:
        out_.append(value.bytes);
        out_.push_back('\0');
        return {};
      case ValueType::kDecimal:
        return Decimal(value);
      case ValueType::kBinary:
        Binary(value);
        return {};
      case ValueType::kDbPointer:
        String(value.bytes.substr(0, value.bytes.size() - kObjectIdSize - 1));
        out_.append(value.bytes.substr(value.bytes.size() - kObjectIdSize));
        return {};
      case ValueType::kDocument:
      case ValueType::kArray:
        return Container(index);
      case ValueType::kCodeWithScope:
        return CodeWithScope(index);
    }
    return {};
  }

  Status Decimal(const RawValue& value) {
    SW_TRY(Decimal128 bytes, ParseDecimal128(value.bytes));
    out_.append(bytes.data(), bytes.size());
    return {};
  }

  void Binary(const RawValue& value) {
    const auto size = static_cast<std::uint32_t>(value.bytes.size());
    const auto subtype = static_cast<std::uint8_t>(value.integer);
    const bool with_length = subtype == kBinaryWithLength;
    bytes_.Put(with_length ? size + 4 : size);
    bytes_.Put(subtype);
    if (with_length) bytes_.Put(size);
    out_.append(value.bytes);
  }

  Status CodeWithScope(std::uint32_t index) {
    const std::size_t start = out_.size();
    bytes_.Put(std::int32_t{0});
    String(document_.at(index).bytes);
    SW_TRY_STATUS(Container(index + 1));
    return PatchLength(start);
  }

  const RawDocument& document_;
  std::string& out_;
  base::ByteWriter bytes_;
};

}  // namespace

Status WriteBson(const RawDocument& document, std::uint32_t index, std::string& out) {
  SW_ASSERT(index < document.size() && document.at(index).type == ValueType::kDocument,
            "BSON begins with a document");
  const std::size_t before = out.size();
  Status written = Writer(document, out).Container(index);
  if (!written.ok()) out.resize(before);
  return written;
}

}  // namespace stockwatch::bson
