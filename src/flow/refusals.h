#pragma once

#include <string>
#include <utility>

#include "base/instant.h"
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

// `ahead`: how far that is in the future, where it may be `most`.
inline event::Reject AheadOfTheClock(base::Instant at, base::Duration ahead, base::Duration most) {
  std::string message = "the cluster time ";
  base::AppendInstant(message, at);
  message += " is " + base::FormatDuration(ahead) +
             " ahead of the clock, and source.ahead_max is " + base::FormatDuration(most);
  return {event::Stage::kRead, "ahead of the clock", std::move(message)};
}

inline event::Reject Stale() {
  return {event::Stage::kRoute, "stale", "the change is older than the history that is kept"};
}

}  // namespace stockwatch::flow
