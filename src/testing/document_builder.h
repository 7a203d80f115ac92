#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/event/raw_change.h"
#include "domain/event/raw_document.h"

namespace stockwatch::testing {

struct Field;
using Fields = std::vector<Field>;

// A value of a test document, written as plainly as C++ allows:
//   Fields{{"_id", "T-1"}, {"quantity", 2}, {"price", Fields{{"amount", Value::Decimal("1.50")}}}}
class Value {
 public:
  using Type = event::ValueType;

  Value(int v) : type_(Type::kInt32), integer_(v) {}
  Value(std::int64_t v) : type_(Type::kInt64), integer_(v) {}
  Value(double v) : type_(Type::kDouble), number_(v) {}
  Value(bool v) : type_(Type::kBool), integer_(v ? 1 : 0) {}
  Value(const char* v) : type_(Type::kString), bytes_(v) {}
  Value(std::string v) : type_(Type::kString), bytes_(std::move(v)) {}
  Value(Fields fields);

  static Value Null() { return {Type::kNull, 0}; }
  static Value Date(std::int64_t millis) { return {Type::kDate, millis}; }
  static Value Timestamp(std::int64_t v) { return {Type::kTimestamp, v}; }
  static Value Decimal(std::string text) { return {Type::kDecimal, std::move(text)}; }
  static Value ObjectId(std::string bytes) { return {Type::kObjectId, std::move(bytes)}; }
  static Value Array(std::vector<Value> elements);
  // Any other scalar, by what event::ValueType says of it.
  static Value Of(Type type, std::int64_t integer, std::string bytes) {
    Value value(type, integer);
    value.bytes_ = std::move(bytes);
    return value;
  }

  // Appends the value to a document that is being built; the document keeps all text.
  void AppendTo(event::RawDocument& document, std::string_view name) const;

 private:
  Value(Type type, std::int64_t integer) : type_(type), integer_(integer) {}
  Value(Type type, std::string bytes) : type_(type), bytes_(std::move(bytes)) {}

  Type type_;
  std::int64_t integer_ = 0;
  double number_ = 0;
  std::string bytes_;
  std::vector<std::string> names_;  // of the children; none in an array
  std::vector<Value> children_;
};

struct Field {
  std::string name;
  Value value;
};

inline Value::Value(Fields fields) : type_(Type::kDocument) {
  for (Field& field : fields) {
    names_.push_back(std::move(field.name));
    children_.push_back(std::move(field.value));
  }
}

inline Value Value::Array(std::vector<Value> elements) {
  Value array(Type::kArray, 0);
  array.children_ = std::move(elements);
  return array;
}

inline void Value::AppendTo(event::RawDocument& document, std::string_view name) const {
  event::RawValue raw;
  raw.type = type_;
  raw.name = document.Keep(std::string(name));
  raw.bytes = document.Keep(bytes_);
  if (type_ == Type::kDouble) {
    raw.number = number_;
  } else {
    raw.integer = integer_;
  }
  if (type_ != Type::kDocument && type_ != Type::kArray) return document.Add(raw);
  const std::uint32_t index = document.Open(raw);
  for (std::size_t i = 0; i < children_.size(); ++i) {
    children_[i].AppendTo(document, names_.empty() ? std::string_view() : names_[i]);
  }
  document.Close(index);
}

// `fields` with `name` set to `value`, in its place or as the last.
inline Fields With(Fields fields, const std::string& name, Value value) {
  for (Field& field : fields) {
    if (field.name == name) {
      field.value = std::move(value);
      return fields;
    }
  }
  fields.push_back({name, std::move(value)});
  return fields;
}

inline Fields Without(Fields fields, std::string_view name) {
  std::erase_if(fields, [&](const Field& field) { return field.name == name; });
  return fields;
}

inline event::RawDocument MakeDocument(const Fields& fields) {
  event::RawDocument document;
  Value(fields).AppendTo(document, "");
  return document;
}

// The change event {documentKey: {_id}, fullDocument, …} of MongoDB with what a reader says of it:
// database "shop", position (0, 1700000000, 1, 0), no wall time. A delete has no document: `fields`
// are its document key alone.
inline event::RawChange MakeChange(event::Operation operation, std::string_view collection,
                                   const Fields& fields, const Fields& more = {}) {
  Fields event;
  Fields key;
  for (const Field& field : fields) {
    if (field.name == "_id") key.push_back(field);
  }
  if (!key.empty()) event.push_back({"documentKey", key});
  if (operation != event::Operation::kDelete) event.push_back({"fullDocument", fields});
  for (const Field& field : more) event = With(std::move(event), field.name, field.value);
  event::RawChange raw;
  raw.operation = operation;
  raw.position.seconds = 1'700'000'000;
  raw.position.increment = 1;
  raw.event = MakeDocument(event);
  raw.database = "shop";
  raw.collection = raw.event.Keep(std::string(collection));
  raw.document_key = raw.event.FindPath(0, "documentKey._id");
  raw.full_document = raw.event.Find(0, "fullDocument");
  const bool has_document = raw.full_document != event::RawDocument::kNone &&
                            raw.event.at(raw.full_document).type == event::ValueType::kDocument;
  if (!has_document) raw.full_document = event::RawDocument::kNone;
  raw.image = has_document ? event::Image::kExact : event::Image::kNone;
  return raw;
}

inline event::RawChange MakeInsert(std::string_view collection, const Fields& fields) {
  return MakeChange(event::Operation::kInsert, collection, fields);
}

// What a document says, for comparisons in tests: {_id: "T-1", quantity: 2, price: {amount:
// decimal 1.50}}.
inline std::string Describe(const event::RawDocument& document, std::uint32_t index) {
  using Type = event::ValueType;
  const event::RawValue& value = document.at(index);
  switch (value.type) {
    case Type::kNull:
      return "null";
    case Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case Type::kInt32:
      return std::to_string(value.integer);
    case Type::kDouble:
      return "double " + std::to_string(value.number);
    case Type::kString:
      return "\"" + std::string(value.bytes) + "\"";
    case Type::kDocument:
    case Type::kArray:
      break;
    default: {
      const bool has_bytes = !value.bytes.empty();
      return std::string(TypeName(value.type)) + " " +
             (has_bytes ? std::string(value.bytes) : std::to_string(value.integer));
    }
  }
  const bool array = value.type == Type::kArray;
  std::string text(array ? "[" : "{");
  for (std::uint32_t i = index + 1; i < value.end; i = document.at(i).end) {
    if (i > index + 1) text += ", ";
    if (!array) text += std::string(document.at(i).name) + ": ";
    text += Describe(document, i);
  }
  return text + (array ? "]" : "}");
}

}  // namespace stockwatch::testing
