#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/alert/episode_record.h"
#include "domain/event/dead_letter.h"
#include "flow/canonical.h"
#include "ports/state_store.h"

namespace stockwatch::look {

// The lines of `deadletters list`, in the order in which they came.
base::Status WriteDeadLetters(ports::StateStore& store, const flow::LineSink& sink);

// Calls back with each dead letter from that key on, in the same order, until it returns false.
base::Status ReadDeadLetters(
    ports::StateStore& store, std::string_view from_key,
    const std::function<bool(std::string_view key, const event::DeadLetter& letter)>& each);

// The dead letter of that id; kNotFound.
base::Result<event::DeadLetter> FindDeadLetter(ports::StateStore& store, std::string_view id);
// The first one; kNotFound if there is none.
base::Result<event::DeadLetter> FirstDeadLetter(ports::StateStore& store);

// The stored alert of that id, 16 bytes; kNotFound.
base::Result<alert::EpisodeRecord> ReadEpisode(ports::StateStore& store, std::string_view id);

// The id that has those 32 hexadecimal digits, or begins with them (8 at least): then of an alert
// that is not closed. kNotFound: none; kInvalidArgument: several begin so.
base::Result<alert::EpisodeId> WholeAlertId(const flow::State& state, std::string_view id);

// The alert of that id, whole or its beginning; errors as those of WholeAlertId. Those that are
// over come from the store.
base::Result<alert::EpisodeRecord> FindEpisode(const flow::State& state, ports::StateStore& store,
                                               std::string_view id);

// The latest alert of the item and type that has ended: the one that may re-open, or of the newest
// `scan_max` closed ones. nullopt: none of them.
base::Result<std::optional<alert::EpisodeRecord>> FindLastEnded(const flow::State& state,
                                                                ports::StateStore& store,
                                                                key::ItemIndex item,
                                                                event::ConditionType type,
                                                                std::size_t scan_max);

// `deadletters show`: the line of the list with the bytes in it, as text where they are UTF-8, else
// in hex.
std::string DeadLetterJson(const event::DeadLetter& letter);

}  // namespace stockwatch::look
