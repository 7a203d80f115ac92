#include "domain/stock/inbound.h"

#include <algorithm>

namespace stockwatch::stock {
namespace {

template <typename List>
auto Place(List& list, std::string_view reference) {
  return std::lower_bound(
      list.begin(), list.end(), reference,
      [](const InboundReference& entry, std::string_view name) { return entry.reference < name; });
}

}  // namespace

void InboundReferences::Add(std::string_view reference, base::Quantity quantity) {
  auto place = Place(list_, reference);
  if (place == list_.end() || place->reference != reference) {
    place = list_.insert(place, {std::string(reference), base::Quantity(), std::nullopt});
  }
  place->sum += quantity;
  if (place->sum == base::Quantity()) list_.erase(place);
}

void InboundReferences::SetExpected(std::string_view reference, base::Instant expected_at) {
  if (reference.empty()) {
    unnamed_expected_at_ = expected_at;
    return;
  }
  auto place = Place(list_, reference);
  if (place != list_.end() && place->reference == reference) place->expected_at = expected_at;
}

std::size_t InboundReferences::positive() const {
  return static_cast<std::size_t>(
      std::count_if(list_.begin(), list_.end(),
                    [](const InboundReference& entry) { return entry.sum > base::Quantity(); }));
}

base::Quantity InboundReferences::SumOf(std::string_view reference) const {
  auto place = Place(list_, reference);
  const bool there = place != list_.end() && place->reference == reference;
  return there ? place->sum : base::Quantity();
}

base::Quantity InboundReferences::Shown(base::Quantity unnamed) const {
  base::Quantity ahead;
  base::Quantity behind;
  for (const InboundReference& entry : list_) {
    (entry.sum > base::Quantity() ? ahead : behind) += entry.sum;
  }
  return ahead + std::max(base::Quantity(), unnamed + behind);
}

void AddMovement(const HistoryRow& row, const Figures& effect, Figures& sums,
                 InboundReferences& references) {
  Figures rest = effect;
  if (!row.reference.empty() && effect.inbound != base::Quantity()) {
    references.Add(row.reference, effect.inbound);
    rest.inbound = base::Quantity();
  }
  sums += rest;
  // An order that lies below the opening dates nothing; a carried row may be a date alone.
  const bool dates = effect.inbound != base::Quantity() || row.kind == RowKind::kCarried;
  if (row.expected_at && dates) references.SetExpected(row.reference, *row.expected_at);
  if (sums.inbound <= base::Quantity()) references.ForgetUnnamedExpected();
}

}  // namespace stockwatch::stock
