#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/event/command.h"
#include "flow/state.h"
#include "ports/state_store.h"

namespace stockwatch::scenario {

// Turns the short forms of what people want into commands:
//   ack|unack|snooze|unsnooze|resolve|comment|assign low_stock W1/A [until=…] [text=…] [to=…]
//   silence S1 {category: tea} types=low_stock until=…     silence S1 ends
// `seen=2`: the transitions that the author has seen; `key=k`: else each is a command of its own.
class CommandText {
 public:
  // nullopt: the event is no command. Throws std::invalid_argument, saying what is wrong with it.
  std::optional<event::Command> Of(std::string_view event, const flow::State& state,
                                   ports::StateStore& store);

 private:
  std::uint32_t commands_ = 0;
};

// How the API would refuse it: "refused 409".
std::string RefusalText(const base::Error& error);

}  // namespace stockwatch::scenario
