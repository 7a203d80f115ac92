#pragma once

#include <optional>
#include <vector>

#include "base/json_writer.h"
#include "domain/alert/episode_record.h"
#include "flow/state.h"
#include "flow/told.h"

namespace stockwatch::flow {

// What is known of an alert beside its record.
struct Beside {
  const std::vector<Told>& told;
  std::optional<base::Duration> reopen_window;  // nullopt: the settings are not known
};
// Members of the open object: why the alert is what it is. The rule version that gave its
// threshold, in full; what holds its notices back now; what people noted; when it closes; its
// timeline, which says what was so when it happened; and what became of its notices.
// docs/formats.md, Why.
void WriteWhy(const State& state, const alert::EpisodeRecord& episode, const Beside& beside,
              base::JsonWriter& json);

// Members of the open object: why there is, or is not, an alert of that type for the item now, as
// the engine judges its recorded state (docs/adr/0006), and how the last one ended (`ended`).
// `because` is one of: open, pending, does_not_hold, inside_margin, no_threshold, disabled,
// discontinued, unopened, retired, not_judged_by_figures.
void WriteWhyNot(const State& state, key::ItemIndex item, event::ConditionType type,
                 const std::optional<alert::EpisodeRecord>& ended, base::JsonWriter& json);

// What people noted; null where nobody did.
void WriteNotes(const alert::Notes* notes, base::JsonWriter& json);

}  // namespace stockwatch::flow
