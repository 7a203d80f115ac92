#include "flow/planning.h"

#include <algorithm>
#include <vector>

namespace stockwatch::flow {
namespace {

using base::Quantity;
using event::Thousandths;

// Of another warehouse: what it can spare of the SKU.
struct Donor {
  std::string_view warehouse;
  Quantity surplus;
};

constexpr std::int64_t kPiece = 1000;  // thousandths

// Nobody orders half a piece of what is counted in pieces.
Quantity UpToPiece(Quantity quantity) {
  return Quantity::Thousandths((quantity.thousandths() + kPiece - 1) / kPiece * kPiece);
}
Quantity DownToPiece(Quantity quantity) {
  return Quantity::Thousandths(quantity.thousandths() / kPiece * kPiece);
}
bool IsInPieces(const stock::Shown& shown) {
  return shown.on_hand.thousandths() % kPiece == 0 && shown.position().thousandths() % kPiece == 0;
}

demand::Lots LotsOf(const State& state, const stock::Item& item) {
  const stock::Description* known = state.ledger.FindDescription(item);
  return known == nullptr ? demand::Lots() : demand::Lots{known->moq, known->pack_size};
}

demand::Buffer BufferOf(const State& state, const stock::Item& item, const demand::Rate& rate,
                        const demand::Supply& supply) {
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  const DemandOptions& options = state.options.demand;
  return demand::BufferOf(rate, supply, LotsOf(state, item),
                          thresholds.review_days.value_or(options.review_days), thresholds.max,
                          options.buffer);
}

std::optional<Quantity> ReorderPointOf(const State& state, const stock::Item& item,
                                       const std::optional<demand::Forecast>& forecast) {
  if (!forecast) return std::nullopt;
  const demand::Rate rate =
      demand::RateOf(*forecast, state.rules.at(item.thresholds).season_factor);
  return BufferOf(state, item, rate, SupplyOf(state, item)).reorder_point;
}

// More than its reorder point, or its `low` where it has no forecast.
Quantity SurplusOf(const State& state, const stock::Item& item) {
  if (item.life != stock::Life::kOpened || item.discontinued) return {};
  const demand::Rings rings = RingsNow(state, item);
  std::optional<Quantity> keep =
      ReorderPointOf(state, item, demand::ForecastOf(rings, OpenedOn(item), rings.day()));
  if (!keep) keep = state.rules.at(item.thresholds).low;
  const Quantity available = state.ledger.ShownOf(item).available();
  return std::max(Quantity(), available - keep.value_or(Quantity()));
}

// Who has most of the SKU to spare; of equals the first by name.
Donor BestDonor(State& state, key::ItemIndex index) {
  const event::ItemKey key = state.directory.Key(index);
  Donor best;
  for (const stock::NodeIndex node : state.WarehouseNodes()) {
    const std::string_view warehouse = state.names.Text(state.rollups.Warehouse(node));
    const key::ItemIndex other =
        state.directory.Find({event::WarehouseIdView::Trusted(warehouse), key.sku});
    if (other == key::kNoItem || other == index) continue;
    const Quantity surplus = SurplusOf(state, state.ledger.at(other));
    const bool better =
        surplus > best.surplus ||
        (surplus == best.surplus && surplus > Quantity() && warehouse < best.warehouse);
    if (better) best = {warehouse, surplus};
  }
  return best;
}

void AddStockout(const State& state, const stock::Item& item, const demand::Rate& rate,
                 ItemPlan& plan) {
  const Quantity available = state.ledger.ShownOf(item).available();
  plan.days_of_cover = demand::DaysOfCover(available, rate);
  if (!plan.days_of_cover) return;
  plan.stockout = demand::After(state.now(), *plan.days_of_cover);
  const auto interval = demand::CoverIntervalOf(available, rate);
  plan.stockout_early = demand::After(state.now(), interval->early);
  plan.stockout_late = demand::After(state.now(), interval->late);
  const stock::Description* known = state.ledger.FindDescription(item);
  if (known == nullptr || !known->shown_price()) return;
  plan.revenue_at_risk = demand::RevenueAtRisk(rate, plan.expected_receipt, state.now(),
                                               *plan.stockout, *known->shown_price());
}

demand::Situation SituationOf(const State& state, const stock::Item& item, const ItemPlan& plan) {
  demand::Situation situation;
  const stock::Shown shown = state.ledger.ShownOf(item);
  situation.on_hand = shown.on_hand;
  situation.max = state.rules.at(item.thresholds).max;
  if (plan.buffer && shown.position() <= plan.buffer->reorder_point) {
    situation.need = plan.buffer->order_up_to - shown.position();
    if (IsInPieces(shown)) situation.need = UpToPiece(situation.need);
  }
  situation.urgent =
      plan.stockout && *plan.stockout < demand::After(state.now(), plan.supply.lead_time_days);
  situation.in_doubt = (item.watched.active & alert::Bit(event::ConditionType::kDrift)) != 0;
  situation.forecast = plan.forecast;
  situation.lots = LotsOf(state, item);
  if (const stock::Description* known = state.ledger.FindDescription(item)) {
    situation.cost = known->cost;
  }
  return situation;
}

// When what the document has on its way is due.
base::Instant DocumentDue(const State& state, const stock::Item& item,
                          const demand::Supply& supply) {
  const stock::Description* known = state.ledger.FindDescription(item);
  if (known != nullptr && known->expected_at) return *known->expected_at;
  const auto described = base::Instant::Seconds(state.ledger.DescribedAt(item).seconds);
  return demand::After(described, supply.lead_time_days);
}

}  // namespace

demand::Rings::Stock StockOf(const State& state, const stock::Item& item) {
  if (item.life == stock::Life::kUnopened) return demand::Rings::Stock::kAvailable;
  const bool available = item.life == stock::Life::kOpened &&
                         state.ledger.ShownOf(item).available() > base::Quantity();
  return available ? demand::Rings::Stock::kAvailable : demand::Rings::Stock::kNone;
}

std::optional<demand::Day> OpenedOn(const stock::Item& item) {
  if (item.life == stock::Life::kUnopened) return std::nullopt;
  return demand::DayOf(base::Instant::Seconds(item.opened_seconds));
}

demand::Supply SupplyOf(const State& state, const stock::Item& item) {
  const threshold::Resolved& rules = state.rules.at(item.thresholds);
  const stock::Description* document = state.ledger.FindDescription(item);
  const auto choose = [](bool own, const std::optional<Thousandths>& rule,
                         const std::optional<Thousandths>& documented, Thousandths setting) {
    if (own) return *rule;
    if (documented) return *documented;
    return rule.value_or(setting);
  };
  static const stock::Description kNothing;
  const stock::Description& says = document == nullptr ? kNothing : *document;
  demand::Supply supply;
  supply.lead_time_days = choose(rules.own_lead_time, rules.lead_time_days, says.lead_time_days,
                                 state.options.demand.lead_time_days);
  supply.service_level = choose(rules.own_service_level, rules.service_level, says.service_level,
                                state.options.demand.service_level);
  supply.lead_time_sd_days = rules.lead_time_sd_days;
  return supply;
}

std::optional<base::Instant> FirstReceipt(const State& state, const stock::Item& item,
                                          const demand::Supply& supply) {
  std::vector<base::Instant> due;
  Quantity unnamed = state.ledger.ShownOf(item).inbound;
  const stock::Book* book = state.ledger.FindBook(item);
  const bool ordered = book != nullptr && !book->shadow;  // not by a shadow's orders
  if (ordered) {
    for (const stock::InboundReference& reference : book->references.list()) {
      if (reference.sum <= Quantity()) continue;
      unnamed -= reference.sum;
      // A history that an older version wrote may have lost its date.
      due.push_back(
          reference.expected_at.value_or(demand::After(state.now(), supply.lead_time_days)));
    }
  }
  if (unnamed > Quantity()) {
    const bool dated = ordered && book->references.unnamed_expected_at();
    due.push_back(dated ? *book->references.unnamed_expected_at()
                        : DocumentDue(state, item, supply));
  }
  if (due.empty()) return std::nullopt;
  return demand::ExpectedReceipt(due, state.now(), supply.lead_time_days);
}

std::optional<LowPlan> LowOf(const State& state, const stock::Item& item,
                             const demand::Rings& rings,
                             const std::optional<demand::Forecast>& forecast) {
  const auto point = ReorderPointOf(state, item, forecast);
  if (!point) return std::nullopt;
  const auto before =
      ReorderPointOf(state, item, demand::ForecastOf(rings, OpenedOn(item), rings.day() - 1));
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  const auto change = std::int64_t{state.options.demand.low_change_percent_max} * 10;
  const demand::LowBounds bounds{thresholds.low_floor, thresholds.low_ceiling, {change}};
  return LowPlan{*point, before, demand::DynamicLow(*point, before, bounds)};
}

demand::Rings RingsNow(const State& state, const stock::Item& item) {
  if (item.demand == stock::kNoSlab) return demand::Rings(state.now());
  demand::Rings rings = state.rings[item.demand].Clone();
  rings.AdvanceTo(state.now(), StockOf(state, item));
  return rings;
}

ItemPlan PlanOf(const State& state, key::ItemIndex index) {
  const stock::Item& item = state.ledger.at(index);
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  const demand::Rings rings = RingsNow(state, item);
  ItemPlan plan;
  plan.forecast = demand::ForecastOf(rings, OpenedOn(item), rings.day());
  plan.season_factor = thresholds.season_factor;
  plan.supply = SupplyOf(state, item);
  plan.position = state.ledger.ShownOf(item).position();
  plan.velocity = rings.Velocity();
  for (demand::Day day = rings.day() - demand::kDays; day <= rings.day(); ++day) {
    plan.sold_four_weeks += rings.InDay(day);
  }
  plan.expected_receipt = FirstReceipt(state, item, plan.supply)
                              .value_or(demand::After(state.now(), plan.supply.lead_time_days));
  if (plan.forecast) {
    const demand::Rate rate = demand::RateOf(*plan.forecast, thresholds.season_factor);
    plan.buffer = BufferOf(state, item, rate, plan.supply);
    AddStockout(state, item, rate, plan);
  }
  if (thresholds.dynamic) {
    plan.low = LowOf(state, item, rings, plan.forecast);
    const auto low = plan.low ? std::optional(plan.low->limited.low) : std::nullopt;
    plan.dynamic_low = thresholds.WithLow(low).low;
  }
  return plan;
}

Advice AdviceOf(State& state, key::ItemIndex index, const ItemPlan& plan) {
  demand::Situation situation = SituationOf(state, state.ledger.at(index), plan);
  Donor donor;
  if (situation.need > Quantity()) {
    donor = BestDonor(state, index);
    const bool pieces = IsInPieces(state.ledger.ShownOf(state.ledger.at(index)));
    situation.donor_surplus = pieces ? DownToPiece(donor.surplus) : donor.surplus;
  }
  Advice advice{demand::Suggest(situation), {}};
  if (advice.suggestion.action == demand::Action::kTransfer) {
    advice.donor_warehouse = donor.warehouse;
  }
  return advice;
}

}  // namespace stockwatch::flow
