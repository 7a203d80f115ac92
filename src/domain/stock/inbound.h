#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"

namespace stockwatch::stock {

// What is on its way under one order or transfer: ordered less received. Negative: received before
// it was announced.
struct InboundReference {
  std::string reference;
  base::Quantity sum;
  std::optional<base::Instant> expected_at;

  bool operator==(const InboundReference&) const = default;
};

// The named references of one item, sorted by name; those at exactly 0 are dropped.
class InboundReferences {
 public:
  void Add(std::string_view reference, base::Quantity quantity);
  void SetExpected(std::string_view reference, base::Instant expected_at);
  void Clear() { list_.clear(); }

  // How many are positive: the figure that `inbound_references_max` bounds.
  std::size_t positive() const;
  // 0 if it is not there.
  base::Quantity SumOf(std::string_view reference) const;
  // Σ max(0, named) + max(0, unnamed − Σ max(0, −named)): domain page, section 4.
  base::Quantity Shown(base::Quantity unnamed) const;
  const std::vector<InboundReference>& list() const { return list_; }
  bool empty() const { return list_.empty(); }
  bool operator==(const InboundReferences&) const = default;

 private:
  std::vector<InboundReference> list_;
};

}  // namespace stockwatch::stock
