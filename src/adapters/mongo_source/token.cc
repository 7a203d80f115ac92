#include "adapters/mongo_source/token.h"

#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

std::optional<std::uint64_t> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<std::uint64_t>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a' + 10);
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> TimeOfToken(std::string_view token) {
  constexpr std::size_t kTimeEnd = 18;  // hex digits
  const auto data = bson::Find(token, "_data");
  const auto hex = data ? data->Text() : std::nullopt;
  if (!hex || hex->size() < kTimeEnd || hex->substr(0, 2) != "82") return std::nullopt;
  std::uint64_t time = 0;
  for (const char c : hex->substr(2, kTimeEnd - 2)) {
    const auto digit = HexDigit(c);
    if (!digit) return std::nullopt;
    time = time << 4 | *digit;
  }
  return time;
}

bool IsOfEvent(std::string_view token) {
  constexpr std::size_t kTimeEnd = 18;  // hex digits
  constexpr std::size_t kVersionEnd = 22;
  const std::string data = DataOf(token);
  return TimeOfToken(token) && data.size() > kVersionEnd && data.substr(kTimeEnd, 2) == "2B" &&
         data.substr(kVersionEnd).starts_with("2C0100");
}

std::string DataOf(std::string_view token) {
  const auto data = bson::Find(token, "_data");
  return std::string(data ? data->Text().value_or(std::string_view()) : std::string_view());
}

Start StartBehind(const std::string& data) {
  return BehindEvent(bson::DocumentWriter().Text("_data", data).Finish(), 0);
}

Start BehindEvent(std::string_view token, std::uint64_t cluster_time) {
  return {StartKind::kResumeAfter, std::string(token), TimeOfToken(token).value_or(cluster_time)};
}

Start BehindInvalidate(std::string_view token, std::uint64_t cluster_time) {
  return {StartKind::kStartAfter, std::string(token), TimeOfToken(token).value_or(cluster_time)};
}

std::optional<Start> BehindNothing(const Start& before, std::string_view batch_token,
                                   std::uint64_t operation_time) {
  if (!batch_token.empty()) {
    if (batch_token == before.token) return std::nullopt;
    // A token that hides its time is not behind what is known.
    return Start{StartKind::kResumeAfter, std::string(batch_token),
                 TimeOfToken(batch_token).value_or(before.time)};
  }
  // A server that gives no such token: from the moment of its first answer.
  if (before.kind != StartKind::kNow || operation_time == 0) return std::nullopt;
  return Start{StartKind::kStartAtOperationTime, {}, operation_time};
}

}  // namespace stockwatch::mongo_source
