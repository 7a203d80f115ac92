#include "json_document.h"

#include <cstdio>

#include "wire/ejson/ejson_reader.h"

namespace stockwatch::cmd {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

// Shares and pieces have three decimals at most.
std::string NumberText(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", number);
  std::string shown = text;
  shown.erase(shown.find_last_not_of('0') + 1);
  if (shown.back() == '.') shown.pop_back();
  return shown;
}

std::string ScalarText(const RawValue& value) {
  switch (value.type) {
    case ValueType::kString:
      return std::string(value.bytes);
    case ValueType::kInt32:
    case ValueType::kInt64:
      return std::to_string(value.integer);
    case ValueType::kDouble:
      return NumberText(value.number);
    case ValueType::kBool:
      return value.integer != 0 ? "true" : "false";
    default:
      return {};
  }
}

}  // namespace

base::Result<JsonDocument> JsonDocument::Read(std::string text) {
  JsonDocument document;
  document.text_ = std::make_unique<const std::string>(std::move(text));
  ejson::EjsonReader reader;
  SW_TRY_STATUS(reader.Read(*document.text_, {}, document.tape_));
  return document;
}

JsonDocument::Part JsonDocument::Part::operator[](std::string_view path) const {
  if (index_ == RawDocument::kNone) return *this;
  return {*tape_, tape_->FindPath(index_, path)};
}

bool JsonDocument::Part::there() const {
  return index_ != RawDocument::kNone && tape_->at(index_).type != ValueType::kNull;
}

std::string JsonDocument::Part::text() const {
  if (!there()) return {};
  const RawValue& value = tape_->at(index_);
  if (value.type != ValueType::kDocument && value.type != ValueType::kArray) {
    return ScalarText(value);
  }
  std::string all;
  ForEach([&](const Part& child) {
    if (!all.empty()) all += "/";
    all += child.text();
  });
  return all;
}

std::string_view JsonDocument::Part::name() const {
  return index_ == RawDocument::kNone ? std::string_view() : tape_->at(index_).name;
}

void JsonDocument::Part::ForEach(const std::function<void(const Part& child)>& each) const {
  if (!there()) return;
  for (std::uint32_t i = index_ + 1; i < tape_->at(index_).end; i = tape_->at(i).end) {
    each({*tape_, i});
  }
}

}  // namespace stockwatch::cmd
