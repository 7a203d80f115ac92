#pragma once

#include <span>

#include "domain/alert/fact.h"
#include "domain/event/command.h"
#include "flow/state.h"

namespace stockwatch::flow {

// Adds what an outcome did to the timelines of its alerts: transitions, and what held openings
// back.
void NoteFacts(State& state, const alert::Outcome& outcome);
// A notice that goes to somebody: its rows, at least one.
void NoteTold(State& state, const alert::Notice& notice, std::span<const outbox::Row> rows);
// What somebody did to an alert.
void NoteDeed(State& state, alert::EpisodeIndex episode, const event::Command& command);

}  // namespace stockwatch::flow
