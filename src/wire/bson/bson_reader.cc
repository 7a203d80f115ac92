#include "wire/bson/bson_reader.h"

#include <bit>
#include <cstring>
#include <string>

#include "base/utf8.h"
#include "wire/bson/bson_type.h"
#include "wire/bson/decimal128.h"
#include "wire/bson/read_failure.h"

namespace stockwatch::bson {
namespace {

using base::Error;
using base::Status;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr std::uint64_t kLowBits = 0x0101010101010101u;
constexpr std::uint64_t kHighBits = 0x8080808080808080u;
// Two lengths, the terminator of an empty code, an empty document.
constexpr std::int32_t kCodeWithScopeSizeMin = 14;

template <typename T>
T Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

bool IsAscii(std::string_view text) {
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t bits = 0;
  if (size >= 8) {
    std::size_t i = 0;
    for (; i + 8 < size; i += 8) bits |= Load<std::uint64_t>(at + i);
    bits |= Load<std::uint64_t>(at + size - 8);
  } else if (size >= 4) {
    bits = Load<std::uint32_t>(at) | std::uint64_t{Load<std::uint32_t>(at + size - 4)};
  } else {
    for (char c : text) bits |= static_cast<unsigned char>(c);
  }
  return (bits & kHighBits) == 0;
}

bool IsValidText(std::string_view text) {
  return IsAscii(text) || base::IsUtf8(text);
}

// One pass; `at_` moves forward only. Each read is bounded by `end`, the terminator of the
// innermost container.
class Reader {
 public:
  Reader(std::string_view bytes, const Limits& limits, RawDocument& out)
      : begin_(bytes.data()),
        end_(bytes.data() + bytes.size()),
        at_(bytes.data()),
        limits_(limits),
        values_left_(limits.values_max),
        out_(out) {}

  bool ReadRoot() {
    if (static_cast<std::size_t>(end_ - begin_) > limits_.bytes_max) {
      return FailLimit("more bytes than bytes_max", begin_ + limits_.bytes_max);
    }
    if (!HasRoom()) return false;
    RawValue root;
    root.type = ValueType::kDocument;
    if (!Container(out_.Open(root), end_, 1)) return false;
    return at_ == end_ || Fail("bytes behind the document", at_);
  }

  Error TakeError() const { return failure_.ToError("bson", begin_); }

 private:
  bool Fail(std::string_view what, const char* at) { return failure_.Malformed(what, at); }
  bool FailLimit(std::string_view what, const char* at) { return failure_.BeyondLimit(what, at); }
  [[gnu::cold, gnu::noinline]] std::string_view FailText(std::string_view what, const char* at) {
    Fail(what, at);
    return {};
  }

  bool Has(std::size_t size, const char* end) {
    if (static_cast<std::size_t>(end - at_) >= size) [[likely]]
      return true;
    return Fail("value runs past the end of its document", at_);
  }

  bool HasRoom() {
    if (values_left_ == 0) return FailLimit("more values than values_max", at_);
    --values_left_;
    return true;
  }

  template <typename T>
  T Take() {
    const T value = Load<T>(at_);
    at_ += sizeof(T);
    return value;
  }

  std::string_view TakeView(std::size_t size) {
    const std::string_view view(at_, size);
    at_ += size;
    return view;
  }

  // Texts are returned, not written through a reference, so that they stay in registers; without
  // data they failed.

  // Text up to a NUL before `end`. REQUIRES: *end is NUL
  std::string_view CString(const char* end) {
    const char* const start = at_;
    const char* scan = at_;
    std::uint64_t high = 0;
    for (; end_ - scan >= 8; scan += 8) {
      const auto word = Load<std::uint64_t>(scan);
      const std::uint64_t zeros = (word - kLowBits) & ~word & kHighBits;
      if (zeros != 0) {
        high |= word & ((zeros & (0 - zeros)) - 1);  // the bytes in front of the first NUL
        scan += std::countr_zero(zeros) / 8;
        break;
      }
      high |= word;
    }
    for (; *scan != '\0'; ++scan) high |= static_cast<unsigned char>(*scan);
    if (scan >= end) return FailText("text without its terminator", start);
    const std::string_view text(start, static_cast<std::size_t>(scan - start));
    at_ = scan + 1;
    if ((high & kHighBits) != 0 && !base::IsUtf8(text)) return FailText("text is not UTF-8", start);
    return text;
  }

