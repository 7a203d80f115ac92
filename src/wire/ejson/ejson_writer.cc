#include "wire/ejson/ejson_writer.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

#include "base/digest.h"
#include "wire/ejson/ejson_text.h"

namespace stockwatch::ejson {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr std::size_t kObjectIdSize = 12;

void AppendInteger(std::string& out, std::int64_t value) {
  std::array<char, 24> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

class Writer {
 public:
  Writer(const RawDocument& document, std::string& out) : document_(document), out_(out) {}

  void Value(std::uint32_t index) {
    const RawValue& value = document_.at(index);
    switch (value.type) {
      case ValueType::kNull:
        out_.append("null");
        return;
      case ValueType::kBool:
        out_.append(value.integer != 0 ? "true" : "false");
        return;
      case ValueType::kString:
        AppendQuoted(out_, value.bytes);
        return;
      case ValueType::kDocument:
        Document(index);
        return;
      case ValueType::kArray:
        Array(index);
        return;
      default:
        Wrapper(index);
    }
  }

 private:
  void Document(std::uint32_t index) {
    out_.push_back('{');
    const std::uint32_t end = document_.at(index).end;
    for (std::uint32_t i = index + 1; i < end; i = document_.at(i).end) {
      if (i != index + 1) out_.push_back(',');
      AppendQuoted(out_, document_.at(i).name);
      out_.push_back(':');
      Value(i);
    }
    out_.push_back('}');
  }

  void Array(std::uint32_t index) {
    out_.push_back('[');
    const std::uint32_t end = document_.at(index).end;
    for (std::uint32_t i = index + 1; i < end; i = document_.at(i).end) {
      if (i != index + 1) out_.push_back(',');
      Value(i);
    }
    out_.push_back(']');
  }

  void Wrapper(std::uint32_t index) {
    const RawValue& value = document_.at(index);
    switch (value.type) {
      case ValueType::kUndefined:
        out_.append(R"({"$undefined":true})");
        return;
      case ValueType::kMinKey:
        out_.append(R"({"$minKey":1})");
        return;
      case ValueType::kMaxKey:
        out_.append(R"({"$maxKey":1})");
        return;
      case ValueType::kInt32:
        Number("$numberInt", value.integer);
        return;
      case ValueType::kInt64:
        Number("$numberLong", value.integer);
        return;
      case ValueType::kDouble:
        out_.append(R"({"$numberDouble":")");
        AppendDouble(out_, value.number);
        out_.append("\"}");
        return;
      case ValueType::kDecimal:
        Text("$numberDecimal", value.bytes);
        return;
      case ValueType::kDate:
        out_.append(R"({"$date":)");
        Number("$numberLong", value.integer);
        out_.push_back('}');
        return;
      case ValueType::kTimestamp:
        Timestamp(value.integer);
        return;
      case ValueType::kObjectId:
        ObjectId(value.bytes);
        return;
      case ValueType::kCode:
        Text("$code", value.bytes);
        return;
      case ValueType::kSymbol:
        Text("$symbol", value.bytes);
        return;
      case ValueType::kCodeWithScope:
        out_.append(R"({"$code":)");
        AppendQuoted(out_, value.bytes);
        out_.append(R"(,"$scope":)");
        Document(index + 1);
        out_.push_back('}');
        return;
      default:
        Compound(value);
    }
  }

  // Types of two parts.
  void Compound(const RawValue& value) {
    if (value.type == ValueType::kBinary) {
      const char subtype = static_cast<char>(value.integer);
      out_.append(R"({"$binary":{"base64":")");
      AppendBase64(out_, value.bytes);
      out_.append(R"(","subType":")").append(base::Hex(std::string_view(&subtype, 1)));
      out_.append("\"}}");
    } else if (value.type == ValueType::kRegex) {
      const std::size_t split = value.bytes.find('\0');
      out_.append(R"({"$regularExpression":{"pattern":)");
      AppendQuoted(out_, value.bytes.substr(0, split));
      out_.append(R"(,"options":)");
      AppendQuoted(out_, value.bytes.substr(split + 1));
      out_.append("}}");
    } else {  // kDbPointer
      out_.append(R"({"$dbPointer":{"$ref":)");
      AppendQuoted(out_, value.bytes.substr(0, value.bytes.size() - kObjectIdSize - 1));
      out_.append(R"(,"$id":)");
      ObjectId(value.bytes.substr(value.bytes.size() - kObjectIdSize));
      out_.append("}}");
    }
  }

  void Text(std::string_view wrapper, std::string_view text) {
    out_.append("{\"").append(wrapper).append("\":");
    AppendQuoted(out_, text);
    out_.push_back('}');
  }

  void Number(std::string_view wrapper, std::int64_t value) {
    out_.append("{\"").append(wrapper).append("\":\"");
    AppendInteger(out_, value);
    out_.append("\"}");
  }

  void Timestamp(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    out_.append(R"({"$timestamp":{"t":)");
    AppendInteger(out_, static_cast<std::int64_t>(bits >> 32));
    out_.append(R"(,"i":)");
    AppendInteger(out_, static_cast<std::int64_t>(bits & 0xFFFFFFFF));
    out_.append("}}");
  }

  void ObjectId(std::string_view bytes) {
    out_.append(R"({"$oid":")").append(base::Hex(bytes)).append("\"}");
  }

  const RawDocument& document_;
  std::string& out_;
};

}  // namespace

void WriteEjson(const RawDocument& document, std::uint32_t index, std::string& out) {
  Writer(document, out).Value(index);
}

}  // namespace stockwatch::ejson
