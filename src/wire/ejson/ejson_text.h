#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::ejson {

// The small texts inside Extended JSON. A reader gives nullopt for what is not of its form.

std::optional<std::string> BytesFromHex(std::string_view text);
// The standard alphabet, padded; the bits behind the last byte are zero.
std::optional<std::string> BytesFromBase64(std::string_view text);
// "c8edabc3-f738-4ca3-b68d-ab92a91478a3"
std::optional<std::string> BytesFromUuid(std::string_view text);
// "-?[0-9]+" that fits.
std::optional<std::int64_t> IntegerFromText(std::string_view text);
// A decimal number, correctly rounded, or one of NaN, Infinity, -Infinity. None beyond the range of
// a double.
std::optional<double> DoubleFromText(std::string_view text);

void AppendBase64(std::string& out, std::string_view bytes);
// The shortest text that reads back as `value`, with a point or an exponent.
void AppendDouble(std::string& out, double value);
// A JSON string with its quotes. REQUIRES: UTF-8
void AppendQuoted(std::string& out, std::string_view text);

}  // namespace stockwatch::ejson
