#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "domain/alert/episode_book.h"
#include "domain/demand/buffer.h"
#include "domain/event/rule.h"
#include "domain/outbox/delivery.h"
#include "domain/stock/item.h"

namespace stockwatch::flow {

// What is taken of demand where neither a rule nor a document says more.
struct DemandOptions {
  event::Thousandths lead_time_days{7'000};
  event::Thousandths service_level{950};
  event::Thousandths review_days{7'000};
  // Largest change a day of a dynamic `low`, in percent of the day before.
  std::uint32_t low_change_percent_max = 25;
  demand::BufferOptions buffer;
};

struct Options {
  stock::WarehouseRules warehouse;                          // of warehouses that are not named
  std::map<std::string, stock::WarehouseRules> warehouses;  // by warehouse id
  base::Duration history_keep = base::Duration::Days(100);
  alert::EpisodeOptions alerts;
  DemandOptions demand;
  std::vector<event::Rule> rules;         // of the settings file, in its order
  std::vector<std::string> destinations;  // of notices; none: nobody is told
  outbox::DeliveryOptions delivery;
  // One group commit: it ends with the first of these, or when the source has nothing more. Small
  // inputs come by thousands; large ones must not be held by thousands.
  std::uint32_t batch_inputs_max = 16'384;
  std::uint32_t batch_bytes_max = 16 << 20;                        // of inputs
  base::Duration batch_open_max = base::Duration::Micros(50'000);  // on the machine's clock
  // Resume tokens that are remembered, so that one that comes again is known: at least 24 bytes
  // each.
  std::uint32_t token_memory_max = 2'000'000;

  // Of the warehouse with that id.
  const stock::WarehouseRules& RulesOf(std::string_view warehouse_id) const {
    const auto named = warehouses.find(std::string(warehouse_id));
    return named == warehouses.end() ? warehouse : named->second;
  }

  // Every mistake, each naming the setting's path.
  std::vector<base::Error> Validate() const;
};

}  // namespace stockwatch::flow
