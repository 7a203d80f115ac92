#pragma once

#include "domain/event/dead_letter.h"
#include "flow/canonical.h"
#include "flow/state.h"

namespace stockwatch::flow {

// The lines of `alerts list`, in order of (opened_at, id). docs/formats.md, Alerts.
void WriteAlerts(const State& state, const LineSink& sink);

// One line of `deadletters list`. docs/formats.md, Dead letters.
std::string DeadLetterLine(const event::DeadLetter& letter);

}  // namespace stockwatch::flow
