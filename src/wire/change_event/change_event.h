#pragma once

#include <cstdint>
#include <optional>

#include "domain/event/change.h"
#include "domain/event/raw_change.h"

namespace stockwatch::change_event {

// What the document of an update is: the server's look-up some time after the change, or the stored
// post-image.
enum class UpdateImages : std::uint8_t { kLookup, kStored };

// `change.event` holds a parsed MongoDB change event
// (https://www.mongodb.com/docs/manual/reference/change-events/); fills the other fields from it,
// but for the position's generation and ordinal, which it leaves. A Reject, of the stage kRead, has
// one of the reasons
//   "malformed event"    no document, or a field of another type
//   "unknown operation"  "no token"  "no cluster time"  "no namespace"  "no document key"  "no full
//   document"
// and leaves the fields unspecified.
std::optional<event::Reject> ToRawChange(event::RawChange& change, UpdateImages update_images);

}  // namespace stockwatch::change_event
