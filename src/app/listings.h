#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/event/dead_letter.h"
#include "flow/canonical.h"
#include "ports/state_store.h"

namespace stockwatch::app {

// The lines of `deadletters list`, in the order in which they came.
base::Status WriteDeadLetters(ports::StateStore& store, const flow::LineSink& sink);

// The dead letter of that id; kNotFound.
base::Result<event::DeadLetter> FindDeadLetter(ports::StateStore& store, std::string_view id);
// The first one; kNotFound if there is none.
base::Result<event::DeadLetter> FirstDeadLetter(ports::StateStore& store);

// `deadletters show`: the line of the list with the bytes in it, as text where they are UTF-8, else
// in hex.
std::string DeadLetterJson(const event::DeadLetter& letter);

}  // namespace stockwatch::app
