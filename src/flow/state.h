#pragma once

#include <optional>
#include <vector>

#include "domain/alert/episode_book.h"
#include "domain/alert/silence_book.h"
#include "domain/alert/subject_names.h"
#include "domain/demand/ring_book.h"
#include "domain/event/dead_letter.h"
#include "domain/key/departed_documents.h"
#include "domain/key/item_directory.h"
#include "domain/key/name_pool.h"
#include "domain/outbox/outbox_row.h"
#include "domain/stock/ledger.h"
#include "domain/stock/risk_index.h"
#include "domain/stock/rollups.h"
#include "domain/threshold/rule_book.h"
#include "flow/audit_log.h"
#include "flow/counts.h"
#include "flow/keys.h"
#include "flow/options.h"
#include "flow/store_history.h"
#include "flow/timers.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// All that the engine knows, in memory, and what the batch under way adds to it. The stages of the
// flow share it; one thread owns it.
struct State {
  State(const Options& the_options, ports::StateStore& store)
      : options(the_options),
        history(store, batch),
        audit(batch),
        directory(names),
        ledger(history, static_cast<std::uint32_t>(the_options.history_keep.micros() / 1'000'000)),
        rollups(names),
        risk(ledger, rollups),
        running_out(ledger, rollups, stock::RiskIndex::Slots::kOwn),
        episodes(the_options.alerts, {ledger, rollups, components, directory, names, silences}) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const Options& options;
  ports::Batch batch;  // committed at the end of the step
  StoreHistory history;
  AuditLog audit;

  key::NamePool names;
  key::ItemDirectory directory;
  key::DepartedDocuments departed;
  stock::Ledger ledger;
  demand::RingBook rings;
  stock::RollUps rollups;
  stock::RiskIndex risk;
  // By thousandths of a day of cover, which is the order of the projected stock-outs at any moment:
  // all stand as far behind the present one. Of items whose rules need their demand.
  stock::RiskIndex running_out;
  threshold::RuleBook rules;
  alert::SilenceBook silences;
  alert::ComponentBook components;
  alert::EpisodeBook episodes;
  TimerQueue timers;

  // Highest cluster second (or timer) passed; none before the first change.
  std::optional<base::Instant> source_time;
  // Domain page, section 2; never goes back. Without a clock it is source time.
  base::Instant engine_time;
  ChangeCounts changes;
  AlertCounts alerts;
  // Of the batch under way.
  std::vector<outbox::Row> outbox;
  std::vector<event::DeadLetter> dead_letters;
  std::vector<alert::EpisodeIndex> touched_episodes;
  std::uint64_t dead_letters_kept = 0;
  std::string engine_record;     // as it was put last: an engine that idles stores nothing
  std::uint32_t rule_edits = 0;  // kept so far
  // The highest position of an applied change: what the settings do comes behind it.
  base::Position last_applied;
  std::vector<const stock::WarehouseRules*> warehouse_rules;  // cache of RulesOf, by key::NameId

  // Roots of the tree of warehouses, as far as they were looked for.
  std::vector<stock::NodeIndex> warehouse_nodes;
  stock::NodeIndex nodes_looked_at = 0;
  const std::vector<stock::NodeIndex>& WarehouseNodes() {
    for (; nodes_looked_at < rollups.size(); ++nodes_looked_at) {
      const stock::Node& node = rollups.at(nodes_looked_at);
      if (node.tree == stock::Tree::kWarehouse && node.depth == 1) {
        warehouse_nodes.push_back(nodes_looked_at);
      }
    }
    return warehouse_nodes;
  }

  // The settings of the item's warehouse.
  const stock::WarehouseRules& RulesOf(key::ItemIndex item) {
    const key::NameId warehouse = directory.Warehouse(item);
    if (warehouse >= warehouse_rules.size()) warehouse_rules.resize(warehouse + 1);
    const stock::WarehouseRules*& known = warehouse_rules[warehouse];
    if (known == nullptr) known = &options.RulesOf(names.Text(warehouse));
    return *known;
  }

  // Notes the delete of a document; false if it was noted before.
  bool Depart(std::string_view document_key, base::Position deleted_at) {
    if (!departed.Add(document_key, deleted_at)) return false;
    batch.Put(ports::Family::kDeparted, DepartedKey(document_key, deleted_at), document_key);
    return true;
  }
  // Brings in the deletes that no late change can follow any more.
  void ForgetDeparted(std::uint32_t seconds) {
    departed.Forget(seconds, [&](std::string_view document_key, base::Position deleted_at) {
      batch.Remove(ports::Family::kDeparted, DepartedKey(document_key, deleted_at));
    });
  }

  base::Instant now() const { return source_time.value_or(base::Instant()); }
  std::uint32_t now_seconds() const {
    return static_cast<std::uint32_t>(now().micros() / 1'000'000);
  }
};

// An alert's subject as rules match it. Views into the state's names.
inline threshold::Subject NamesOf(const State& state, alert::Subject subject) {
  return alert::NamesOf(subject, state.ledger, state.rollups, state.directory, state.names);
}

// An alert as it is stored and shown.
inline alert::EpisodeRecord EpisodeRecordOf(const State& state, const alert::Episode& episode,
                                            const alert::Notes* notes) {
  return alert::ToRecord(episode, notes, state.rollups, state.components, state.rules);
}
inline alert::EpisodeRecord EpisodeRecordOf(const State& state, alert::EpisodeIndex index) {
  return EpisodeRecordOf(state, state.episodes.at(index), state.episodes.FindNotes(index));
}

// Of an item whose `low` is dynamic, as it was planned last.
inline threshold::Bounds DynamicBoundsOf(const State& state, const stock::Item& item) {
  std::optional<base::Quantity> low;
  if (item.demand != stock::kNoSlab) {
    if (const auto plan = state.rings[item.demand].plan()) low = plan->low;
  }
  return state.rules.at(item.thresholds).WithLow(low);
}

// What the item adds to its nodes as things stand.
inline stock::Contribution ContributionOf(const State& state, const stock::Item& item) {
  std::optional<base::Money> cost;
  if (item.has_cost) cost = state.ledger.FindDescription(item)->cost;
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  const stock::Shown shown = state.ledger.ShownOf(item);
  if (!thresholds.dynamic) return alert::ContributionOf(item, shown, thresholds, cost);
  const threshold::Bounds bounds = DynamicBoundsOf(state, item);
  return alert::ContributionOf(item, shown, thresholds, cost, &bounds);
}

}  // namespace stockwatch::flow
