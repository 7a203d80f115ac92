#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "base/position.h"
#include "domain/event/raw_document.h"

namespace stockwatch::event {

enum class Operation : std::uint8_t {
  kInsert,
  kUpdate,
  kReplace,
  kDelete,
  kDrop,
  kRename,
  kDropDatabase,
  kInvalidate,
};

// How the full document of a change relates to its position.
enum class Image : std::uint8_t {
  kNone,    // the operation carries none, or the looked-up document is gone
  kExact,   // insert, replace, stored post-image, or a read at a cluster time: the document as of
            // the position
  kLookup,  // read by the server some time after the position
};

// One change as it left the source, undecoded: what every adapter hands in. The views live as long
// as the bytes from which `event` was parsed.
struct RawChange {
  Operation operation = Operation::kInsert;
  Image image = Image::kNone;
  base::Position position;  // the reader fills generation and ordinal
  std::string_view token;   // resume token, `_id._data`
  std::optional<base::Instant> wall_time;
  std::string_view database;
  std::string_view collection;
  RawDocument event;                                 // everything that came
  std::uint32_t document_key = RawDocument::kNone;   // node of `documentKey._id`
  std::uint32_t full_document = RawDocument::kNone;  // node of the document, if there is one

  // Field by field: moving `event` out and in again would allocate.
  void Clear() {
    operation = Operation::kInsert;
    image = Image::kNone;
    position = {};
    token = {};
    wall_time.reset();
    database = {};
    collection = {};
    event.Clear();
    document_key = RawDocument::kNone;
    full_document = RawDocument::kNone;
  }
};

}  // namespace stockwatch::event
