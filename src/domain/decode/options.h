#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/money.h"
#include "domain/decode/hook.h"
#include "domain/decode/schema.h"

namespace stockwatch::decode {

inline constexpr int kSchemaVersionMax = 1000;

// One collection and the shape of its documents.
struct CollectionOptions {
  std::string name;  // empty: not read
  std::vector<Hook> hooks;
  int schema_version = 1;  // of the newest documents
  // The hooks that lead from a version to the next, by the older one: all of 1 … schema_version -
  // 1, if only an empty list.
  std::map<int, std::vector<Hook>> upgrades;
  // What a document of the newest version must be like, before the other hooks; none: anything.
  std::optional<Schema> schema;
  // Name of a core field -> path in the document, "on_hand" -> "qty.available". Not for thresholds.
  std::map<std::string, std::string> fields;
};

// Where the warehouse of a change comes from: fixed, else the document's `warehouse_id`, translated
// if there is a mapping.
struct WarehouseOptions {
  std::string fixed_id;
  std::map<std::string, std::string> mapping;
};

struct Options {
  std::string database;  // empty: any
  CollectionOptions inventory;
  CollectionOptions transactions;
  CollectionOptions thresholds;
  WarehouseOptions warehouse;
  base::Currency currency;  // of amounts that name none

  // All errors; each begins with the path of its setting, such as "inventory.hooks[2].field".
  std::vector<base::Error> Validate() const;
};

}  // namespace stockwatch::decode
