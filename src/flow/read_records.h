#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// Calls `each` with the key of each record of the range and what `decode` makes of it, until it
// says false. Errors: those of the store, and of the first record that cannot be decoded.
template <typename Decode, typename Each>
base::Status ReadDecoded(ports::StateStore& store, const ports::StateStore::Range& range,
                         Decode decode, Each each) {
  base::Status decoded;
  SW_TRY_STATUS(store.ReadRange(range, [&](std::string_view key, std::string_view record) {
    auto made = decode(record);
    if (made.ok()) return each(key, std::move(made).value());
    decoded = made.error();
    return false;
  }));
  return decoded;
}

// The record of that key; nullopt: there is none. REQUIRES: IsListed(family)
inline base::Result<std::optional<std::string>> ReadRecord(ports::StateStore& store,
                                                           ports::Family family,
                                                           std::string_view key) {
  std::optional<std::string> found;
  SW_TRY_STATUS(
      store.ReadRange({family, key}, [&](std::string_view stored_key, std::string_view record) {
        if (stored_key == key) found = record;
        return false;
      }));
  return found;
}

}  // namespace stockwatch::flow
