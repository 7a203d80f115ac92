#include "app/explain.h"

#include "app/replay.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using look::Explanation;
using threshold::RuleBook;

// Levels that were not given are those of a document without them.
event::RuleScope WithDefaults(event::RuleScope levels) {
  for (std::string* level : {&levels.department, &levels.category, &levels.brand}) {
    if (level->empty()) *level = event::kNoLevel;
  }
  if (levels.product_id.empty()) levels.product_id = levels.sku;
  return levels;
}

base::Result<Explanation> ExplainFromSettings(const config::Settings& settings,
                                              const ExplainOptions& options) {
  RuleBook rules;
  std::uint32_t ordinal = 0;
  for (const event::Rule& rule : settings.flow.rules) {
    (void)rules.Put(rule, base::Position{0, 0, 0, ordinal++});
  }
  return look::ExplainLevels(rules, WithDefaults(options.levels),
                             options.at.value_or(base::Instant()));
}

base::Result<Explanation> ExplainFromChanges(config::Settings settings,
                                             const ExplainOptions& options) {
  SW_TRY(auto replay,
         Replay::Open(ReplayOptionsFrom(std::move(settings), *options.changes), nullptr));
  while (true) {
    SW_TRY(const bool more, replay->Step());
    if (!more) break;
  }
  const flow::State& state = replay->state();
  const event::ItemKey key{event::WarehouseIdView::Trusted(options.levels.warehouse_id),
                           event::SkuView::Trusted(options.levels.sku)};
  const key::ItemIndex index = state.directory.Find(key);
  if (index == key::kNoItem) {
    return Error{Code::kNotFound, "no such stock item in the changes: " +
                                      options.levels.warehouse_id + "/" + options.levels.sku};
  }
  return look::ExplainItem(state, index, options.at.value_or(state.now()));
}

}  // namespace

base::Result<Explanation> Explain(config::Settings settings, const ExplainOptions& options) {
  if (options.levels.warehouse_id.empty() || options.levels.sku.empty()) {
    return Error{Code::kInvalidArgument, "an item has a warehouse and a SKU: name both"};
  }
  const event::RuleScope& levels = options.levels;
  for (const std::string* level : {&levels.warehouse_id, &levels.department, &levels.category,
                                   &levels.brand, &levels.product_id, &levels.sku}) {
    if (!level->empty()) SW_TRY_STATUS(base::ValidateId(*level));
  }
  if (options.changes) return ExplainFromChanges(std::move(settings), options);
  return ExplainFromSettings(settings, options);
}

}  // namespace stockwatch::app
