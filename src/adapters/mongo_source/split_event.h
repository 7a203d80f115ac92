#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stockwatch::mongo_source {

// Puts together the fragments of events that are larger than a reply
// (https://www.mongodb.com/docs/manual/reference/operator/aggregation/changeStreamSplitLargeEvent/):
// each holds some of the event's fields, and `splitEvent: {fragment, of}`. One thread at a time.
class SplitEvents {
 public:
  explicit SplitEvents(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  enum class Taken : std::uint8_t {
    kWhole,   // no fragment: the event is what came
    kJoined,  // the last fragment: the event is joined()
    kMore,    // others follow
    kBroken,  // a fragment is missing, or it is larger than allowed
  };
  Taken Take(std::string_view event);
  // With the token of the last fragment.
  std::string TakeJoined();
  // The fragments so far will come again.
  void Clear();
  // Some fragments of an event have come, and others follow.
  bool is_open() const { return fragments_ > 0; }

 private:
  std::size_t bytes_max_;
  std::int64_t fragments_ = 0;
  std::string elements_;  // of the event to be, without its token
  std::string token_;
};

}  // namespace stockwatch::mongo_source
