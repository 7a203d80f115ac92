#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::outbox {

// Down to which level of a tree two notices have to be of one subtree to share a message.
enum class GroupBy : std::uint8_t { kNone, kWarehouse, kDepartment, kCategory, kBrand };

struct Grouping {
  GroupBy by = GroupBy::kNone;
  stock::Tree tree = stock::Tree::kWarehouse;         // kGlobal: the same of all warehouses
  base::Duration wait = base::Duration::Seconds(30);  // of the first of a group for others

  bool operator==(const Grouping&) const = default;
};

// The subtree that a message is grouped with; nullopt: it goes by itself, being urgent, a digest,
// or in no subtree of that tree. A node above the level is a group of its own.
std::optional<Group> GroupOf(const Message& message, const Grouping& grouping);

}  // namespace stockwatch::outbox
