#pragma once

#include <string>

#include "flow/state.h"

namespace stockwatch::flow {

// Counts, schedules and plans to tell what judging led to; empties `outcome`.
void Publish(State& state, alert::Outcome& outcome);

// Schedules what the episode book asks for.
void AddTimer(State& state, const alert::TimerRequest& request);

// A subject as the key of a timer: sorts by its names, whatever its number.
std::string SubjectKey(const State& state, alert::Subject subject);

}  // namespace stockwatch::flow
