#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "domain/event/raw_document.h"

namespace stockwatch::bson {

struct Limits {
  std::size_t bytes_max =
      16 * 1024 * 1024 + 16 * 1024;      // MongoDB's largest document, and what a change adds
  std::uint32_t depth_max = 100;         // containers in containers, the root being the first
  std::uint32_t values_max = 1'000'000;  // nodes of the tape: 48 bytes of memory each
};

// Reads one BSON document (https://bsonspec.org, every type, the deprecated ones too) in one pass
// over untrusted bytes. Views of `out` point into `bytes`; only the text of a Decimal128 is kept in
// `out`. Keys of array elements are checked and dropped. Errors, with the offset of the byte:
// kInvalidArgument for what is no BSON, kResourceExhausted for a limit; `out` is empty then.
base::Status ReadBson(std::string_view bytes, const Limits& limits, event::RawDocument& out);

}  // namespace stockwatch::bson
