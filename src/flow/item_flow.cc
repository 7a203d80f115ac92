#include "flow/item_flow.h"

#include <bit>

#include "flow/item_moment.h"
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
    Bit(ConditionType::kOverstock) | Bit(ConditionType::kStaleStock) |
    Bit(ConditionType::kProjectedStockout) | Bit(ConditionType::kVelocitySpike);

// Those that a discontinued item does not have.
constexpr alert::ConditionMask kRunningOut =
    Bit(ConditionType::kOutOfStock) | Bit(ConditionType::kCriticalStock) |
    Bit(ConditionType::kLowStock) | Bit(ConditionType::kProjectedStockout);

}  // namespace

key::ItemIndex ItemFlow::Make(const event::ItemKey& key, std::uint8_t source) {
  const key::ItemIndex index = state_.directory.Add(key);
  stock::Item& item = state_.ledger.Start(index);
  item.source = source;
  item.group = state_.rollups.GroupOf(state_.directory.Warehouse(index), {});
  Resolve(index);
  return index;
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
    LeaveRanks(index, before.group);
  }
  std::optional<stock::RiskScore> risk;
  std::optional<stock::RiskScore> cover;
  if (after.contribution.active) {
    const base::Quantity available = after.contribution.shown.available();
    risk = RiskOf(state_, item, available);
    cover = CoverOf(state_, item, available);
  }
  state_.risk.Set(index, after.group, risk);
  state_.running_out.Set(index, after.group, cover);
  return after;
}

void ItemFlow::LeaveRanks(key::ItemIndex index, stock::NodeIndex group) {
  state_.risk.Remove(index, group);
  state_.running_out.Remove(index, group);
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
  const stock::WarehouseRules& rules = state_.RulesOf(index);
  const bool in_order = row.position > item.top;
  if (!in_order && state_.ledger.Knows(index, row.position)) return stock::Applied::kDuplicate;
  demand_.BeforeChange(index);
  if (state_.ledger.Apply(index, row, rules) == stock::Applied::kDuplicate) {
    return stock::Applied::kDuplicate;
  }
  AppendHistory(index, row);
  demand_.AfterChange(index, row,
                      in_order ? DemandFlow::Order::kInOrder : DemandFlow::Order::kLate);
  if (describes) {
    if (image != nullptr) Describe(index, *image);
    state_.ledger.SetDescribedAt(item, row.position);
  }
  demand_.Plan(index);
  const Standing after = Restand(index, before);
  if (counts == Counts::kYes) {
    const std::uint32_t now = state_.now_seconds();
    if (before.contribution.present) state_.rollups.NoteApplied(before.group, now);
    if (after.contribution.present) state_.rollups.NoteApplied(after.group, now);
  }
  const Moment moment{state_.now(), alert::Place::OfChange(row.position), counts == Counts::kYes};
  sold_ = row.kind == stock::RowKind::kSale;
  Judge(index, moment, kFromFigures);
  sold_ = false;
  drift_.Watch(index, row, moment, outcome_);
  if (item.life == stock::Life::kRetired && row.kind == stock::RowKind::kDelete) {
    AddRetirementTimer(index, row.position);
  }
  Publish(state_, outcome_);
  return stock::Applied::kApplied;
}

// Twice the length of the history: until then late changes of its time may come.
void ItemFlow::AddRetirementTimer(key::ItemIndex index, base::Position deleted_at) {
  const base::Duration keep = state_.options.history_keep;
  state_.timers.Add({base::Instant::Seconds(deleted_at.seconds) + keep + keep,
                     alert::TimerKind::kRetirement,
                     SubjectKey(state_, alert::Subject::OfItem(index)),
                     alert::Subject::OfItem(index),
                     {},
                     deleted_at});
}

