#include "shop/change_text.h"

#include <array>
#include <utility>

#include "base/assertion.h"
#include "base/decimal.h"
#include "base/random.h"

namespace stockwatch::shop {
namespace {

constexpr std::array<std::string_view, 3> kCollectionNames{"inventory", "transactions",
                                                           "thresholds"};

std::string_view NameOf(Collection collection) {
  return kCollectionNames[static_cast<std::size_t>(collection)];
}

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// The lowest `digits` digits of the number.
void AppendHex(std::string& out, std::uint64_t number, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out.push_back(kHexDigits[(number >> shift) & 0xF]);
  }
}

}  // namespace

void DocumentText::Name(std::string_view name) {
  if (!fields_.empty()) fields_.push_back(',');
  fields_.append("\"").append(name).append("\":");
}

DocumentText& DocumentText::Text(std::string_view name, std::string_view value) {
  Name(name);
  fields_.append("\"").append(value).append("\"");
  return *this;
}

DocumentText& DocumentText::Number(std::string_view name, std::int64_t value) {
  return Decimal(name, value, 0);
}

DocumentText& DocumentText::Decimal(std::string_view name, std::int64_t scaled, int decimals) {
  Name(name);
  base::AppendDecimal(fields_, scaled, decimals);
  return *this;
}

DocumentText& DocumentText::Date(std::string_view name, base::Instant value) {
  Name(name);
  fields_.append("{\"$date\":\"");
  base::AppendInstant(fields_, value);
  fields_.append("\"}");
  return *this;
}

DocumentText& DocumentText::Flag(std::string_view name, bool value) {
  return Json(name, value ? "true" : "false");
}

DocumentText& DocumentText::Document(std::string_view name, const DocumentText& value) {
  return Json(name, value.json());
}

DocumentText& DocumentText::Json(std::string_view name, std::string_view json) {
  Name(name);
  fields_.append(json);
  return *this;
}

DocumentId DocumentId::OfText(std::string_view text) {
  DocumentId id;
  id.json.append("\"").append(text).append("\"");
  id.key = "3C5F6964003C";  // string, "_id", string
  for (const char c : text) AppendHex(id.key, static_cast<unsigned char>(c), 2);
  id.key.append("00");
  return id;
}

DocumentId DocumentId::OfObject(std::uint32_t seconds, std::uint64_t process,
                                std::uint32_t counter) {
  std::string hex;
  AppendHex(hex, seconds, 8);
  AppendHex(hex, process, 10);
  AppendHex(hex, counter, 6);
  DocumentId id;
  id.key = "645F69640064" + hex;  // object id, "_id", object id
  for (char& c : hex) {
    if (c >= 'A') c = static_cast<char>(c - 'A' + 'a');
  }
  id.json = "{\"$oid\":\"" + hex + "\"}";
  return id;
}

// The layout of MongoDB's own tokens: cluster time, version, type of token, the collection's UUID,
// the document's key.
std::string ChangeWriter::Token(const Target& target) const {
  std::string token = "82";
  AppendHex(token, seconds_, 8);
  AppendHex(token, increment_, 8);
  token.append("2B042C0100296E5A1004");
  const auto collection = static_cast<std::uint64_t>(target.collection);
  AppendHex(token, base::SplitMix64(seed_ * 8 + collection), 16);
  AppendHex(token, base::SplitMix64(~seed_ * 8 + collection), 16);
  token.append("46").append(target.id.key).append("0004");
  return token;
}

DocumentText ChangeWriter::Head(std::string_view operation, const Target& target,
                                base::Instant at) {
  const auto seconds = static_cast<std::uint32_t>(at.micros() / 1'000'000);
  SW_ASSERT(seconds >= seconds_, "changes are written in the order of time");
  increment_ = seconds == seconds_ ? increment_ + 1 : 1;
  seconds_ = seconds;
  DocumentText timestamp;
  timestamp.Document("$timestamp", DocumentText().Number("t", seconds_).Number("i", increment_));
  DocumentText change;
  change.Document("_id", DocumentText().Text("_data", Token(target)))
      .Text("operationType", operation)
      .Document("clusterTime", timestamp)
      .Date("wallTime", at)
      .Document("ns", DocumentText().Text("db", "shop").Text("coll", NameOf(target.collection)))
      .Document("documentKey", DocumentText().Json("_id", target.id.json));
  return change;
}

void ChangeWriter::Insert(const Target& target, const DocumentText& document, base::Instant at) {
  lines_.push_back(Head("insert", target, at).Document("fullDocument", document).json());
}

void ChangeWriter::Replace(const Target& target, const DocumentText& document, base::Instant at) {
  lines_.push_back(Head("replace", target, at).Document("fullDocument", document).json());
}

void ChangeWriter::Update(const Target& target, const DocumentText& changed,
                          const DocumentText& document, base::Instant at) {
  DocumentText description;
  description.Document("updatedFields", changed)
      .Json("removedFields", "[]")
      .Json("truncatedArrays", "[]");
  lines_.push_back(Head("update", target, at)
                       .Document("updateDescription", description)
                       .Document("fullDocument", document)
                       .json());
}

void ChangeWriter::Delete(const Target& target, base::Instant at) {
  lines_.push_back(Head("delete", target, at).json());
}

std::string ChangeWriter::Take() {
  SW_ASSERT(!lines_.empty(), "the caller asked whether there is a line");
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

}  // namespace stockwatch::shop
