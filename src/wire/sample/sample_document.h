#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "domain/event/raw_document.h"

namespace stockwatch::sample {

// Documents for tests of the formats.

// "0A 0b0C" -> three bytes; anything but hex digits is skipped.
std::string BytesOfHex(std::string_view hex);

// Where two documents differ first, for a message; empty if they are the same. Every NaN is the
// same.
std::string Difference(const event::RawDocument& a, const event::RawDocument& b);

// A document of all types, made from `choices` in a fixed way: other choices, other documents,
// fewer choices, smaller ones. Names in a document differ and don't begin with $. Texts are kept in
// `out`.
void MakeDocument(std::span<const std::uint8_t> choices, event::RawDocument& out);

}  // namespace stockwatch::sample
