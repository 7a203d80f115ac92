#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "domain/event/raw_document.h"

namespace stockwatch::ejson {

struct Limits {
  std::size_t bytes_max =
      64 * 1024 * 1024;           // of one line: the largest document in the canonical form fits
  std::uint32_t depth_max = 100;  // containers in containers, the root being the first; at most 500
  std::uint32_t values_max = 1'000'000;  // nodes of the tape: 48 bytes of memory each
};

// Reads MongoDB Extended JSON v2, canonical and relaxed, one document a call. Keeps its buffers
// between calls, so it belongs to one thread; what it read does not depend on it afterwards.
//
// An integer literal is the smallest of int32, int64 and double that holds it; a real literal is a
// double. An object with the key of a type wrapper is that wrapper and nothing else, in any order
// of its keys, except at the root, which is always a document; other keys that begin with $ are
// ordinary.
class EjsonReader {
 public:
  EjsonReader();
  ~EjsonReader();
  EjsonReader(const EjsonReader&) = delete;
  EjsonReader& operator=(const EjsonReader&) = delete;

  // Views of `out` point into `line` or into text kept in `out`. Errors, with the offset of the
  // byte where it is known: kInvalidArgument for what is no Extended JSON (a repeated name in an
  // object too), kResourceExhausted for a limit; `out` is empty then.
  base::Status Read(std::string_view line, const Limits& limits, event::RawDocument& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::ejson
