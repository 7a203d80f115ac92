#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "domain/outbox/delivery.h"
#include "flow/canonical.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// Short enough for a path: the first 32 hex digits of SHA-256 over the row's key.
std::string DeliveryId(std::string_view key);

// Which are wanted: all, those in a state, those folded into the digest of a key.
struct DeliveryFilter {
  std::optional<outbox::DeliveryState> state = {};
  std::optional<std::string> by = {};

  bool Takes(const outbox::Delivery& delivery) const {
    return (!state || delivery.state == *state) && (!by || delivery.by == *by);
  }
};

// Deliveries that wait and those that ended, in order of (when they were queued, key), as of the
// store's last commit. Errors as the records' codec.
base::Result<std::vector<outbox::Delivery>> ReadDeliveries(ports::StateStore& store,
                                                           const DeliveryFilter& filter = {});
// kNotFound.
base::Result<outbox::Delivery> FindDelivery(ports::StateStore& store, std::string_view id);

// When it was planned, is due and ended, and why it was given up.
void WriteCourse(const outbox::Delivery& delivery, base::JsonWriter& json);

// One line of `deliveries list`; docs/formats.md, Deliveries.
std::string DeliveryLine(const outbox::Delivery& delivery);
// All of them.
base::Status WriteDeliveries(ports::StateStore& store, const LineSink& sink);

}  // namespace stockwatch::flow
