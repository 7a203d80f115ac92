#include "flow/item_flow.h"

#include <algorithm>
#include <bit>

#include "domain/stock/drift.h"
#include "flow/publish.h"

namespace stockwatch::flow {
namespace {

using alert::Bit;
using alert::Moment;
using event::ConditionType;

// The conditions that follow from an item's figures; drift follows from its history.
constexpr alert::ConditionMask kFromFigures =
    Bit(ConditionType::kOutOfStock) | Bit(ConditionType::kCriticalStock) |
    Bit(ConditionType::kLowStock) | Bit(ConditionType::kNegativeStock) |
    Bit(ConditionType::kOverstock) | Bit(ConditionType::kStaleStock);

// Those that a discontinued item does not have.
constexpr alert::ConditionMask kRunningOut = Bit(ConditionType::kOutOfStock) |
                                             Bit(ConditionType::kCriticalStock) |
                                             Bit(ConditionType::kLowStock);

// The field whose rule an alert names; none for conditions that are always on.
std::optional<threshold::Field> OriginField(ConditionType type) {
  switch (type) {
    case ConditionType::kCriticalStock:
      return threshold::Field::kCritical;
    case ConditionType::kLowStock:
      return threshold::Field::kLow;
    case ConditionType::kOverstock:
      return threshold::Field::kMax;
    case ConditionType::kStaleStock:
      return threshold::Field::kStaleDays;
    default:
      return std::nullopt;
  }
}

std::string Sortable(base::Position position) {
  std::string text;
  for (const std::uint32_t part :
       {position.generation, position.seconds, position.increment, position.ordinal}) {
    for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(part >> shift));
  }
  return text;
}

}  // namespace

key::ItemIndex ItemFlow::Make(const event::ItemKey& key, std::uint8_t source) {
  const key::ItemIndex index = state_.directory.Add(key);
  stock::Item& item = state_.ledger.Start(index);
  item.source = source;
  item.group = state_.rollups.GroupOf(state_.directory.Warehouse(index), {});
  Resolve(index);
  return index;
}

const stock::WarehouseRules& ItemFlow::RulesOf(key::ItemIndex item) {
  const key::NameId warehouse = state_.directory.Warehouse(item);
  if (warehouse >= warehouse_rules_.size()) warehouse_rules_.resize(warehouse + 1);
  const stock::WarehouseRules*& rules = warehouse_rules_[warehouse];
  if (rules == nullptr) {
    auto named = state_.options.warehouses.find(std::string(state_.names.Text(warehouse)));
    rules = named == state_.options.warehouses.end() ? &state_.options.warehouse : &named->second;
  }
  return *rules;
}

threshold::Subject ItemFlow::SubjectOf(key::ItemIndex index) const {
  const stock::Item& item = state_.ledger.at(index);
  const event::ItemKey key = state_.directory.Key(index);
  return {key.warehouse.text(),
          state_.names.Text(state_.rollups.Department(item.group)),
          state_.names.Text(state_.rollups.Category(item.group)),
          state_.names.Text(state_.rollups.Brand(item.group)),
          state_.names.Text(item.product),
          key.sku.text()};
}

ItemFlow::Standing ItemFlow::StandingOf(const stock::Item& item) const {
  return {item.group, ContributionOf(state_, item)};
}

// Moves what the item adds from where it stood to where it stands.
ItemFlow::Standing ItemFlow::Restand(key::ItemIndex index, const Standing& before) {
  stock::Item& item = state_.ledger.at(index);
  const Standing after = StandingOf(item);
  if (before.group == after.group) {
    state_.rollups.Change(after.group, before.contribution, after.contribution);
  } else {
    state_.rollups.Remove(before.group, before.contribution);
    state_.rollups.Add(after.group, after.contribution);
    state_.risk.Remove(index, before.group);
  }
  std::optional<stock::RiskScore> risk;
  if (after.contribution.active) {
    risk =
        stock::RiskOf(after.contribution.shown.available(), state_.rules.at(item.thresholds).low);
  }
  state_.risk.Set(index, after.group, risk);
  return after;
}

