#include "app/api/body.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "wire/ejson/ejson_reader.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using event::RawValue;
using event::ValueType;

constexpr std::size_t kBodyBytesMax = 64 * 1024;

Error Refused(std::string_view name, std::string_view why) {
  return {Code::kInvalidArgument, "field \"" + std::string(name) + "\" " + std::string(why)};
}

}  // namespace

base::Result<Body> Body::Read(const Call& call, std::initializer_list<std::string_view> known) {
  ejson::Limits limits;
  limits.bytes_max = kBodyBytesMax;
  limits.depth_max = 8;
  limits.values_max = 1000;
  auto document = std::make_shared<event::RawDocument>();
  ejson::EjsonReader reader;
  const std::string_view sent = call.request.body;
  const std::string_view text = sent.empty() ? std::string_view("{}") : sent;
  if (const auto read = reader.Read(text, limits, *document); !read.ok()) {
    return Error{Code::kInvalidArgument, "body: " + read.error().message};
  }
  // Views of what was read may point into the request, which outlives its handler.
  Body body(std::move(document), 0);
  SW_TRY_STATUS(body.Check(known));
  return body;
}

base::Status Body::Check(std::initializer_list<std::string_view> known) const {
  for (std::uint32_t i = root_ + 1; i < document_->at(root_).end; i = document_->at(i).end) {
    const std::string_view name = document_->at(i).name;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string why = "is unknown; known are";
    for (const std::string_view other : known) why.append(" ").append(other);
    return Refused(name, why);
  }
  return {};
}

const RawValue* Body::Find(std::string_view name) const {
  const std::uint32_t found = document_->Find(root_, name);
  if (found == event::RawDocument::kNone) return nullptr;
  const RawValue& value = document_->at(found);
  return value.type == ValueType::kNull ? nullptr : &value;
}

base::Result<std::string> Body::Text(std::string_view name) const {
  const RawValue* value = Find(name);
  if (value == nullptr) return std::string();
  if (value->type != ValueType::kString) return Refused(name, "is no text");
  return std::string(value->bytes);
}

base::Result<std::optional<base::Instant>> Body::Time(std::string_view name) const {
  SW_TRY(const std::string text, Text(name));
  if (text.empty()) return std::optional<base::Instant>();
  const auto parsed = base::ParseInstant(text);
  if (!parsed.ok()) return Refused(name, "is no time: " + parsed.error().message);
  return std::optional(parsed.value());
}

base::Result<std::optional<std::uint32_t>> Body::Number(std::string_view name) const {
  const RawValue* value = Find(name);
  if (value == nullptr) return std::optional<std::uint32_t>();
  const bool whole = value->type == ValueType::kInt32 || value->type == ValueType::kInt64;
  if (!whole || value->integer < 0 || value->integer > std::numeric_limits<std::uint32_t>::max()) {
    return Refused(name, "is no whole number from 0");
  }
  return std::optional(static_cast<std::uint32_t>(value->integer));
}

base::Result<std::vector<std::string>> Body::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  const std::uint32_t found = document_->Find(root_, name);
  if (found == event::RawDocument::kNone) return texts;
  const RawValue& list = document_->at(found);
  if (list.type != ValueType::kArray) return Refused(name, "is no list");
  for (std::uint32_t i = found + 1; i < list.end; i = document_->at(i).end) {
    if (document_->at(i).type != ValueType::kString) return Refused(name, "is no list of texts");
    texts.emplace_back(document_->at(i).bytes);
  }
  return texts;
}

base::Result<std::optional<std::uint32_t>> Body::Node(std::string_view name) const {
  const std::uint32_t found = document_->Find(root_, name);
  if (found == event::RawDocument::kNone) return std::optional<std::uint32_t>();
  if (document_->at(found).type != ValueType::kDocument) return Refused(name, "is no object");
  return std::optional(found);
}

base::Result<Body> Body::Object(std::string_view name,
                                std::initializer_list<std::string_view> known) const {
  const std::uint32_t found = document_->Find(root_, name);
  if (found == event::RawDocument::kNone) {
    auto empty = std::make_shared<event::RawDocument>();
    RawValue root;
    root.type = ValueType::kDocument;
    empty->Close(empty->Open(root));
    return Body(std::move(empty), 0);
  }
  if (document_->at(found).type != ValueType::kDocument) return Refused(name, "is no object");
  Body object(document_, found);
  SW_TRY_STATUS(object.Check(known));
  return object;
}

}  // namespace stockwatch::api
