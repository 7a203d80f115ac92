#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/position.h"
#include "domain/event/change.h"
#include "flow/options.h"
#include "ports/change_source.h"

namespace stockwatch::sim {

inline constexpr std::int32_t kNoCategory = -1;

// What happened in the shop, as it reaches the engine.
struct Event {
  enum class Kind : std::uint8_t {
    kDocument,  // exact
    kLookup,    // looked up some time after its position
    kDelete,    // of the item's document
    kMovement,
    kRetention,  // delete of a transaction
    kUndecodable,
    kUnreadable,  // no change, so without a position
  };
  Kind kind = Kind::kMovement;
  event::TransactionType type{};  // kMovement
  bool discontinued = false;
  std::uint32_t item = 0;
  std::int32_t category = 0;  // that a document names
  base::Position position;
  std::uint32_t token = 0;    // equal: the same change once more
  std::int64_t on_hand = 0;   // thousandths: a document's figure, a movement's quantity
  std::int64_t reserved = 0;  // of a document

  bool IsStock() const { return kind <= Kind::kMovement; }
};

struct Item {
  std::uint32_t warehouse = 0;
  std::string sku;
  std::string document;
};

// What a seed decides: the shop, its settings, and how badly its changes arrive.
struct World {
  explicit World(std::uint64_t seed);

  std::vector<std::string> warehouses;
  std::vector<bool> keeps_ledger;  // by warehouse; else snapshot
  std::vector<Item> items;
  std::vector<std::int64_t> low;  // by category, thousandths
  std::int64_t low_without_category = 0;
  std::int64_t critical = 0;
  flow::Options options;
  std::uint32_t gap_ms = 0;        // mean time between events
  std::uint32_t late_percent = 0;  // how many wait, of those up to `waiting_max` at once
  std::uint32_t waiting_max = 0;
  std::uint32_t repeat_percent = 0;
  std::uint32_t pause_one_in = 0;  // reads after which there is nothing yet; 0: never
  bool placed = false;             // the source counts the ordinals

  std::uint32_t keep_seconds() const {
    return static_cast<std::uint32_t>(options.history_keep.micros() / 1'000'000);
  }
};

// In the order of arrival. Of fewer events the same first ones come.
std::vector<Event> DrawEvents(const World& world, std::uint64_t seed, std::uint32_t count);

// The event as a source delivers it.
void Fill(const World& world, const Event& event, ports::RawInput& input);

std::string DepartmentOf(std::int32_t category);
std::string CategoryName(std::int32_t category);
std::string BrandOf(std::int32_t category);

}  // namespace stockwatch::sim
