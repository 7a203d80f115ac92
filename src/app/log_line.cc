#include "app/log_line.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <variant>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace stockwatch::app {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kCut = "\xE2\x80\xA6";          // an ellipsis

// The bytes of the character at the front, 1 where there is no well-formed one that may be shown.
std::size_t CharacterBytes(std::string_view text) {
  for (std::size_t bytes = 1; bytes <= 4 && bytes <= text.size(); ++bytes) {
    if (base::IsUtf8WithoutControls(text.substr(0, bytes))) return bytes;
  }
  return 1;
}

// Text that is UTF-8 with no controls but those that JSON escapes, and no longer than the limit.
std::string Clean(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max && base::IsUtf8WithoutControls(text)) return std::string(text);
  std::string clean;
  while (!text.empty()) {
    const std::size_t bytes = CharacterBytes(text);
    const bool kept = bytes > 1 || (static_cast<unsigned char>(text.front()) < 0x7F);
    const std::string_view shown = kept ? text.substr(0, bytes) : kReplacement;
    if (clean.size() + shown.size() > bytes_max) return clean.append(kCut);
    clean.append(shown);
    text.remove_prefix(bytes);
  }
  return clean;
}

std::string NumberText(double number) {
  if (std::isnan(number)) return "\"NaN\"";
  if (std::isinf(number)) return number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

// A value as JSON.
std::string ValueText(const LogField::Value& value, std::size_t text_bytes_max) {
  struct Visitor {
    std::size_t text_bytes_max;
    std::string operator()(std::string_view text) const {
      std::string out;
      base::AppendJsonString(out, Clean(text, text_bytes_max));
      return out;
    }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return NumberText(number); }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  };
  return std::visit(Visitor{text_bytes_max}, value);
}

// "a" without its quotes, where no reader could take it for something else.
std::string_view Unquoted(std::string_view json) {
  const bool plain =
      json.size() > 2 && json.front() == '"' && json.find_first_of(" =\\\"", 1) == json.size() - 1;
  return plain ? json.substr(1, json.size() - 2) : json;
}

}  // namespace

std::string_view LogLevelName(LogLevel level) {
  constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

void AppendJsonLine(std::string& out, const LogEvent& event, std::size_t text_bytes_max) {
  base::JsonWriter json(out);
  json.BeginObject().Key("ts").Time(event.time);
  json.Key("level").String(LogLevelName(event.level));
  json.Key("event").String(Clean(event.name, text_bytes_max));
  json.Key("message").String(Clean(event.message, text_bytes_max));
  for (const LogField& field : event.fields) {
    json.Key(field.name()).Raw(ValueText(field.value(), text_bytes_max));
  }
  json.EndObject();
  out.push_back('\n');
}

void AppendTextLine(std::string& out, const LogEvent& event, std::size_t text_bytes_max) {
  std::string time;
  base::AppendInstant(time, event.time);
  std::string message;
  base::AppendJsonString(message, Clean(event.message, text_bytes_max));
  out.append(time, time.find('T') + 1, 8).append(" ").append(LogLevelName(event.level));
  out.append(" ").append(message, 1, message.size() - 2);
  for (const LogField& field : event.fields) {
    const std::string value = ValueText(field.value(), text_bytes_max);
    out.append(" ").append(field.name()).append("=").append(Unquoted(value));
  }
  out.push_back('\n');
}

}  // namespace stockwatch::app