// What was known of the retired item is forgotten: a new one begins.
void ItemFlow::Renew(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  if (const std::string_view document = state_.directory.Document(index); !document.empty()) {
    state_.Depart(document, item.opening);
    state_.directory.Unbind(index);
  }
  state_.ledger.Touch(index, stock::Ledger::kNames);
  demand_.Forget(index);
  state_.ledger.Renew(item);
  LeaveRanks(index, item.group);
  item.group = state_.rollups.GroupOf(state_.directory.Warehouse(index), {});
  item.product = key::kNoName;
  Resolve(index);
}

void ItemFlow::AppendHistory(key::ItemIndex index, const stock::HistoryRow& row) {
  record_.clear();
  stock::EncodeHistoryRow(row, record_);
  state_.batch.AppendHistory(index, row.position, record_);
}

void ItemFlow::Describe(key::ItemIndex index, const event::InventoryImage& image) {
  stock::Item& item = state_.ledger.at(index);
  state_.ledger.Touch(index, stock::Ledger::kNames);
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
  demand_.ForgetPlan(index);
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
  state_.ledger.Touch(index, stock::Ledger::kFigures);
  description.transaction_price = transaction.price;
  description.transaction_price_at = position;
}

void ItemFlow::Restore(key::ItemIndex index) {
  Resolve(index);
  demand_.Plan(index);
  Restand(index, {state_.ledger.at(index).group, {}});
}

void ItemFlow::RestoreTimers(key::ItemIndex index) {
  drift_.RestoreTimers(index);
  const stock::Item& item = state_.ledger.at(index);
  if (item.life == stock::Life::kRetired) AddRetirementTimer(index, item.opening);
  AddHourTimer(index);
}

void ItemFlow::AddHourTimer(key::ItemIndex index) {
  const stock::Watched& watched = state_.ledger.at(index).watched;
  if (((watched.active | watched.waiting) & Bit(ConditionType::kVelocitySpike)) == 0) return;
  constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
  const base::Instant next =
      base::Instant::Micros((state_.now().micros() / kMicrosPerHour + 1) * kMicrosPerHour);
  AddTimer(state_, {next, alert::TimerKind::kHour, alert::Subject::OfItem(index),
                    ConditionType::kVelocitySpike});
}

void ItemFlow::OnHourTimer(const Timer& timer) {
  const key::ItemIndex index = timer.subject.index;
  const stock::Watched& watched = state_.ledger.at(index).watched;
  if (((watched.active | watched.waiting) & Bit(ConditionType::kVelocitySpike)) == 0) return;
  demand_.BeforeChange(index);
  demand_.Plan(index);
  const Moment moment{timer.due, alert::Place::OfTimer(timer.due, timer.kind), false};
  Judge(index, moment, Bit(ConditionType::kVelocitySpike));
  Publish(state_, outcome_);
}

void ItemFlow::TurnDay(key::ItemIndex index, const alert::Moment& moment) {
  const stock::Item& item = state_.ledger.at(index);
  const threshold::Resolved& thresholds = state_.rules.at(item.thresholds);
  const bool freezes = state_.rules.AnyGives(threshold::Field::kFreeze);
  const bool judged =
      item.life == stock::Life::kOpened && (thresholds.stale_days || thresholds.NeedsDemand());
  if (!freezes && !judged) return;
  const Standing before = StandingOf(item);  // by the plan of the day before
  if (freezes) demand_.FreezeYesterday(index, NamesOf(state_, alert::Subject::OfItem(index)));
  if (!judged) return;
  demand_.Plan(index);
  if (thresholds.NeedsDemand()) Restand(index, before);
  JudgeAgain(index, moment);
}

void ItemFlow::Resolve(key::ItemIndex index) {
  state_.ledger.at(index).thresholds =
      state_.rules.Resolve(NamesOf(state_, alert::Subject::OfItem(index)), state_.now());
  demand_.ForgetPlan(index);
}

