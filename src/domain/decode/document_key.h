#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// Canonical bytes of an `_id`: ids that MongoDB holds for equal give equal bytes (int 1, long 1,
// double 1.0 and decimal 1.00 are one id; so are a string and a symbol), all others different ones.
// The format is part of stored records and never changes.
//
//   scalar      tag, content
//   container   tag, number of nodes below (u32), then for each in document order: length of its
//   name (u32), name, tag,
//               length of its content (u32), content; the content of a container within is its
//               number of nodes
//   numbers     tag 'n', content "nan", "inf", "-inf", or the exact value as digits without zeros
//   at either end, then
//               "e" and the exponent if that is not 0: 1200 is "12e2", -0.5 is "-5e-1", zero is "0"
//
// Numbers in the containers are little-endian.
void AppendDocumentKey(std::string& out, const event::RawDocument& document, std::uint32_t id);

// Longer keys are refused: they stand in records with 16 bits of length.
inline constexpr std::size_t kDocumentKeyBytesMax = 65'535;

// The same, kept by the document.
std::string_view KeepDocumentKey(event::RawDocument& document, std::uint32_t id);

// True if two ids of a document have equal canonical bytes.
bool SameDocumentKey(const event::RawDocument& document, std::uint32_t a, std::uint32_t b);

}  // namespace stockwatch::decode
