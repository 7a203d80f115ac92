#pragma once

#include "base/json_writer.h"
#include "domain/alert/episode_record.h"
#include "flow/state.h"

namespace stockwatch::flow {

// Members of the open object: why the alert is what it is. The rule version that gave its
// threshold, in full; what holds its notices back now; what people noted; when it closes; and its
// timeline, which says what was so when it happened. docs/formats.md, Why.
void WriteWhy(const State& state, const alert::EpisodeRecord& episode, base::JsonWriter& json);

// Members of the open object: why there is, or is not, an alert of that type for the item now.
// `because` is one of: open, pending, does_not_hold, inside_margin, no_threshold, disabled,
// discontinued, unopened, retired, not_judged_by_figures.
void WriteWhyNot(const State& state, key::ItemIndex item, event::ConditionType type,
                 base::JsonWriter& json);

// What people noted; null where nobody did.
void WriteNotes(const alert::Notes* notes, base::JsonWriter& json);

}  // namespace stockwatch::flow