  std::string_view String(const char* end) {
    const char* const place = at_;
    if (!Has(sizeof(std::int32_t), end)) return {};
    const auto length = Take<std::int32_t>();
    if (length < 1 || length > end - at_) return FailText("string length does not fit", place);
    const std::string_view text(at_, static_cast<std::size_t>(length) - 1);
    at_ += length;
    if (at_[-1] != '\0') return FailText("string without its terminator", at_ - 1);
    if (!IsValidText(text)) return FailText("string is not UTF-8", place);
    return text;
  }

  // A length and elements up to a terminator: the content of the document or array `index`.
  bool Container(std::uint32_t index, const char* limit, std::uint32_t depth) {
    if (depth > limits_.depth_max) return FailLimit("deeper than depth_max", at_);
    const char* const start = at_;
    if (!Has(kDocumentSizeMin, limit)) return false;
    const auto length = Take<std::int32_t>();
    if (length < static_cast<std::int32_t>(kDocumentSizeMin) || length > limit - start) {
      return Fail("document length does not fit", start);
    }
    const char* const end = start + length - 1;
    if (*end != '\0') return Fail("document without its terminator", end);
    const bool named = out_.at(index).type == ValueType::kDocument;
    while (at_ < end) {
      if (!Element(end, depth, named)) return false;
    }
    out_.Close(index);
    at_ = end + 1;
    return true;
  }

  bool Element(const char* end, std::uint32_t depth, bool named) {
    const char* const place = at_;
    const auto type = static_cast<Type>(Take<std::uint8_t>());
    const std::string_view name = CString(end);
    if (name.data() == nullptr || !HasRoom()) return false;
    // The node is filled where it lies: copying one that was just written costs more than reading
    // it.
    out_.Add(RawValue{});
    const std::uint32_t index = out_.size() - 1;
    RawValue& value = out_.at(index);
    if (named) value.name = name;
    switch (type) {
      case Type::kDocument:
        value.type = ValueType::kDocument;
        return Container(index, end, depth + 1);
      case Type::kArray:
        value.type = ValueType::kArray;
        return Container(index, end, depth + 1);
      case Type::kCodeWithScope:
        return CodeWithScope(index, end, depth);
      default:
        return Scalar(type, place, end, value);
    }
  }

  bool Scalar(Type type, const char* place, const char* end, RawValue& value) {
    switch (type) {
      case Type::kString:
        return Text(ValueType::kString, end, value);
      case Type::kInt32:
        value.type = ValueType::kInt32;
        if (!Has(sizeof(std::int32_t), end)) return false;
        value.integer = Take<std::int32_t>();
        return true;
      case Type::kInt64:
        return Integer64(ValueType::kInt64, end, value);
      case Type::kDate:
        return Integer64(ValueType::kDate, end, value);
      case Type::kTimestamp:
        return Integer64(ValueType::kTimestamp, end, value);
      case Type::kDouble:
        value.type = ValueType::kDouble;
        if (!Has(sizeof(double), end)) return false;
        value.number = Take<double>();
        return true;
      case Type::kObjectId:
        value.type = ValueType::kObjectId;
        if (!Has(kObjectIdSize, end)) return false;
        value.bytes = TakeView(kObjectIdSize);
        return true;
      case Type::kBool:
        value.type = ValueType::kBool;
        if (!Has(1, end)) return false;
        value.integer = Take<std::uint8_t>();
        return value.integer <= 1 || Fail("boolean is neither 0 nor 1", at_ - 1);
      case Type::kNull:
        return true;
      case Type::kDecimal:
        return Decimal(end, value);
      default:
        return RareScalar(type, place, end, value);
    }
  }