stock::Applied ItemFlow::Apply(key::ItemIndex index, stock::HistoryRow& row,
                               const event::InventoryImage* image, Counts counts) {
  stock::Item& item = state_.ledger.at(index);
  const bool renewed = state_.ledger.IsDroppedAt(item, row.position);
  if (renewed) Renew(index);
  Standing before = StandingOf(item);
  if (renewed || item.top == base::Position()) before.contribution = {};  // it is new
  const bool describes = (image != nullptr || row.kind == stock::RowKind::kDelete) &&
                         row.position > state_.ledger.DescribedAt(item);
  const stock::WarehouseRules& rules = RulesOf(index);
  if (state_.ledger.Apply(index, row, rules) == stock::Applied::kDuplicate) {
    return stock::Applied::kDuplicate;
  }
  AppendHistory(index, row);
  if (describes) {
    if (image != nullptr) Describe(index, *image, row.position);
    state_.ledger.SetDescribedAt(item, row.position);
  }
  const Standing after = Restand(index, before);
  if (counts == Counts::kYes) {
    const std::uint32_t now = state_.now_seconds();
    if (before.contribution.present) state_.rollups.NoteApplied(before.group, now);
    if (after.contribution.present) state_.rollups.NoteApplied(after.group, now);
  }
  const Moment moment{state_.now(), alert::Place::OfChange(row.position), counts == Counts::kYes};
  sold_ = row.kind == stock::RowKind::kSale;
  Judge(index, moment);
  sold_ = false;
  WatchForDrift(index, row, moment);
  if (item.life == stock::Life::kRetired && row.kind == stock::RowKind::kDelete) {
    // Twice the length of the history: until then late changes of its time may come.
    const base::Duration keep = state_.options.history_keep;
    state_.timers.Add({base::Instant::Seconds(row.position.seconds) + keep + keep,
                       alert::TimerKind::kRetirement,
                       SubjectKey(state_, alert::Subject::OfItem(index)),
                       alert::Subject::OfItem(index),
                       {},
                       0,
                       row.position});
  }
  Publish(state_, outcome_);
  return stock::Applied::kApplied;
}

// What was known of the retired item is forgotten: a new one begins.
void ItemFlow::Renew(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  if (const std::string_view document = state_.directory.Document(index); !document.empty()) {
    state_.departed.Add(document, item.opening);
    state_.directory.Unbind(index);
  }
  state_.ledger.Renew(item);
  state_.risk.Remove(index, item.group);
  item.group = state_.rollups.GroupOf(state_.directory.Warehouse(index), {});
  item.product = key::kNoName;
  Resolve(index);
}

void ItemFlow::AppendHistory(key::ItemIndex index, const stock::HistoryRow& row) {
  std::string& bytes = state_.batch.history_bytes;
  const std::size_t offset = bytes.size();
  stock::EncodeHistoryRow(row, bytes);
  state_.batch.history.push_back({index, static_cast<std::uint32_t>(offset),
                                  static_cast<std::uint32_t>(bytes.size() - offset)});
}

void ItemFlow::Describe(key::ItemIndex index, const event::InventoryImage& image,
                        base::Position position) {
  stock::Item& item = state_.ledger.at(index);
  stock::Description description;
  if (const stock::Description* known = state_.ledger.FindDescription(item)) {
    description.transaction_price = known->transaction_price;
    description.transaction_price_at = known->transaction_price_at;
  }
  description.name = image.name;
  description.price = image.price;
  description.cost = image.cost;
  description.lead_time_days = image.lead_time_days;
  description.service_level = image.service_level;
  description.pack_size = image.pack_size;
  description.moq = image.moq;
  description.expected_at = image.expected_at;
  state_.ledger.SetDescription(item, description);
  state_.ledger.SetDescribedAt(item, position);
  item.discontinued = image.status == event::ProductStatus::kDiscontinued;
  const stock::NodeIndex group =
      state_.rollups.GroupOf(state_.directory.Warehouse(index), image.levels);
  const key::NameId product = state_.names.Intern(image.levels.product);
  if (group == item.group && product == item.product) return;
  item.group = group;
  item.product = product;
  Resolve(index);
}

void ItemFlow::NotePrice(key::ItemIndex index, const event::Transaction& transaction,
                         base::Position position) {
  if (!transaction.price) return;
  stock::Description& description = state_.ledger.DescriptionOf(state_.ledger.at(index));
  if (description.transaction_price && position < description.transaction_price_at) return;
  description.transaction_price = transaction.price;
  description.transaction_price_at = position;
}

void ItemFlow::Resolve(key::ItemIndex index) {
  state_.ledger.at(index).thresholds = state_.rules.Resolve(SubjectOf(index), state_.now());
}

void ItemFlow::TakeThresholds(key::ItemIndex index, const Moment& moment) {
  stock::Item& item = state_.ledger.at(index);
  const Standing before = StandingOf(item);
  const threshold::ResolvedId known = item.thresholds;
  Resolve(index);
  if (item.thresholds == known) return;
  Restand(index, before);
  Judge(index, moment);
  Publish(state_, outcome_);
}

