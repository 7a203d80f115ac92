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

}  // namespace stockwatch::stock
