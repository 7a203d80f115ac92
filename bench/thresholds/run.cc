#include "run.h"

#include <chrono>
#include <cstdio>

#include "adapters/memory_store/memory_store.h"
#include "base/assertion.h"
#include "flow/engine.h"

namespace bench_thresholds {
namespace {

using Clock = std::chrono::steady_clock;
using namespace stockwatch;

constexpr std::size_t kBatch = 4096;
constexpr std::uint32_t kOpenedAt = 1'704'067'199;

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

event::Rule RuleFor(std::string id, std::int64_t low) {
  event::Rule rule;
  rule.id = std::move(id);
  rule.fields.low = base::Quantity::Pieces(low);
  return rule;
}

flow::Options Shop(std::uint64_t rules) {
  flow::Options options;
  options.warehouse.authority = stock::Authority::kLedger;
  options.rules.push_back(RuleFor("shop", 1));
  options.rules.back().is_default = true;
  for (std::uint64_t i = 0; i < rules; ++i) {
    event::Rule rule = RuleFor("rule-" + std::to_string(i), 2);
    const std::string name = "other-" + std::to_string(i);
    if (i % 3 == 0) rule.scope.category = name;
    if (i % 3 == 1) rule.scope.brand = name;
    if (i % 3 == 2) rule.scope.sku = name;
    options.rules.push_back(std::move(rule));
  }
  return options;
}

class Bench {
 public:
  explicit Bench(std::uint64_t rules) : options_(Shop(rules)), engine_(options_, store_) {
    SW_ASSERT(engine_.Start(store_).ok(), "memory has nothing to refuse");
  }

  void Open(std::uint64_t item) {
    const std::string sku = "sku-" + std::to_string(item);
    const std::string warehouse = "W" + std::to_string(item % 20);
    const std::string brand = "brand-" + std::to_string(item % 1000);
    event::InventoryImage image;
    image.item = {event::WarehouseIdView::Trusted(warehouse), event::SkuView::Trusted(sku)};
    image.document_key = sku;
    image.levels = {"department", "category", brand, sku};
    image.on_hand = base::Quantity::Pieces(item % 100 == 0 ? 5 : 50);
    Take(image, static_cast<std::uint32_t>(item + 1));
    if (item % kBatch == 0) Commit();
  }
  void EditRule() {
    event::Rule rule = RuleFor("category", 20);
    rule.scope.category = "category";
    Take(event::RuleUpsert{std::move(rule)}, 0xFFFFFFFF);
  }
  void Commit() { SW_ASSERT(engine_.Commit(store_).ok(), "memory takes it"); }
  flow::State& state() { return engine_.state(); }

 private:
  template <typename Body>
  void Take(Body body, std::uint32_t increment) {
    flow::Arrival arrival;
    arrival.input.placed = true;
    arrival.input.change.position = {0, kOpenedAt, increment, 0};
    event::Change change;
    change.position = arrival.input.change.position;
    change.body = std::move(body);
    arrival.decoded = std::move(change);
    engine_.Take(arrival, 0);
  }

  flow::Options options_;
  memory_store::MemoryStore store_;
  flow::Engine engine_;
};

}  // namespace

Figures Run(std::uint64_t items, std::uint64_t rules) {
  Figures figures;
  figures.items = items;
  figures.rules = rules;
  Bench bench(rules);
  for (std::uint64_t item = 0; item < items; ++item) bench.Open(item);
  bench.Commit();
  flow::State& state = bench.state();

  auto start = Clock::now();
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < items; ++i) {
    const auto item = static_cast<key::ItemIndex>(i * 7'919 % items);
    sum += state.rules.at(state.ledger.at(item).thresholds).low->thousandths();
  }
  figures.cached_ns = Since(start) * 1e9 / static_cast<double>(items);
  SW_ASSERT(sum == static_cast<std::int64_t>(items) * 1000, "the shop's rule gives 1");

  start = Clock::now();
  for (std::uint64_t i = 0; i < items; ++i) {
    const std::string sku = "sku-" + std::to_string(i);
    const threshold::Subject subject{"W1", "department", "category", "brand-1", sku, sku};
    static_cast<void>(state.rules.Resolve(subject, state.now()));
  }
  figures.resolve_ns = Since(start) * 1e9 / static_cast<double>(items);

  start = Clock::now();
  bench.EditRule();
  figures.sweep_seconds = Since(start);
  state.episodes.ForEach([&](const alert::Episode&, const alert::Notes*) { ++figures.opened; });
  return figures;
}

std::string Figures::Json() const {
  char text[256];
  std::snprintf(text, sizeof text,
                "{\"job\":\"thresholds\",\"items\":%llu,\"rules\":%llu,\"cached_ns\":%.1f,"
                "\"resolve_ns\":%.1f,\"sweep_seconds\":%.3f,\"opened\":%llu}",
                static_cast<unsigned long long>(items), static_cast<unsigned long long>(rules),
                cached_ns, resolve_ns, sweep_seconds, static_cast<unsigned long long>(opened));
  return text;
}

std::string Figures::Text() const {
  char text[256];
  std::snprintf(text, sizeof text,
                "%llu items, %llu rules: %.0f ns to read an item's thresholds, %.0f ns to resolve "
                "them,\n%.2f s for a rule that covers all items (%llu alerts opened)\n",
                static_cast<unsigned long long>(items), static_cast<unsigned long long>(rules),
                cached_ns, resolve_ns, sweep_seconds, static_cast<unsigned long long>(opened));
  return text;
}

}  // namespace bench_thresholds
