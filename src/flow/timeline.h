#pragma once

#include "domain/alert/fact.h"
#include "domain/event/command.h"
#include "flow/state.h"

namespace stockwatch::flow {

// Adds what an outcome did to the timelines of its alerts: transitions, what held openings back,
// what was told.
void NoteFacts(State& state, const alert::Outcome& outcome);
// What somebody did to an alert.
void NoteDeed(State& state, alert::EpisodeIndex episode, const event::Command& command);

}  // namespace stockwatch::flow
