#include "domain/decode/collection.h"

#include <utility>

#include "domain/decode/core_fields.h"
#include "domain/decode/protected_fields.h"

namespace stockwatch::decode {

Collection::Collection(std::string_view place, CollectionOptions settings,
                       std::span<const std::string_view> names)
    : setting(place),
      options(std::move(settings)),
      table(names, options.fields),
      schema_version_path(kSchemaVersionField) {
  for (const Hook& hook : options.hooks) {
    rewrites = rewrites || !ProtectionOf(hook);
  }
  protections = ProtectedFieldsOf(options);
  rewrites = rewrites || options.schema.has_value();
  for (const auto& [version, hooks] : options.upgrades) rewrites = rewrites || !hooks.empty();
  if (const auto mapped = options.fields.find(std::string(kSchemaVersionField));
      mapped != options.fields.end()) {
    schema_version_path = mapped->second;
  }
}

}  // namespace stockwatch::decode
