#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/instant.h"
#include "base/result.h"
#include "domain/event/silence.h"

namespace stockwatch::event {

using AlertId = std::array<std::uint8_t, 16>;

// Somebody has seen the alert and is at it.
struct Acknowledge {
  AlertId alert{};
};
struct Unacknowledge {
  AlertId alert{};
};
// No notices of the alert until then, engine time.
struct Snooze {
  AlertId alert{};
  base::Instant until;
};
struct Unsnooze {
  AlertId alert{};
};
struct Resolve {
  AlertId alert{};
};
struct Comment {
  AlertId alert{};
  std::string text;
};
// Empty: to nobody.
struct Assign {
  AlertId alert{};
  std::string assignee;
};
struct AddSilence {
  Silence silence;  // author and reason are those of the command
};
struct EndSilence {
  std::string id;
};

using CommandBody = std::variant<Acknowledge, Unacknowledge, Snooze, Unsnooze, Resolve, Comment,
                                 Assign, AddSilence, EndSilence>;

// What a person (or a program in their name) wants of the engine. It is taken once however often it
// comes: the same key is the same command.
struct Command {
  static constexpr std::size_t kAuthorBytesMax = 128;
  static constexpr std::size_t kTextBytesMax = 4096;  // of a comment or a reason

  std::string key;        // chosen by whoever sends it; an id
  std::string author;     // in whose name
  std::string principal;  // who proved to have sent it
  std::string origin;     // from where: an address, or the command beside the store
  std::string reason;     // why; may be empty
  // The alert's number of transitions that the author has seen; nullopt: any will do.
  std::optional<std::uint32_t> seen;
  CommandBody body;
};

// "acknowledge", "unacknowledge", "snooze", "unsnooze", "resolve", "comment", "assign",
// "add_silence", "end_silence".
std::string_view Name(const CommandBody& body);
// By the number of the alternative.
std::string_view CommandName(std::size_t index);

// The alert that it is about; nullptr: a silence.
const AlertId* AlertOf(const CommandBody& body);

// All that it says but its key, so that a repetition can be told from another command.
std::string CanonicalText(const Command& command);

// kInvalidArgument naming the field: ids and texts that are empty, too long or hold control
// characters, a silence whose time is empty.
base::Status ValidateCommand(const Command& command);

}  // namespace stockwatch::event
