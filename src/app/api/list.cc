#include "app/api/list.h"

#include <charconv>

#include "app/look/why.h"
#include "base/digest.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kPageUsual = 100;
constexpr std::size_t kCheckDigits = 8;

// Tells a cursor that was cut, made up or taken from another list from a good one.
std::string CheckOf(std::string_view list, std::string_view digits) {
  return base::Hex(base::Sha256Of(std::string(list) + "\n" + std::string(digits)))
      .substr(0, kCheckDigits);
}

std::optional<std::string> Unhex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const char* from = digits.data() + i;
    const auto read = std::from_chars(from, from + 2, value, 16);
    if (read.ec != std::errc() || read.ptr != from + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

}  // namespace

std::string MakeCursor(std::string_view list, std::string_view place) {
  const std::string digits = base::Hex(place);
  return CheckOf(list, digits) + digits;
}

base::Result<std::string> ReadCursor(std::string_view list, std::string_view cursor) {
  const Error refused{Code::kInvalidArgument, "cursor: is none that this list gave: \"" +
                                                  std::string(cursor.substr(0, 64)) + "\""};
  if (cursor.size() < kCheckDigits) return refused;
  const std::string_view digits = cursor.substr(kCheckDigits);
  if (CheckOf(list, digits) != cursor.substr(0, kCheckDigits)) return refused;
  auto place = Unhex(digits);
  if (!place) return refused;
  return *std::move(place);
}

base::Result<Page> PageOf(const Engine& engine, const Call& call, std::string_view list) {
  Page page;
  const std::size_t most = engine.options.page_max;
  page.limit = std::min(most, kPageUsual);
  if (const std::string* limit = call.Parameter("limit")) {
    const char* end = limit->data() + limit->size();
    const auto read = std::from_chars(limit->data(), end, page.limit);
    if (read.ec != std::errc() || read.ptr != end || page.limit < 1 || page.limit > most) {
      return Error{Code::kInvalidArgument, "limit: is no number from 1 to " + std::to_string(most) +
                                               ": \"" + *limit + "\""};
    }
  }
  if (const std::string* cursor = call.Parameter("cursor")) {
    SW_TRY(page.place, ReadCursor(list, *cursor));
  }
  return page;
}

base::Result<std::uint64_t> NumberOfPlace(const std::string& place) {
  std::uint64_t number = 0;
  const char* end = place.data() + place.size();
  const auto read = std::from_chars(place.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end) return number;
  return Error{Code::kInvalidArgument, "cursor: is none that this list gave"};
}

base::JsonWriter& BeginAnswer(base::JsonWriter& json, const Engine& engine) {
  return look::BeginAnswer(json, engine.state(), engine.store);
}

ListAnswer::ListAnswer(const Engine& engine) : json_(response_.body) {
  BeginAnswer(json_, engine).Key("items").BeginArray();
}

void ListAnswer::AddLine(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  json_.Raw(line);
}

http_server::Response ListAnswer::Finish(const std::optional<std::string>& next) {
  json_.EndArray().Key("next");
  next ? json_.String(*next) : json_.Null();
  json_.EndObject();
  response_.body += '\n';
  return std::move(response_);
}

http_server::Response JsonAnswer(std::string body) {
  http_server::Response response;
  response.body = std::move(body);
  return response;
}

}  // namespace stockwatch::api
