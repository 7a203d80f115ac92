#include "sim/world.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "testing/rules.h"

namespace stockwatch::sim {
namespace {

using base::Duration;
using base::Quantity;
using base::Random;
using event::RuleFields;

template <std::size_t kSize>
std::uint32_t OneOf(Random& random, const std::array<std::uint32_t, kSize>& choices) {
  return choices[random.Below(kSize)];
}

RuleFields DefaultFields(Random& random, const World& world) {
  RuleFields fields;
  fields.low = Quantity::Thousandths(world.low_without_category);
  fields.critical = Quantity::Thousandths(world.critical);
  if (random.Chance(1, 2)) fields.max = *fields.low + Quantity::Pieces(40);
  if (random.Chance(1, 2)) fields.clear_margin = testing::MarginOf(Quantity::Pieces(2));
  if (random.Chance(1, 2)) fields.hold_for = Duration::Seconds(random.Below(600));
  if (random.Chance(1, 3)) fields.low_share = event::Thousandths{300};
  if (random.Chance(1, 4)) fields.stale_days = event::Thousandths{1000};
  return fields;
}

}  // namespace

World::World(std::uint64_t seed) {
  Random random(base::SplitMix64(seed));
  const std::uint32_t warehouse_count = 1 + random.Below(3);
  const std::uint32_t skus = OneOf(random, std::array{2u, 10u, 40u, 150u});
  const std::uint32_t categories = 1 + random.Below(4);
  for (std::uint32_t i = 0; i < warehouse_count; ++i) {
    warehouses.push_back("W" + std::to_string(i));
    keeps_ledger.push_back(!random.Chance(1, 5));
    stock::WarehouseRules rules;
    rules.authority = keeps_ledger.back() ? stock::Authority::kLedger : stock::Authority::kSnapshot;
    options.warehouses[warehouses.back()] = rules;
  }
  for (std::uint32_t i = 0; i < skus * warehouse_count; ++i) {
    items.push_back(
        {i % warehouse_count, "S" + std::to_string(i / warehouse_count), "D" + std::to_string(i)});
  }
  low_without_category = Quantity::Pieces(4 + random.Below(12)).thousandths();
  critical = Quantity::Pieces(random.Below(4)).thousandths();
  options.rules.push_back(
      testing::MakeRule("default", testing::ForAll(), DefaultFields(random, *this)));
  for (std::uint32_t i = 0; i < categories; ++i) {
    low.push_back(low_without_category);
    if (!random.Chance(1, 3)) continue;
    const std::int64_t pieces = 4 + random.Below(20);
    low.back() = Quantity::Pieces(pieces).thousandths();
    options.rules.push_back(testing::MakeRule(
        "category" + std::to_string(i),
        testing::ForCategory(CategoryName(static_cast<std::int32_t>(i))), testing::LowOf(pieces)));
    options.rules.back().fields.max = Quantity::Pieces(pieces + 40);
  }
  options.destinations = {"console"};
  options.delivery = outbox::DeliveryOptions::InOrder();
  options.history_keep = Duration::Days(35 + random.Below(66));
  options.batch_inputs_max = 1 + random.Below(300);
  gap_ms = OneOf(random, std::array{50u, 2'000u, 60'000u, 600'000u, 3'600'000u});
  late_percent = OneOf(random, std::array{0u, 3u, 10u, 20u});
  waiting_max = OneOf(random, std::array{3u, 30u, 300u});
  repeat_percent = OneOf(random, std::array{0u, 2u, 5u});
  if (items.size() < 10) {
    // Late changes read the history of their item, which is long where there are few.
    late_percent = std::min(late_percent, 3u);
    repeat_percent = std::min(repeat_percent, 2u);
  }
  pause_one_in = OneOf(random, std::array{0u, 4u, 20u, 100u});
  placed = random.Chance(1, 3);
}

std::string DepartmentOf(std::int32_t category) {
  return category == kNoCategory ? "(none)" : "P" + std::to_string(category / 2);
}
std::string CategoryName(std::int32_t category) {
  return category == kNoCategory ? "(none)" : "C" + std::to_string(category);
}
std::string BrandOf(std::int32_t category) {
  return category == kNoCategory ? "(none)" : "B" + std::to_string(category);
}

}  // namespace stockwatch::sim
