#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/decode/field_table.h"
#include "domain/decode/options.h"
#include "domain/decode/protection.h"

namespace stockwatch::decode {

// A collection with what was made of its settings.
struct Collection {
  // `place` is the path of the settings, such as "inventory"; `names` are the core fields that it
  // is read for.
  Collection(std::string_view place, CollectionOptions settings,
             std::span<const std::string_view> names);

  std::string setting;
  CollectionOptions options;
  FieldTable table;
  std::vector<ProtectedField> protections;
  std::string schema_version_path;
  bool rewrites =
      false;  // a document is copied before it is read: hooks, or a schema in their midst
};

}  // namespace stockwatch::decode