void ItemFlow::TakeThresholds(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  const Standing before = StandingOf(item);
  const threshold::ResolvedId known = item.thresholds;
  Resolve(index);
  demand_.Plan(index);
  if (item.thresholds != known) Restand(index, before);
}

alert::ConditionMask ItemFlow::HoldsNow(key::ItemIndex index) const {
  const stock::Item& item = state_.ledger.at(index);
  if (item.life != stock::Life::kOpened) return 0;
  threshold::Bounds dynamic;
  return alert::JudgeItem(MomentOf(state_, index, state_.now(), dynamic)).holds;
}

void ItemFlow::JudgeAgain(key::ItemIndex index, const Moment& moment) {
  Judge(index, moment, kFromFigures);
  Publish(state_, outcome_);
}

void ItemFlow::Judge(key::ItemIndex index, const Moment& moment, alert::ConditionMask types) {
  const stock::Item& item = state_.ledger.at(index);
  const alert::Subject subject = alert::Subject::OfItem(index);
  if (item.life == stock::Life::kOpened) {
    JudgeConditions(index, moment, types);
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
  if (state_.rules.at(item.thresholds).velocity_spike_ratio) AddHourTimer(index);
}

void ItemFlow::JudgeConditions(key::ItemIndex index, const Moment& moment,
                               alert::ConditionMask types) {
  const stock::Item& item = state_.ledger.at(index);
  threshold::Bounds dynamic;
  alert::ItemMoment present = MomentOf(state_, index, moment.now, dynamic);
  present.sold = sold_;
  const alert::Verdict verdict = alert::JudgeItem(present);
  unsigned left = (verdict.holds | item.watched.active | item.watched.waiting) & types;
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
  const bool given =
      item.thresholds.origin[threshold::SeverityIndex(type)] != threshold::kNoVersion;
  if (type == ConditionType::kProjectedStockout && !given && RunsOutBeforeReceipt(item)) {
    finding.severity = event::Severity::kCritical;
  }
  finding.origin = OriginOf(item, type);
  return finding;
}

void ItemFlow::OnDriftTimer(const Timer& timer) {
  drift_.OnTimer(timer, outcome_);
  Publish(state_, outcome_);
}

void ItemFlow::OnHoldTimer(const Timer& timer) {
  const key::ItemIndex index = timer.subject.index;
  if (!state_.episodes.HoldIsDue(timer.subject, timer.type, timer.due)) return;
  threshold::Bounds dynamic;
  demand_.Plan(index);
  const alert::ItemMoment present = MomentOf(state_, index, timer.due, dynamic);
  const alert::Finding finding = FindingOf(present, alert::JudgeItem(present), timer.type);
  state_.episodes.OnHoldTimer(timer.subject, timer.type, finding,
                              {timer.due, alert::Place::OfTimer(timer.due, timer.kind), false},
                              outcome_);
  Publish(state_, outcome_);
}

void ItemFlow::OnCloseTimer(const Timer& timer) {
  state_.episodes.OnCloseTimer(timer.subject, timer.type, timer.due, outcome_);
  Publish(state_, outcome_);
}

void ItemFlow::OnRetirementTimer(const Timer& timer) {
  const key::ItemIndex index = timer.subject.index;
  const stock::Item& item = state_.ledger.at(index);
  // Returned, renewed, deleted again later, or its number given to another item since.
  if (item.life != stock::Life::kRetired || item.opening != timer.position) return;
  if (item.watched.first != stock::kNoSlab) return;
  const std::string_view document = state_.directory.Document(index);
  if (!document.empty()) state_.Depart(document, item.opening);
  LeaveRanks(index, item.group);
  demand_.Forget(index);
  state_.ledger.Drop(index);
  state_.directory.Drop(index);
  state_.batch.Forget(index);
  state_.batch.Remove(ports::Family::kItem, NumberKey(index));
  state_.batch.Remove(ports::Family::kItemName, NumberKey(index));
}

}  // namespace stockwatch::flow