  bool RareScalar(Type type, const char* place, const char* end, RawValue& value) {
    switch (type) {
      case Type::kBinary:
        return Binary(end, value);
      case Type::kUndefined:
        value.type = ValueType::kUndefined;
        return true;
      case Type::kMinKey:
        value.type = ValueType::kMinKey;
        return true;
      case Type::kMaxKey:
        value.type = ValueType::kMaxKey;
        return true;
      case Type::kCode:
        return Text(ValueType::kCode, end, value);
      case Type::kSymbol:
        return Text(ValueType::kSymbol, end, value);
      case Type::kRegex: {
        value.type = ValueType::kRegex;
        const std::string_view pattern = CString(end);
        if (pattern.data() == nullptr) return false;
        const std::string_view options = CString(end);
        value.bytes = {pattern.data(), pattern.size() + 1 + options.size()};
        return options.data() != nullptr;
      }
      case Type::kDbPointer:
        if (!Text(ValueType::kDbPointer, end, value) || !Has(kObjectIdSize, end)) return false;
        at_ += kObjectIdSize;
        value.bytes = {value.bytes.data(), value.bytes.size() + 1 + kObjectIdSize};
        return true;
      default:
        return Fail("unknown type", place);
    }
  }

  bool Text(ValueType type, const char* end, RawValue& value) {
    value.type = type;
    value.bytes = String(end);
    return value.bytes.data() != nullptr;
  }

  bool Integer64(ValueType type, const char* end, RawValue& value) {
    value.type = type;
    if (!Has(sizeof(std::int64_t), end)) return false;
    value.integer = Take<std::int64_t>();
    return true;
  }

  bool Decimal(const char* end, RawValue& value) {
    value.type = ValueType::kDecimal;
    if (!Has(kDecimal128Size, end)) return false;
    std::string text;
    AppendDecimal128Text(text, TakeView(kDecimal128Size));
    value.bytes = out_.Keep(std::move(text));
    return true;
  }

  bool Binary(const char* end, RawValue& value) {
    value.type = ValueType::kBinary;
    if (!Has(sizeof(std::int32_t) + 1, end)) return false;
    const char* const place = at_;
    const auto length = Take<std::int32_t>();
    const auto subtype = Take<std::uint8_t>();
    if (length < 0 || length > end - at_) return Fail("binary length does not fit", place);
    value.integer = subtype;
    const char* const bytes = at_;
    value.bytes = TakeView(static_cast<std::size_t>(length));
    if (subtype != kBinaryWithLength) return true;
    if (length < 4 || Load<std::int32_t>(bytes) != length - 4) {
      return Fail("inner length of old binary differs", place);
    }
    value.bytes.remove_prefix(sizeof(std::int32_t));
    return true;
  }

  bool CodeWithScope(std::uint32_t index, const char* end, std::uint32_t depth) {
    const char* const start = at_;
    if (!Has(kCodeWithScopeSizeMin, end)) return false;
    const auto length = Take<std::int32_t>();
    if (length < kCodeWithScopeSizeMin || length > end - start) {
      return Fail("code length does not fit", start);
    }
    const char* const limit = start + length;
    if (!Text(ValueType::kCodeWithScope, limit, out_.at(index)) || !HasRoom()) return false;
    RawValue scope;
    scope.type = ValueType::kDocument;
    if (!Container(out_.Open(scope), limit, depth + 1)) return false;
    if (at_ != limit) return Fail("bytes behind the scope", at_);
    out_.Close(index);
    return true;
  }

  const char* const begin_;
  const char* const end_;
  const char* at_;
  const Limits& limits_;
  std::uint32_t values_left_;
  RawDocument& out_;
  ReadFailure failure_;
};

}  // namespace

Status ReadBson(std::string_view bytes, const Limits& limits, RawDocument& out) {
  out.Clear();
  Reader reader(bytes, limits, out);
  if (reader.ReadRoot()) [[likely]]
    return {};
  out.Clear();
  return reader.TakeError();
}

}  // namespace stockwatch::bson
