#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/instant.h"

namespace stockwatch::base {

// A JSON string with its quotes; escapes only what JSON demands (docs/formats.md).
void AppendJsonString(std::string& out, std::string_view text);

// Writes one JSON value into a text, without blanks, in the order of the calls. The caller keeps
// objects and arrays balanced.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& Key(std::string_view name) {
    Comma();
    AppendJsonString(out_, name);
    out_.push_back(':');
    after_key_ = true;
    return *this;
  }
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }

  JsonWriter& String(std::string_view text) {
    Comma();
    AppendJsonString(out_, text);
    return *this;
  }
  JsonWriter& Integer(std::int64_t value) { return Raw(std::to_string(value)); }
  JsonWriter& Unsigned(std::uint64_t value) { return Raw(std::to_string(value)); }
  JsonWriter& Bool(bool value) { return Raw(value ? "true" : "false"); }
  JsonWriter& Null() { return Raw("null"); }
  JsonWriter& Decimal(Int128 scaled, int decimals) {
    Comma();
    AppendDecimal(out_, scaled, decimals);
    return *this;
  }
  JsonWriter& Time(Instant instant) {
    Comma();
    out_.push_back('"');
    AppendInstant(out_, instant);
    out_.push_back('"');
    return *this;
  }
  // A number or word that is JSON already.
  JsonWriter& Raw(std::string_view json) {
    Comma();
    out_.append(json);
    return *this;
  }

 private:
  void Comma() {
    if (!after_key_ && !out_.empty() && out_.back() != '{' && out_.back() != '[' &&
        out_.back() != '\n') {
      out_.push_back(',');
    }
    after_key_ = false;
  }
  JsonWriter& Open(char bracket) {
    Comma();
    out_.push_back(bracket);
    return *this;
  }
  JsonWriter& Close(char bracket) {
    out_.push_back(bracket);
    return *this;
  }

  std::string& out_;
  bool after_key_ = false;
};

}  // namespace stockwatch::base
