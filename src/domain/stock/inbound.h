#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "domain/stock/history_row.h"

namespace stockwatch::stock {

// What is on its way under one order or transfer: ordered less received. Negative: received before
// it was announced.
struct InboundReference {
  std::string reference;
  base::Quantity sum;
  std::optional<base::Instant> expected_at;

  bool operator==(const InboundReference&) const = default;
};

// The named references of one item, sorted by name; those at exactly 0 are dropped. Of what has no
// reference the sum is elsewhere, and its date here.
class InboundReferences {
 public:
  void Add(std::string_view reference, base::Quantity quantity);
  // Of what was ordered under that name; nothing where nothing is on its way. Empty: without one.
  void SetExpected(std::string_view reference, base::Instant expected_at);
  void Clear() { *this = {}; }

  // How many are positive: the figure that `inbound_references_max` bounds.
  std::size_t positive() const;
  // 0 if it is not there.
  base::Quantity SumOf(std::string_view reference) const;
  // Σ max(0, named) + max(0, unnamed − Σ max(0, −named)): domain page, section 4.
  base::Quantity Shown(base::Quantity unnamed) const;
  const std::vector<InboundReference>& list() const { return list_; }
  void ForgetUnnamedExpected() { unnamed_expected_at_.reset(); }
  // nullopt: nothing that was ordered without a reference is on its way.
  const std::optional<base::Instant>& unnamed_expected_at() const { return unnamed_expected_at_; }
  bool empty() const { return list_.empty() && !unnamed_expected_at_; }
  bool operator==(const InboundReferences&) const = default;

 private:
  std::vector<InboundReference> list_;
  std::optional<base::Instant> unnamed_expected_at_;
};

// Adds what a movement does to the sums of an item and to its references; an order dates its
// reference, and what has none is dated while some of it is on its way. `effect`: what counts of
// EffectOf(row).
void AddMovement(const HistoryRow& row, const Figures& effect, Figures& sums,
                 InboundReferences& references);

}  // namespace stockwatch::stock