void ItemFlow::JudgeAgain(key::ItemIndex index, const Moment& moment) {
  Judge(index, moment);
  Publish(state_, outcome_);
}

void ItemFlow::Judge(key::ItemIndex index, const Moment& moment) {
  const stock::Item& item = state_.ledger.at(index);
  const alert::Subject subject = alert::Subject::OfItem(index);
  if (item.life == stock::Life::kOpened) {
    JudgeConditions(index, moment);
  } else if (item.watched.first != stock::kNoSlab) {
    const alert::Cause cause =
        item.life == stock::Life::kRetired ? alert::Cause::kRetired : alert::Cause::kCleared;
    state_.episodes.ResolveAll(subject, cause, moment, outcome_);
  }
  // An opening that was held back may be told by now: the item has another path, or the alert
  // another severity.
  if (!outcome_.transitions.empty() || item.watched.active != 0) {
    state_.episodes.FinishSubject(subject, moment.now, outcome_);
  }
}

void ItemFlow::JudgeConditions(key::ItemIndex index, const Moment& moment) {
  const stock::Item& item = state_.ledger.at(index);
  const threshold::Resolved& thresholds = state_.rules.at(item.thresholds);
  const alert::ItemMoment present{item, state_.ledger.ShownOf(item), thresholds, moment.now, sold_};
  const alert::Verdict verdict = alert::JudgeItem(present);
  unsigned left = (verdict.holds | item.watched.active | item.watched.waiting) & kFromFigures;
  for (; left != 0; left &= left - 1) {
    const auto type = static_cast<ConditionType>(std::countr_zero(left));
    state_.episodes.Judge(alert::Subject::OfItem(index), type, FindingOf(present, verdict, type),
                          moment, outcome_);
  }
}

alert::Finding ItemFlow::FindingOf(const alert::ItemMoment& item, const alert::Verdict& verdict,
                                   ConditionType type) const {
  alert::Finding finding;
  finding.holds = (verdict.holds & Bit(type)) != 0;
  finding.clears = (verdict.clears & Bit(type)) != 0;
  finding.off = (verdict.off & Bit(type)) != 0;
  const bool discontinued = item.item.discontinued && item.thresholds.enabled;
  finding.off_cause =
      discontinued && (Bit(type) & kRunningOut) != 0 ? alert::Cause::kCleared : alert::Cause::kRule;
  finding.compared = alert::CompareItem(item, type);
  finding.severity = item.thresholds.severity[event::Index(type)];
  finding.hold_for = item.thresholds.hold_for;
  if (const auto field = OriginField(type)) {
    finding.origin = item.thresholds.origin[threshold::Index(*field)];
  }
  return finding;
}

base::Quantity ItemFlow::DriftTolerance(const stock::Item& item,
                                        const stock::WarehouseRules& rules) const {
  return state_.rules.at(item.thresholds).drift_tolerance.value_or(rules.drift_tolerance);
}

void ItemFlow::WatchForDrift(key::ItemIndex index, const stock::HistoryRow& row,
                             const Moment& moment) {
  const stock::WarehouseRules& rules = RulesOf(index);
  stock::Item& item = state_.ledger.at(index);
  const auto open_before =
      state_.episodes.Active(alert::Subject::OfItem(index), ConditionType::kDrift);
  const bool noted = stock::NoteDriftCheck(state_.ledger, item, row, rules);
  const stock::Book* book = state_.ledger.FindBook(item);
  const bool late = row.position < item.top;
  if (late) {
    CheckWaiting(index, moment);
  } else if (book != nullptr && !book->checks.empty()) {
    const base::Quantity tolerance = DriftTolerance(item, rules);
    for (std::size_t agreed = stock::TakeAgreeing(state_.ledger, item, tolerance).size();
         agreed > 0; --agreed) {
      ResolveDrift(index, moment);
    }
  }
  if (row.kind == stock::RowKind::kCount) ResolveDrift(index, moment);
  const base::Instant due = base::Instant::Seconds(row.position.seconds) + rules.drift_grace;
  const bool grace_over = due <= state_.now();
  // A change counts once, whatever its documents find.
  if (noted) {
    JudgeDrift(index, row.position, {moment.now, moment.place, moment.is_change && !open_before},
               grace_over);
  }
  if (open_before && moment.is_change) state_.episodes.NoteChange(*open_before);
  if (!noted || grace_over) return;
  state_.timers.Add({due,
                     alert::TimerKind::kDrift,
                     SubjectKey(state_, alert::Subject::OfItem(index)) + Sortable(row.position),
                     alert::Subject::OfItem(index),
                     {},
                     0,
                     row.position});
}

