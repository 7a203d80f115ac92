#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/rocksdb_store/rocksdb_store.h"
#include "base/instant.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "flow/state.h"

namespace stockwatch::look {

// Begins an object with "as_of": the batch and the time of the source that an answer is of.
base::JsonWriter& BeginAnswer(base::JsonWriter& json, const flow::State& state,
                              const rocksdb_store::RocksdbStore& store);

// Why the alert of that id is what it is: one line, docs/formats.md, Why. `reopen_window` is of the
// settings; nullopt: they are not known. Errors as FindEpisode and flow::ReadTold.
base::Result<std::string> WhyJson(const flow::State& state, rocksdb_store::RocksdbStore& store,
                                  std::string_view id, std::optional<base::Duration> reopen_window);

}  // namespace stockwatch::look
