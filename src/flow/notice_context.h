#pragma once

#include "domain/outbox/outbox_row.h"
#include "flow/state.h"

namespace stockwatch::flow {

// What is known of the subject beside its alert, as of now: for a notice.
outbox::Context ContextOf(State& state, alert::Subject subject);

}  // namespace stockwatch::flow
