#include "flow/restore.h"

#include "domain/alert/episode_record.h"
#include "domain/demand/ring_record.h"
#include "domain/stock/item_record.h"
#include "flow/engine_record.h"
#include "flow/publish.h"

namespace stockwatch::flow {
namespace {

using base::Code;
using base::Error;
using base::Status;
using ports::Family;

Error Damaged(const std::string& what) {
  return {Code::kDataLoss, "damaged store: " + what};
}

// Hands each record of the family on until one fails.
template <typename Take>
Status ReadAll(ports::StateStore& store, Family family, Take take) {
  Status taken;
  SW_TRY_STATUS(store.ReadFamily(family, [&](std::string_view key, std::string_view record) {
    if (taken.ok()) taken = take(key, record);
  }));
  return taken;
}

}  // namespace

Status Restorer::Run(ports::StateStore& store) {
  using View = std::string_view;
  SW_TRY_STATUS(ReadAll(store, Family::kEngine, [&](View key, View r) {
    return key == kEngineKey ? TakeEngine(r) : Status();
  }));
  SW_TRY_STATUS(
      ReadAll(store, Family::kRule, [&](View, View r) { return thresholds_.Restore(r); }));
  SW_TRY_STATUS(TakeItems(store));
  SW_TRY_STATUS(ReadAll(store, Family::kEpisode, [&](View, View r) { return TakeEpisode(r); }));
  SW_TRY_STATUS(ReadAll(store, Family::kNode, [&](View key, View r) { return TakeNode(key, r); }));
  SW_TRY_STATUS(TakeWatches());
  SW_TRY_STATUS(
      ReadAll(store, Family::kDeparted, [&](View key, View r) { return TakeDeparted(key, r); }));
  SW_TRY_STATUS(
      ReadAll(store, Family::kTokens, [&](View key, View r) { return ordinals_.Restore(key, r); }));
  SW_TRY_STATUS(
      ReadAll(store, Family::kSilence, [&](View, View r) { return commands_.RestoreSilence(r); }));
  SW_TRY_STATUS(ReadAll(store, Family::kCommand,
                        [&](View key, View r) { return commands_.RestoreCommand(key, r); }));
  state_.episodes.StartEngineTime(state_.engine_time);
  SW_TRY_STATUS(state_.audit.Restore(store));
  if (!state_.source_time) return {};
  state_.ledger.StartTails(state_.now_seconds());
  state_.rollups.Propagate();
  AddTimers();
  // What came back is stored already.
  state_.ledger.TakeTouched([](key::ItemIndex, std::uint8_t) {});
  (void)state_.episodes.TakeTouchedNodes();
  return {};
}

// Nearly all that there is to read.
Status Restorer::TakeItems(ports::StateStore& store) {
  constexpr Family kFamilies[] = {Family::kItemName, Family::kItem, Family::kDemand};
  Status taken;
  const auto take = [&](Family family, std::string_view key, std::string_view record) {
    if (!taken.ok()) return;
    taken = family == Family::kItemName ? TakeName(key, record)
            : family == Family::kItem   ? TakeItem(key, record)
                                        : TakeDemand(key, record);
  };
  SW_TRY_STATUS(store.ReadFamilies(kFamilies, take));
  SW_TRY_STATUS(taken);
  SW_TRY_STATUS(BuildRings());
  for (key::ItemIndex item = 0; item < state_.ledger.size(); ++item) {
    if (state_.ledger.at(item).group != stock::kNoSlab) items_.Restore(item);
  }
  return {};
}

Status Restorer::TakeEngine(std::string_view record) {
  SW_TRY(const EngineRecord engine, DecodeEngine(record));
  state_.source_time = engine.source_time;
  state_.last_applied = engine.last_applied;
  state_.changes = engine.changes;
  state_.alerts = engine.alerts;
  state_.dead_letters_kept = engine.dead_letters;
  state_.rule_edits = engine.rule_edits;
  state_.engine_time = engine.engine_time;
  lists_closed_ = engine.lists_closed;
  state_.directory.Reserve(engine.items);
  return {};
}

Status Restorer::TakeName(std::string_view key, std::string_view record) {
  if (key.size() != 4) return Damaged("number of an item");
  SW_TRY(const stock::ItemNameRecord name, stock::DecodeItemName(record));
  const event::ItemKey item_key{event::WarehouseIdView::Trusted(name.warehouse),
                                event::SkuView::Trusted(name.sku)};
  const key::ItemIndex index = NumberOf(key);
  if (!state_.directory.Restore(index, item_key)) {
    return Damaged("item " + std::string(name.warehouse) + "/" + std::string(name.sku) +
                   " is there twice");
  }
  if (!name.document_key.empty()) state_.directory.Bind(index, name.document_key);
  stock::Item& item = state_.ledger.Start(index);
  item.source = name.source;
  item.discontinued = name.discontinued;
  item.group = GroupOf(state_.directory.Warehouse(index), name);
  item.product = state_.names.Intern(name.product);
  if (name.description) state_.ledger.SetDescription(item, *name.description);
  return {};
}

// Few paths have many items: looked up whole, not name by name.
stock::NodeIndex Restorer::GroupOf(key::NameId warehouse, const stock::ItemNameRecord& name) {
  path_.assign(reinterpret_cast<const char*>(&warehouse), sizeof warehouse);
  for (const std::string_view level : {name.department, name.category, name.brand}) {
    path_.append(level).push_back('\0');
  }
  const auto found = groups_.find(path_);
  if (found != groups_.end()) return found->second;
  const stock::NodeIndex group =
      state_.rollups.GroupOf(warehouse, {name.department, name.category, name.brand, name.product});
  groups_.emplace(path_, group);
  return group;
}

Status Restorer::TakeItem(std::string_view key, std::string_view record) {
  const key::ItemIndex index = key.size() == 4 ? NumberOf(key) : key::kNoItem;
  if (index >= state_.ledger.size() || state_.ledger.at(index).group == stock::kNoSlab) {
    return Damaged("an item without a name");
  }
  base::ByteReader reader(record);
  const std::string_view own = reader.TakeRaw(reader.TakeVarint());
  if (!reader.ok()) return Damaged("length of an item's record");
  SW_TRY(stock::ItemRecord known, stock::DecodeItem(own));
  stock::Item& item = state_.ledger.at(index);
  item.sums = known.sums;
  item.top = known.top;
  item.opening = known.opening;
  item.life = known.life;
  item.opened_seconds = known.opened_seconds;
  item.last_sale = known.last_sale;
  if (known.transaction_price) {
    stock::Description& description = state_.ledger.DescriptionOf(item);
    description.transaction_price = known.transaction_price;
    description.transaction_price_at = known.transaction_price_at;
  }
  if (known.sold_in_hour) {
    SW_TRY(demand::Rings rings,
           demand::DecodeRings({.present = demand::Present{demand::Hour{known.sold_in_hour->hour},
                                                           known.sold_in_hour->quantity}}));
    item.demand = state_.rings.Add(std::move(rings));
  }
  if (known.book) state_.ledger.BookOf(item) = *std::move(known.book);
  const std::string_view watches = reader.TakeRaw(reader.rest());
  if (!watches.empty()) watches_.emplace_back(alert::Subject::OfItem(index), watches);
  return {};
}

// Both records of an item come one behind the other.
Status Restorer::TakeDemand(std::string_view key, std::string_view record) {
  if (key.size() != 5 || (key[4] != 'd' && key[4] != 'h')) return Damaged("key of demand");
  const key::ItemIndex index = NumberOf(key.substr(0, 4));
  if (index >= state_.ledger.size() || state_.ledger.at(index).group == stock::kNoSlab) {
    return Damaged("demand of an item without a name");
  }
  if (index != demand_item_) SW_TRY_STATUS(BuildRings());
  demand_item_ = index;
  (key[4] == 'd' ? demand_days_ : demand_hours_) = record;
  return {};
}

Status Restorer::BuildRings() {
  if (!demand_days_ && !demand_hours_) return {};
  stock::Item& item = state_.ledger.at(demand_item_);
  demand::StoredRings stored{std::nullopt, demand_hours_, demand_days_};
  if (item.demand != stock::kNoSlab) {
    stored.present = demand::PresentOf(state_.rings[item.demand]);
  } else {
    item.demand = state_.rings.Add(demand::Rings());
  }
  SW_TRY(state_.rings[item.demand], demand::DecodeRings(stored));
  demand_days_.reset();
  demand_hours_.reset();
  return {};
}

Status Restorer::TakeEpisode(std::string_view record) {
  SW_TRY(const alert::EpisodeRecord episode, alert::DecodeEpisode(record));
  if (episode.state == alert::State::kClosed) {  // the store has it, memory need not
    if (!lists_closed_) {
      state_.batch.Put(Family::kClosedAlert, AgeKey(episode.opened_at, alert::BytesOf(episode.id)),
                       {});
    }
    return {};
  }
  alert::Subject subject;
  if (const auto* component = std::get_if<alert::Component>(&episode.subject)) {
    subject = alert::Subject::OfComponent(state_.components.Of(*component));
  } else if (const auto* item = std::get_if<alert::ItemSubject>(&episode.subject)) {
    subject = alert::Subject::OfItem(state_.directory.Find(
        {event::WarehouseIdView::Trusted(item->warehouse), event::SkuView::Trusted(item->sku)}));
    if (subject.index == key::kNoItem) {
      return Damaged("alert of an unknown item " + item->warehouse + "/" + item->sku);
    }
  } else {
    const auto& node = std::get<alert::NodeSubject>(episode.subject);
    SW_TRY(const stock::NodeIndex index, NodeOf(alert::SubjectText(node)));
    subject = alert::Subject::OfNode(index);
  }
  threshold::VersionIndex origin = threshold::kNoVersion;
  if (episode.origin) {
    origin = state_.rules.Find(episode.origin->rule_id, episode.origin->version);
    if (origin == threshold::kNoVersion) {
      return Damaged("alert by an unknown version of rule " + episode.origin->rule_id);
    }
  }
  state_.episodes.Restore(episode, subject, origin);
  return {};
}

Status Restorer::TakeNode(std::string_view key, std::string_view record) {
  SW_TRY(const stock::NodeIndex node, NodeOf(key));
  base::ByteReader reader(record);
  const auto applied_seconds = reader.Take<std::uint32_t>();
  if (!reader.ok()) return Damaged("a category node");
  state_.rollups.RestoreApplied(node, applied_seconds);
  const std::string_view watches = reader.TakeRaw(reader.rest());
  if (!watches.empty()) watches_.emplace_back(alert::Subject::OfNode(node), watches);
  return {};
}

// `text`: the subject's, as alert::SubjectText writes it. The node may have no item any more.
base::Result<stock::NodeIndex> Restorer::NodeOf(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  const bool global = parts.size() == 4 && parts[1] == stock::Name(stock::Tree::kGlobal);
  const bool warehouse = parts.size() == 5 && parts[1] == stock::Name(stock::Tree::kWarehouse);
  if (parts[0] != "node" || (!global && !warehouse)) return Damaged("name of a category node");
  return state_.rollups.CategoryAt(global ? stock::Tree::kGlobal : stock::Tree::kWarehouse,
                                   {parts.begin() + 2, parts.end()});
}

Status Restorer::TakeWatches() {
  for (const auto& [subject, record] : watches_) {
    SW_TRY_STATUS(state_.episodes.RestoreWatches(subject, record));
  }
  watches_.clear();
  return {};
}

Status Restorer::TakeDeparted(std::string_view key, std::string_view record) {
  if (key.size() != kDepartedKeyBytes || record.empty()) return Damaged("a departed document");
  state_.departed.Add(record, PositionOf(key.substr(64)));
  return {};
}

void Restorer::AddTimers() {
  state_.episodes.ForEachTimer(
      [&](const alert::TimerRequest& request) { AddTimer(state_, request); });
  for (key::ItemIndex item = 0; item < state_.ledger.size(); ++item) {
    if (state_.ledger.at(item).group != stock::kNoSlab) items_.RestoreTimers(item);
  }
  thresholds_.ScheduleFirstTurn();
}

}  // namespace stockwatch::flow
