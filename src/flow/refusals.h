#pragma once

#include "domain/event/change.h"

namespace stockwatch::flow {

// Why the flow refuses a change that was decoded well. The decoder's reasons stand in
// domain/decode/reasons.h.
inline event::Reject ForeignSource() {
  return {event::Stage::kRoute, "foreign source", "the stock item belongs to another source"};
}

inline event::Reject AnotherDocument() {
  return {event::Stage::kRoute, "item has another document",
          "another living inventory document describes this stock item"};
}

inline event::Reject TooManyReferences() {
  return {event::Stage::kApply, "too many references",
          "the stock item has as many open orders and transfers as its limit allows"};
}

inline event::Reject Stale() {
  return {event::Stage::kRoute, "stale", "the change is older than the history that is kept"};
}

}  // namespace stockwatch::flow
