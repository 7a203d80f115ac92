#include "flow/engine.h"

#include "base/digest.h"
#include "base/overloaded.h"
#include "flow/images.h"
#include "flow/planning.h"
#include "flow/refusals.h"
#include "flow/restore.h"
#include "flow/settings_record.h"

namespace stockwatch::flow {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

std::uint32_t SecondsOf(base::Duration duration) {
  return static_cast<std::uint32_t>(duration.micros() / 1'000'000);
}

// The first whole second that is not before.
base::Instant SecondFrom(base::Instant at) {
  return base::Instant::Seconds((at.micros() + 999'999) / 1'000'000);
}

base::Instant TimeOf(base::Position position) {
  return base::Instant::Seconds(position.seconds);
}

bool HasPosition(const ports::RawInput& input) {
  return input.change.position.seconds != 0 && (input.placed || !input.change.token.empty());
}

stock::HistoryRow RowOf(const event::Transaction& transaction, base::Position position,
                        const stock::WarehouseRules& rules) {
  stock::HistoryRow row;
  row.position = position;
  row.kind = stock::KindOf(transaction.type);
  row.stated.on_hand = transaction.quantity;
  if (transaction.type == event::TransactionType::kSale) {
    row.stated.reserved = transaction.reserved_quantity.value_or(
        rules.sales_from_reservations ? transaction.quantity : base::Quantity());
  }
  row.reference = transaction.reference;
  row.occurred_at = transaction.occurred_at;
  return row;
}

// nullptr: the change names no item by its key.
const event::ItemKey* ItemKeyOf(const decode::Decoded& decoded) {
  const auto* change = std::get_if<event::Change>(&decoded);
  if (change == nullptr) return nullptr;
  if (const auto* transaction = std::get_if<event::Transaction>(&change->body)) {
    return &transaction->item;
  }
  const auto* image = std::get_if<event::InventoryImage>(&change->body);
  return image == nullptr ? nullptr : &image->item;
}

}  // namespace

Engine::Engine(const Options& options, ports::StateStore& store)
    : options_(options),
      state_(options, store),
      items_(state_),
      documents_(state_, items_),
      thresholds_(state_, items_),
      nodes_(state_),
      components_(state_),
      commands_(state_, {items_, nodes_, components_}),
      ordinals_(options.token_memory_max),
      sweep_(state_) {}

base::Status Engine::Restore(ports::StateStore& store) {
  SW_TRY_STATUS(Restorer(state_, items_, thresholds_, commands_, ordinals_).Run(store));
  nodes_.WatchAll();
  return {};
}

base::Status Engine::Start(ports::StateStore& store, const std::function<void()>& restored) {
  const StockSettings given = StockSettings::Of(options_);
  SW_TRY(const auto kept, ReadSettings(store));
  if (kept) {
    SW_TRY_STATUS(CheckSame(*kept, given));
  } else if (store.OutlivesEngine()) {
    std::string record;
    EncodeSettings(given, record);
    state_.batch.Put(ports::Family::kEngine, kSettingsKey, record);
  }
  SW_TRY_STATUS(Restore(store));
  if (restored) restored();
  components_.Start();
  TakeSettings(options_.rules);
  return {};
}

void Engine::TakeSettings(const std::vector<event::Rule>& rules) {
  thresholds_.TakeSettings(rules);
}

base::Status Engine::Commit(ports::StateStore& store) {
  const bool restarts = store.OutlivesEngine();
  PutImages(state_, restarts ? Images::kForRestart : Images::kLists);
  if (restarts) {
    ordinals_.Save(state_.batch);
  } else {
    ordinals_.SkipSave();
  }
  // What follows from a history that could not be read is worth nothing.
  SW_TRY_STATUS(state_.history.status());
  if (state_.batch.empty()) return {};
  SW_TRY_STATUS(store.Commit(state_.batch));
  state_.batch.Clear();
  if (restarts) sweep_.AfterCommit();
  return {};
}

void Engine::Place(ports::RawInput& input) {
  if (input.placed || !HasPosition(input)) return;
  base::Position& position = input.change.position;
  if (IsAhead(TimeOf(position))) return;  // nothing is remembered of it
  position.ordinal = ordinals_.Of(position.seconds, position.increment, input.change.token);
}

// Each step for the whole block before the next one, which reads what it brought.
void Engine::Expect(std::span<Arrival> block) {
  const key::ItemDirectory& directory = state_.directory;
  for (Arrival& arrival : block) {
    arrival.item_hash.reset();
    const event::ItemKey* key = ItemKeyOf(arrival.decoded);
    if (key == nullptr) continue;
    arrival.item_hash = directory.HashOf(*key);
    directory.Prefetch(*arrival.item_hash);
  }
  for (Arrival& arrival : block) {
    if (!arrival.item_hash) continue;
    arrival.likely_item = directory.Likely(*arrival.item_hash);
    if (arrival.likely_item == key::kNoItem) continue;
    directory.PrefetchEntry(arrival.likely_item);
    state_.ledger.Prefetch(arrival.likely_item);
  }
  for (const Arrival& arrival : block) {
    if (!arrival.item_hash || arrival.likely_item == key::kNoItem) continue;
    const stock::Item& item = state_.ledger.at(arrival.likely_item);
    directory.PrefetchText(arrival.likely_item);
    state_.risk.Prefetch(item);
    if (item.demand != stock::kNoSlab) state_.rings.Prefetch(item.demand);
    state_.episodes.Prefetch(item.watched);
  }
}

void Engine::Take(const Arrival& arrival, std::uint8_t source) {
  const ports::RawInput& input = arrival.input;
  ++state_.changes.read;
  const base::Instant at = TimeOf(input.change.position);
  if (IsAhead(at)) {
    ++refused_ahead_;
    Reject(input, AheadOfTheClock(at, at - *present_, ahead_max_));
    return;
  }
  if (HasPosition(input)) AdvanceTo(at);
  if (const auto* reject = std::get_if<event::Reject>(&arrival.decoded)) {
    Reject(input, *reject);
    return;
  }
  key::ItemIndex item = key::kNoItem;
  if (const event::ItemKey* key = ItemKeyOf(arrival.decoded)) {
    item = arrival.item_hash ? state_.directory.Find(*key, *arrival.item_hash, arrival.likely_item)
                             : state_.directory.Find(*key);
  }
  Count(input, Apply(std::get<event::Change>(arrival.decoded), item, source));
}

bool Engine::WaitsForExact(const Arrival& arrival) const {
  if (arrival.input.change.image != event::Image::kLookup) return false;
  const auto* change = std::get_if<event::Change>(&arrival.decoded);
  if (change == nullptr || !std::holds_alternative<event::InventoryImage>(change->body)) {
    return false;
  }
  const key::ItemIndex item =
      state_.directory.Find(std::get<event::InventoryImage>(change->body).item);
  return item != key::kNoItem && state_.ledger.at(item).life == stock::Life::kUnopened;
}

void Engine::NoteShown(std::string_view document_key, base::Position position) {
  const key::ItemIndex item = state_.directory.FindDocument(document_key);
  if (item == key::kNoItem) return;
  stock::Item& known = state_.ledger.at(item);
  if (known.life == stock::Life::kRetired || state_.ledger.DescribedAt(known) >= position) return;
  state_.ledger.SetDescribedAt(known, position);
  state_.ledger.Touch(item, stock::Ledger::kFigures);
}

std::size_t Engine::RetireUnseen(base::Position since) {
  std::size_t retired = 0;
  for (std::size_t i = 0; i < state_.ledger.size(); ++i) {
    const auto item = static_cast<key::ItemIndex>(i);
    const stock::Item& known = state_.ledger.at(item);
    const std::string document(state_.directory.Document(item));
    if (document.empty() || known.life == stock::Life::kRetired ||
        state_.ledger.DescribedAt(known) >= since) {
      continue;
    }
    static_cast<void>(documents_.Delete(document, since));
    ++retired;
  }
  return retired;
}

void Engine::FinishInput() {
  if (state_.source_time) nodes_.FinishSecond(SecondFrom(state_.now()), thresholds_.epoch());
}

// Timers due on the way fire at their own time.
void Engine::AdvanceTo(base::Instant second) {
  if (!state_.source_time) {
    state_.source_time = second;
    thresholds_.ScheduleFirstTurn();
    return;
  }
  while (state_.timers.HasDue(std::max(second, state_.now()))) {
    const Timer timer = state_.timers.TakeFirst();
    if (timer.due > state_.now()) MoveTimeTo(timer.due);
    Fire(timer);
  }
  if (second <= state_.now()) return;
  MoveTimeTo(second);
  Housekeep();
}

// The roll-ups of a second are judged when it is over: after its changes, and the timers since the
// second before, and before anything of the next one.
void Engine::MoveTimeTo(base::Instant at) {
  const base::Instant present = SecondFrom(state_.now());
  if (present < SecondFrom(at)) nodes_.FinishSecond(present, thresholds_.epoch());
  state_.source_time = at;
}

void Engine::MoveEngineTime(base::Instant now) {
  if (now <= state_.engine_time) return;
  state_.engine_time = now;
  commands_.OnEngineTime();
  components_.OnEngineTime();
}

void Engine::Fire(const Timer& timer) {
  switch (timer.kind) {
    case alert::TimerKind::kRuleInterval:
      thresholds_.OnIntervalTimer(timer);
      return;
    case alert::TimerKind::kDay:
      thresholds_.OnDayTimer(timer);
      return;
    case alert::TimerKind::kHour:
      items_.OnHourTimer(timer);
      return;
    case alert::TimerKind::kRetirement:
      items_.OnRetirementTimer(timer);
      return;
    case alert::TimerKind::kDrift:
      items_.OnDriftTimer(timer);
      return;
    case alert::TimerKind::kHold:
      if (timer.subject.kind == alert::Subject::Kind::kItem) {
        items_.OnHoldTimer(timer);
      } else {
        nodes_.OnHoldTimer(timer);
      }
      return;
    case alert::TimerKind::kClose:
      items_.OnCloseTimer(timer);
      return;
  }
}

void Engine::Housekeep() {
  state_.ledger.TrimTails(state_.now_seconds());
  const std::int64_t day = state_.now().micros() / kMicrosPerDay;
  if (day == kept_day_) return;
  kept_day_ = day;
  const std::uint32_t keep = SecondsOf(options_.history_keep);
  if (state_.now_seconds() > keep) state_.ForgetDeparted(state_.now_seconds() - keep);
}

bool Engine::IsStale(base::Position position) const {
  return std::int64_t{position.seconds} <=
         std::int64_t{state_.now_seconds()} - std::int64_t{SecondsOf(options_.history_keep)};
}

namespace {

using Outcome = std::variant<Handled, event::ControlKind, event::Reject>;

Outcome Widen(Handling handling) {
  return std::visit([](auto& value) -> Outcome { return std::move(value); }, handling);
}

Handled From(threshold::Accepted accepted) {
  return accepted == threshold::Accepted::kDuplicate ? Handled::kDuplicate : Handled::kApplied;
}

}  // namespace

Engine::Result Engine::Apply(const event::Change& change, key::ItemIndex item,
                             std::uint8_t source) {
  const base::Position position = change.position;
  if (const auto* control = std::get_if<event::Control>(&change.body)) return control->kind;
  if (IsStale(position)) return Stale();
  return std::visit(
      base::Overloaded{[&](const event::Transaction& body) {
                         return ApplyTransaction(body, item, position, source);
                       },
                       [&](const event::InventoryImage& body) {
                         return Widen(documents_.Upsert(body, item, position, source));
                       },
                       [&](const event::InventoryDelete& body) {
                         return Widen(documents_.Delete(body.document_key, position));
                       },
                       [&](const event::InventoryGone&) -> Result { return Handled::kApplied; },
                       [&](const event::RuleUpsert& body) -> Result {
                         return From(thresholds_.Put(body.rule, position));
                       },
                       [&](const event::RuleRemoval& body) -> Result {
                         return From(thresholds_.Remove(body.rule_id, position));
                       },
                       [&](const event::Control& body) -> Result { return body.kind; }},
      change.body);
}

Engine::Result Engine::ApplyTransaction(const event::Transaction& transaction, key::ItemIndex item,
                                        base::Position position, std::uint8_t source) {
  if (item == key::kNoItem) {
    item = items_.Make(transaction.item, source);
  } else if (state_.ledger.at(item).source != source) {
    return ForeignSource();
  }
  const stock::WarehouseRules& rules = state_.RulesOf(item);
  stock::HistoryRow row = RowOf(transaction, position, rules);
  // Under authority snapshot the document says what is on its way, and when.
  if (transaction.type == event::TransactionType::kOrdered &&
      rules.authority == stock::Authority::kLedger) {
    row.expected_at = transaction.expected_at.value_or(
        demand::After(row.occurred_at, SupplyOf(state_, state_.ledger.at(item)).lead_time_days));
  }
  if (state_.ledger.ExceedsReferences(item, row, rules) && !state_.ledger.Knows(item, position)) {
    return TooManyReferences();
  }
  if (items_.Apply(item, row, nullptr) == stock::Applied::kDuplicate) return Handled::kDuplicate;
  items_.NotePrice(item, transaction, position);
  return Handled::kApplied;
}

void Engine::Count(const ports::RawInput& input, const Result& result) {
  std::visit(base::Overloaded{[&](Handled handled) {
                                if (handled == Handled::kDuplicate) {
                                  ++state_.changes.duplicate;
                                  return;
                                }
                                ++state_.changes.applied;
                                state_.last_applied =
                                    std::max(state_.last_applied, input.change.position);
                              },
                              [&](event::ControlKind) { ++state_.changes.control; },
                              [&](const event::Reject& reject) { Reject(input, reject); }},
             result);
}

void Engine::Reject(const ports::RawInput& input, const event::Reject& reject) {
  // Stale changes stand among the dead letters, so that they can be applied as corrections, but
  // count by themselves.
  if (reject.reason == Stale().reason) {
    ++state_.changes.stale;
  } else {
    ++state_.changes.dead_lettered;
  }
  event::DeadLetter letter;
  letter.reason = reject.reason;
  letter.message = reject.message;
  letter.stage = reject.stage;
  if (HasPosition(input)) letter.position = input.change.position;
  letter.line = input.line;
  const std::string_view bytes = input.bytes;
  letter.bytes_sha256 = base::Hex(base::Sha256Of(bytes));
  letter.size = bytes.size();
  letter.at = state_.source_time;
  letter.id = base::Hex(base::Sha256Of("deadletter/1\n" + std::to_string(input.line) + "\n" +
                                       letter.bytes_sha256))
                  .substr(0, 32);
  state_.dead_letters.push_back(std::move(letter));
}

}  // namespace stockwatch::flow
