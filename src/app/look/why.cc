#include "app/look/why.h"

#include <vector>

#include "app/look/listings.h"
#include "flow/told.h"
#include "flow/why.h"

namespace stockwatch::look {

base::JsonWriter& BeginAnswer(base::JsonWriter& json, const flow::State& state,
                              const rocksdb_store::RocksdbStore& store) {
  json.BeginObject().Key("as_of").BeginObject();
  json.Key("batch").Unsigned(store.last_batch());
  json.Key("source_time");
  state.source_time ? json.Time(*state.source_time) : json.Null();
  return json.EndObject();
}

base::Result<std::string> WhyJson(const flow::State& state, rocksdb_store::RocksdbStore& store,
                                  std::string_view id,
                                  std::optional<base::Duration> reopen_window) {
  SW_TRY(const alert::EpisodeRecord episode, FindEpisode(state, store, id));
  SW_TRY(const std::vector<flow::Told> told, flow::ReadTold(store, episode.id));
  std::string text;
  base::JsonWriter json(text);
  BeginAnswer(json, state, store);
  flow::WriteWhy(state, episode, {told, reopen_window}, json);
  json.EndObject();
  text += '\n';
  return text;
}

}  // namespace stockwatch::look
