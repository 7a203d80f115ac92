#include "flow/demand_flow.h"

#include <algorithm>

#include "domain/stock/fold.h"
#include "flow/planning.h"

namespace stockwatch::flow {
namespace {

using demand::Day;
using demand::Rings;
using Rows = std::vector<stock::HistoryRow>;

constexpr std::int64_t kSecondsPerDay = 86'400;

Day DayOfSecond(std::uint32_t seconds) {
  return static_cast<Day>(seconds / kSecondsPerDay);
}

std::uint32_t KeepSeconds(const State& state) {
  return static_cast<std::uint32_t>(state.options.history_keep.micros() / 1'000'000);
}

// Whether anything was available behind those rows. Of what is unopened nobody knows.
Rings::Stock StockAfter(Rows rows, const stock::WarehouseRules& rules, std::uint32_t keep_seconds) {
  const stock::Folded folded = stock::Fold(rows, rules, keep_seconds);
  if (folded.life == stock::Life::kUnopened) return Rings::Stock::kAvailable;
  const base::Quantity reserved = std::max(base::Quantity(), folded.sums.reserved);
  const bool available = folded.life == stock::Life::kOpened && folded.sums.on_hand > reserved;
  return available ? Rings::Stock::kAvailable : Rings::Stock::kNone;
}

Day FirstDayOf(const std::vector<const stock::HistoryRow*>& sales) {
  Day first = Rings::kNoDay;
  for (const stock::HistoryRow* sale : sales) {
    first = std::min(first, demand::DayOf(stock::SoldAt(*sale)));
  }
  return first;
}

}  // namespace

void DemandFlow::BeforeChange(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  if (item.demand != stock::kNoSlab) {
    Rings& rings = state_.rings[item.demand];
    if (rings.hour() < demand::HourOf(state_.now())) {
      rings.AdvanceTo(state_.now(), StockOf(state_, item));
    }
    return;
  }
  if (item.life != stock::Life::kOpened) return;
  const Day last = DayOfSecond(item.top.seconds);
  if (last >= demand::DayOf(state_.now()) || StockOf(state_, item) == Rings::Stock::kAvailable)
    return;
  Rings rings(demand::BeginOf(last));
  rings.AdvanceTo(state_.now(), Rings::Stock::kNone);
  item.demand = state_.rings.Add(std::move(rings));
}

Rings& DemandFlow::RingsOf(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  if (item.demand == stock::kNoSlab) item.demand = state_.rings.Add(Rings(state_.now()));
  return state_.rings[item.demand];
}

void DemandFlow::AfterChange(key::ItemIndex index, const stock::HistoryRow& row, Order order) {
  const stock::Item& item = state_.ledger.at(index);
  const bool sold = row.kind == stock::RowKind::kSale && IsLivingSale(index, row);
  // The opening may be another one: the item may have been seen since another day.
  if (stock::IsAbsolute(row.kind)) ForgetPlan(index);
  if (sold) RingsOf(index).AddSale(stock::SoldAt(row), row.stated.on_hand);
  const bool document = stock::IsDocument(row.kind) || row.kind == stock::RowKind::kDelete;
  if (order == Order::kLate && document) TakeBackOrGive(index, row);
  // In the order of its item, and yet of a day that has ended.
  if (DayOfSecond(row.position.seconds) < demand::DayOf(state_.now())) ReadEndsAgain(index, row);
  if (item.demand == stock::kNoSlab) return;
  if (sold || state_.rings[item.demand].days_changed()) {
    state_.ledger.Touch(index, stock::Ledger::kDemand);
  }
}

bool DemandFlow::IsLivingSale(key::ItemIndex index, const stock::HistoryRow& row) {
  const stock::Item& item = state_.ledger.at(index);
  const stock::Book* book = state_.ledger.FindBook(item);
  const base::Position began = book == nullptr ? base::Position() : book->began;
  if (row.position > std::max(item.opening, began)) return item.life != stock::Life::kRetired;
  // Of a life before, or from before the opening: whether it was alive then, only its history
  // knows.
  Rows& rows = state_.ledger.ReadHistory(index);
  const auto sales = stock::LivingSales(rows, KeepSeconds(state_));
  return std::any_of(sales.begin(), sales.end(),
                     [&](const stock::HistoryRow* sale) { return sale->position == row.position; });
}

// A late delete or document: some sales were made of a retired item after all, some were not.
void DemandFlow::TakeBackOrGive(key::ItemIndex index, const stock::HistoryRow& row) {
  Rows with = state_.ledger.ReadHistory(index);
  Rows without = with;
  std::erase_if(without, [&](const stock::HistoryRow& r) { return r.position == row.position; });
  const auto now = stock::LivingSales(with, KeepSeconds(state_));
  const auto before = stock::LivingSales(without, KeepSeconds(state_));
  const auto has = [](const auto& sales, const stock::HistoryRow* sale) {
    return std::any_of(sales.begin(), sales.end(), [&](const stock::HistoryRow* other) {
      return other->position == sale->position;
    });
  };
  bool taken_back = false;
  for (const stock::HistoryRow* sale : before) {
    if (has(now, sale)) continue;
    RingsOf(index).TakeBackSale(stock::SoldAt(*sale), sale->stated.on_hand);
    taken_back = true;
  }
  // Where the first sale is older than the history, it stays the first.
  if (taken_back && FirstDayOf(before) <= RingsOf(index).first_sale_day()) {
    RingsOf(index).SetFirstSaleDay(FirstDayOf(now));
  }
  for (const stock::HistoryRow* sale : now) {
    if (has(before, sale)) continue;
    RingsOf(index).AddSale(stock::SoldAt(*sale), sale->stated.on_hand);
  }
}

// From the late row's day on the days may have ended otherwise than was thought.
void DemandFlow::ReadEndsAgain(key::ItemIndex index, const stock::HistoryRow& row) {
  const Day today = demand::DayOf(state_.now());
  Rows rows = state_.ledger.ReadHistory(index);
  stock::SortByPosition(rows);
  const Day first = std::max(DayOfSecond(row.position.seconds), today - demand::kDays);
  for (Day day = first; day < today; ++day) {
    const auto end = std::find_if(rows.begin(), rows.end(), [&](const stock::HistoryRow& r) {
      return DayOfSecond(r.position.seconds) > day;
    });
    const Rings::Stock stock =
        StockAfter(Rows(rows.begin(), end), state_.RulesOf(index), KeepSeconds(state_));
    const bool has_rings = state_.ledger.at(index).demand != stock::kNoSlab;
    if (has_rings || stock == Rings::Stock::kNone) RingsOf(index).SetEnd(day, stock);
  }
}

void DemandFlow::Forget(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  if (item.demand == stock::kNoSlab) return;
  state_.rings.Free(item.demand);
  item.demand = stock::kNoSlab;
  state_.batch.Remove(ports::Family::kDemand, DaysKey(index));
  state_.batch.Remove(ports::Family::kDemand, HoursKey(index));
}

void DemandFlow::ForgetPlan(key::ItemIndex index) {
  const stock::Item& item = state_.ledger.at(index);
  if (item.demand != stock::kNoSlab) state_.rings[item.demand].ForgetPlan();
}

void DemandFlow::Plan(key::ItemIndex index) {
  const stock::Item& item = state_.ledger.at(index);
  const threshold::Resolved& thresholds = state_.rules.at(item.thresholds);
  if (!thresholds.NeedsDemand() || item.demand == stock::kNoSlab) return;
  BeforeChange(index);
  Rings& rings = state_.rings[item.demand];
  if (rings.plan()) return;
  const auto forecast = demand::ForecastOf(rings, OpenedOn(item), rings.day());
  Rings::Plan plan;
  if (forecast) plan.daily = demand::RateOf(*forecast, thresholds.season_factor).daily;
  if (const auto low = thresholds.dynamic ? LowOf(state_, item, rings, forecast) : std::nullopt) {
    plan.low = low->limited.low;
  }
  rings.KeepPlan(plan);
}

void DemandFlow::FreezeYesterday(key::ItemIndex index, const threshold::Subject& subject) {
  const Day today = demand::DayOf(state_.now());
  if (!state_.rules.FrozenIn(subject, demand::BeginOf(today - 1), demand::BeginOf(today))) return;
  BeforeChange(index);
  RingsOf(index).Freeze(today - 1);
  state_.ledger.Touch(index, stock::Ledger::kDemand);
}

}  // namespace stockwatch::flow
