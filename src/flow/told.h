#pragma once

#include <optional>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "domain/alert/episode.h"
#include "domain/outbox/delivery.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// A notice of one alert to one channel, and what became of it.
struct Told {
  outbox::Delivery delivery;
  // Where it was folded: the digest that went in its place; nullopt: that is kept no more.
  std::optional<outbox::Delivery> digest;
};

// Notices of the alert that are kept, in the order in which they were planned, as of the store's
// last commit. Reads those alone: their keys begin with the alert's id. Errors as the records'
// codec.
base::Result<std::vector<Told>> ReadTold(ports::StateStore& store, const alert::EpisodeId& id);

// One object; docs/formats.md, Why.
void WriteTold(const Told& told, base::JsonWriter& json);

}  // namespace stockwatch::flow
