#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/event/silence.h"
#include "domain/threshold/rule_book.h"

namespace stockwatch::alert {

// The silences that have not ended, in the order of their ids. Few of them: each question reads
// them all. One thread at a time.
class SilenceBook {
 public:
  static constexpr std::size_t kSilencesMax = 1000;

  // kAlreadyExists: there is one of that id; kResourceExhausted: there are kSilencesMax.
  base::Status Add(event::Silence silence);
  // Forgets it. False: there is none of that id.
  bool End(std::string_view id);
  // Forgets those whose time is over; calls back with each id.
  template <typename Each>
  void Expire(base::Instant engine_now, Each each) {
    std::erase_if(silences_, [&](const event::Silence& silence) {
      if (silence.until > engine_now) return false;
      each(silence.id);
      return true;
    });
  }

  // The first by id that is in force and covers it; nullptr if there is none.
  const event::Silence* Covering(event::ConditionType type, const threshold::Subject& subject,
                                 base::Instant engine_now) const;
  // When one begins or ends next.
  std::optional<base::Instant> NextTurn(base::Instant engine_now) const;

  const std::vector<event::Silence>& all() const { return silences_; }

 private:
  std::vector<event::Silence> silences_;
};

}  // namespace stockwatch::alert
