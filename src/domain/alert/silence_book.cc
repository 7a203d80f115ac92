#include "domain/alert/silence_book.h"

#include <algorithm>
#include <utility>

namespace stockwatch::alert {

using event::Silence;

base::Status SilenceBook::Add(Silence silence) {
  const auto place =
      std::lower_bound(silences_.begin(), silences_.end(), silence.id,
                       [](const Silence& known, const std::string& id) { return known.id < id; });
  if (place != silences_.end() && place->id == silence.id) {
    return base::Error{base::Code::kAlreadyExists, "there is a silence of that id: " + silence.id};
  }
  if (silences_.size() >= kSilencesMax) {
    return base::Error{base::Code::kResourceExhausted,
                       "no more silences at once than " + std::to_string(kSilencesMax)};
  }
  silences_.insert(place, std::move(silence));
  return {};
}

bool SilenceBook::End(std::string_view id) {
  return std::erase_if(silences_, [&](const Silence& silence) { return silence.id == id; }) > 0;
}

const Silence* SilenceBook::Covering(event::ConditionType type, const threshold::Subject& subject,
                                     base::Instant engine_now) const {
  for (const Silence& silence : silences_) {
    const auto& types = silence.types;
    const bool of_type =
        types.empty() || std::find(types.begin(), types.end(), type) != types.end();
    if (of_type && silence.InForceAt(engine_now) && threshold::Matches(silence.scope, subject)) {
      return &silence;
    }
  }
  return nullptr;
}

std::optional<base::Instant> SilenceBook::NextTurn(base::Instant engine_now) const {
  std::optional<base::Instant> next;
  for (const Silence& silence : silences_) {
    for (const base::Instant turn : {silence.from, silence.until}) {
      if (turn > engine_now && (!next || turn < *next)) next = turn;
    }
  }
  return next;
}

}  // namespace stockwatch::alert
