#include "wire/bson/document_writer.h"

#include <cstring>
#include <utility>

#include "base/assertion.h"

namespace stockwatch::bson {
namespace {

template <typename T>
void Append(std::string& out, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out.append(raw, sizeof(T));
}

}  // namespace

void DocumentWriter::Open(Kind kind) {
  open_.push_back({bytes_.size(), kind});
  bytes_.append(sizeof(std::int32_t), '\0');
}

void DocumentWriter::Close() {
  bytes_.push_back('\0');
  const std::size_t start = open_.back().start;
  const auto size = static_cast<std::int32_t>(bytes_.size() - start);
  std::memcpy(bytes_.data() + start, &size, sizeof size);
  open_.pop_back();
}

void DocumentWriter::Head(Type type, std::string_view name) {
  Container& container = open_.back();
  bytes_.push_back(static_cast<char>(type));
  if (container.kind == Kind::kArray) {
    bytes_.append(std::to_string(container.elements));
  } else {
    bytes_.append(name);
  }
  ++container.elements;
  bytes_.push_back('\0');
}

template <typename T>
DocumentWriter& DocumentWriter::Number(Type type, std::string_view name, T value) {
  Head(type, name);
  Append(bytes_, value);
  return *this;
}

DocumentWriter& DocumentWriter::Text(std::string_view name, std::string_view text) {
  Head(Type::kString, name);
  Append(bytes_, static_cast<std::int32_t>(text.size() + 1));
  bytes_.append(text).push_back('\0');
  return *this;
}

DocumentWriter& DocumentWriter::Int32(std::string_view name, std::int32_t value) {
  return Number(Type::kInt32, name, value);
}

DocumentWriter& DocumentWriter::Int64(std::string_view name, std::int64_t value) {
  return Number(Type::kInt64, name, value);
}

DocumentWriter& DocumentWriter::Double(std::string_view name, double value) {
  return Number(Type::kDouble, name, value);
}

DocumentWriter& DocumentWriter::Bool(std::string_view name, bool value) {
  return Number(Type::kBool, name, static_cast<char>(value ? 1 : 0));
}

DocumentWriter& DocumentWriter::Date(std::string_view name, std::int64_t millis) {
  return Number(Type::kDate, name, millis);
}

DocumentWriter& DocumentWriter::Timestamp(std::string_view name,
                                          std::uint64_t seconds_and_increment) {
  return Number(Type::kTimestamp, name, seconds_and_increment);
}

DocumentWriter& DocumentWriter::Null(std::string_view name) {
  Head(Type::kNull, name);
  return *this;
}

DocumentWriter& DocumentWriter::Document(std::string_view name, std::string_view bytes) {
  return Copy(name, {Type::kDocument, {}, bytes});
}

DocumentWriter& DocumentWriter::Array(std::string_view name, std::string_view bytes) {
  return Copy(name, {Type::kArray, {}, bytes});
}

DocumentWriter& DocumentWriter::Copy(std::string_view name, const Element& element) {
  Head(element.type, name);
  bytes_.append(element.value);
  return *this;
}

DocumentWriter& DocumentWriter::Elements(std::string_view bytes) {
  bytes_.append(bytes);
  return *this;
}

DocumentWriter& DocumentWriter::BeginDocument(std::string_view name) {
  Head(Type::kDocument, name);
  Open(Kind::kDocument);
  return *this;
}

DocumentWriter& DocumentWriter::BeginArray(std::string_view name) {
  Head(Type::kArray, name);
  Open(Kind::kArray);
  return *this;
}

DocumentWriter& DocumentWriter::End() {
  SW_ASSERT(open_.size() > 1, "an end without its begin");
  Close();
  return *this;
}

std::string DocumentWriter::Finish() {
  SW_ASSERT(open_.size() == 1, "a begin without its end");
  Close();
  std::string document = std::exchange(bytes_, {});
  Open(Kind::kDocument);
  return document;
}

}  // namespace stockwatch::bson
