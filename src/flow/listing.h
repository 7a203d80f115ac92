#pragma once

#include <vector>

#include "base/result.h"
#include "domain/alert/episode_record.h"
#include "domain/event/dead_letter.h"
#include "flow/canonical.h"
#include "flow/state.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// The lines of `alerts list`, in order of (opened_at, id). docs/formats.md, Alerts.
// Those that are over come from the store, as of its last commit.
base::Status WriteAlerts(const State& state, ports::StateStore& store, const LineSink& sink);

// One line of it.
std::string AlertLine(const alert::EpisodeRecord& episode);
// The same with whether it was told, and what holds its notices back now.
std::string AlertLine(const State& state, const alert::EpisodeRecord& episode);

// The same episodes as records.
base::Result<std::vector<alert::EpisodeRecord>> ReadEpisodes(const State& state,
                                                             ports::StateStore& store);

// One line of `silences list`. docs/formats.md, Silences.
std::string SilenceLine(const event::Silence& silence, base::Instant engine_now);

// One line of `deadletters list`. docs/formats.md, Dead letters.
std::string DeadLetterLine(const event::DeadLetter& letter);

}  // namespace stockwatch::flow
