#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "base/money.h"
#include "base/position.h"
#include "base/quantity.h"
#include "domain/event/rule.h"

namespace stockwatch::stock {

// What the inventory document with the highest position says beside figures and path. Items that
// say nothing of it have none.
struct Description {
  std::string name;
  std::optional<base::Money> price;  // the document's
  std::optional<base::Money> cost;
  std::optional<event::Thousandths> lead_time_days;
  std::optional<event::Thousandths> service_level;
  std::optional<base::Quantity> pack_size;
  std::optional<base::Quantity> moq;
  std::optional<base::Instant> expected_at;
  // Of the transaction with the highest position among those that carry one: the price where the
  // document has none.
  std::optional<base::Money> transaction_price;
  base::Position transaction_price_at;

  bool operator==(const Description&) const = default;
  const std::optional<base::Money>& shown_price() const {
    return price ? price : transaction_price;
  }
};

}  // namespace stockwatch::stock