void ItemFlow::JudgeDrift(key::ItemIndex index, base::Position document, const Moment& moment,
                          bool grace_over) {
  const stock::WarehouseRules& rules = RulesOf(index);
  const stock::Item& item = state_.ledger.at(index);
  const base::Quantity tolerance = DriftTolerance(item, rules);
  const stock::DriftVerdict verdict =
      stock::JudgeDrift(state_.ledger, index, document, tolerance, rules, grace_over);
  if (verdict.answer == stock::DriftAnswer::kAgreed) ResolveDrift(index, moment);
  if (verdict.answer != stock::DriftAnswer::kDisagreed) return;
  const threshold::Resolved& thresholds = state_.rules.at(item.thresholds);
  alert::Finding finding;
  finding.holds = true;
  finding.compared = {verdict.finding.difference.thousandths(), tolerance.thousandths()};
  finding.severity = thresholds.severity[event::Index(ConditionType::kDrift)];
  finding.origin = thresholds.origin[threshold::Index(threshold::Field::kDriftTolerance)];
  const alert::Subject subject = alert::Subject::OfItem(index);
  state_.episodes.Judge(subject, ConditionType::kDrift, finding, moment, outcome_);
  state_.episodes.FinishSubject(subject, moment.now, outcome_);
  // The re-base may be what others waited for.
  CheckWaiting(index, moment);
}

// Compares each document that waits with the ledger as it stands now.
void ItemFlow::CheckWaiting(key::ItemIndex index, const Moment& moment) {
  const stock::Item& item = state_.ledger.at(index);
  const stock::Book* book = state_.ledger.FindBook(item);
  if (book == nullptr || book->checks.empty()) return;
  const stock::WarehouseRules& rules = RulesOf(index);
  const base::Quantity tolerance = DriftTolerance(item, rules);
  const std::vector<stock::DriftCheck> waiting = book->checks;
  for (const stock::DriftCheck& check : waiting) {
    const stock::DriftVerdict verdict =
        stock::JudgeDrift(state_.ledger, index, check.position, tolerance, rules, false);
    if (verdict.answer == stock::DriftAnswer::kAgreed) ResolveDrift(index, moment);
  }
}

// A document agreed, or somebody counted.
void ItemFlow::ResolveDrift(key::ItemIndex index, const Moment& moment) {
  const alert::Subject subject = alert::Subject::OfItem(index);
  const auto active = state_.episodes.Active(subject, ConditionType::kDrift);
  if (!active) return;
  const alert::Episode& episode = state_.episodes.at(*active);
  alert::Finding finding;
  finding.clears = true;
  finding.compared = {episode.now, episode.threshold};
  state_.episodes.Judge(subject, ConditionType::kDrift, finding, moment, outcome_);
  state_.episodes.FinishSubject(subject, moment.now, outcome_);
}

void ItemFlow::OnDriftTimer(const Timer& timer) {
  JudgeDrift(timer.subject.index, timer.position,
             {timer.due, alert::Place::OfTimer(timer.due, timer.kind), false}, true);
  Publish(state_, outcome_);
}

void ItemFlow::OnHoldTimer(const Timer& timer) {
  const key::ItemIndex index = timer.subject.index;
  if (!state_.episodes.HoldIsDue(timer.subject, timer.type, timer.due)) return;
  const stock::Item& item = state_.ledger.at(index);
  const alert::ItemMoment present{item, state_.ledger.ShownOf(item),
                                  state_.rules.at(item.thresholds), timer.due, false};
  const alert::Finding finding = FindingOf(present, alert::JudgeItem(present), timer.type);
  state_.episodes.OnHoldTimer(timer.subject, timer.type, finding,
                              {timer.due, alert::Place::OfTimer(timer.due, timer.kind), false},
                              outcome_);
  Publish(state_, outcome_);
}

void ItemFlow::OnCloseTimer(const Timer& timer) {
  state_.episodes.OnCloseTimer(timer.episode, timer.due, outcome_);
  Publish(state_, outcome_);
}

void ItemFlow::OnRetirementTimer(const Timer& timer) {
  const key::ItemIndex index = timer.subject.index;
  const stock::Item& item = state_.ledger.at(index);
  // Returned, renewed, deleted again later, or its number given to another item since.
  if (item.life != stock::Life::kRetired || item.opening != timer.position) return;
  if (item.watched.first != stock::kNoSlab) return;
  const std::string_view document = state_.directory.Document(index);
  if (!document.empty()) state_.departed.Add(document, item.opening);
  state_.risk.Remove(index, item.group);
  state_.ledger.Drop(index);
  state_.directory.Drop(index);
  state_.batch.Forget(index);
}

}  // namespace stockwatch::flow
