#include "app/replay.h"

#include <algorithm>
#include <cstdio>

#include "adapters/memory_store/memory_store.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "app/export_files.h"
#include "app/look/listings.h"
#include "app/parts.h"
#include "app/settler.h"
#include "base/json_writer.h"
#include "flow/canonical.h"

namespace stockwatch::app {
namespace {

void WriteCounts(base::JsonWriter& json, std::string_view name, const flow::CountByType& counts) {
  json.Key(name).BeginObject();
  for (std::size_t type = 0; type < event::kConditionTypes; ++type) {
    json.Key(event::kConditions[type].name).Unsigned(counts[type]);
  }
  json.EndObject();
}

std::string Fixed(double value, int decimals) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return {text, static_cast<std::size_t>(length)};
}

base::Error Strict(const event::DeadLetter& letter) {
  return {base::Code::kInvalidArgument,
          "line " + std::to_string(letter.line) + ": " + letter.reason + ": " + letter.message};
}

}  // namespace

struct Replay::Parts {
  ReplayOptions options;
  std::unique_ptr<file_source::FileSource> source;
  memory_store::MemoryStore memory;
  std::unique_ptr<rocksdb_store::RocksdbStore> durable;
  ports::StateStore* store = &memory;
  std::optional<flow::Pipeline> pipeline;
  std::optional<Settler> settler;
};

ReplayOptions ReplayOptionsFrom(config::Settings settings, std::string path) {
  ReplayOptions options;
  options.source = FileOptionsFrom(settings.source, std::move(path));
  options.decode = std::move(settings.decode);
  options.flow = std::move(settings.flow);
  options.flow.delivery = outbox::DeliveryOptions::InOrder();
  return options;
}

flow::CountByType OpenNow(const flow::State& state) {
  flow::CountByType open{};
  state.episodes.ForEach([&](const alert::Episode& episode, const alert::Notes*) {
    if (episode.active()) ++open[event::Index(episode.type)];
  });
  return open;
}

Replay::Replay(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Replay::~Replay() = default;

base::Result<std::unique_ptr<Replay>> Replay::Open(ReplayOptions options,
                                                   ports::Notifier* notifier) {
  auto parts = std::make_unique<Parts>();
  parts->options = std::move(options);
  if (parts->options.export_dir) SW_TRY_STATUS(MakeFolder(*parts->options.export_dir));
  SW_TRY(parts->source, file_source::FileSource::Open(parts->options.source));
  if (parts->options.store_folder) {
    rocksdb_store::Options store;
    store.folder = *parts->options.store_folder;
    SW_TRY(parts->durable, rocksdb_store::RocksdbStore::Open(store));
    parts->store = parts->durable.get();
  }
  parts->pipeline.emplace(
      parts->options.flow, parts->options.decode,
      flow::Pipeline::Parts{*parts->source, *parts->store, notifier, nullptr, parts->options.seal},
      RedactingWriter(parts->options.decode));
  SW_TRY_STATUS(parts->pipeline->Start());
  if (parts->durable) parts->settler.emplace(*parts->durable);
  return std::unique_ptr<Replay>(new Replay(std::move(parts)));
}

base::Result<bool> Replay::Step() {
  SW_TRY(const flow::Pipeline::Stepped stepped, parts_->pipeline->Step());
  if (parts_->options.strict && state().changes.dead_lettered + state().changes.stale > 0) {
    SW_TRY(const event::DeadLetter first, look::FirstDeadLetter(*parts_->store));
    return Strict(first);
  }
  if (stepped != flow::Pipeline::Stepped::kEnded) return true;
  do {
    SW_TRY_STATUS(parts_->pipeline->Stop());
  } while (!parts_->pipeline->IsTold());
  digest_ = flow::Digest(state());
  return false;
}

base::Status Replay::Export() {
  if (!parts_->options.export_dir) return {};
  return WriteExport(state(), *parts_->store, *parts_->options.export_dir);
}

const flow::State& Replay::state() const {
  return parts_->pipeline->state();
}

double Replay::progress() const {
  const std::uint64_t total = parts_->source->bytes_total();
  if (total == 0) return -1;
  return std::min(1.0,
                  static_cast<double>(parts_->source->bytes_read()) / static_cast<double>(total));
}

std::string Replay::SummaryJson(double seconds) const {
  const flow::State& s = state();
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  json.Key("changes").BeginObject();
  json.Key("read").Unsigned(s.changes.read);
  json.Key("applied").Unsigned(s.changes.applied);
  json.Key("duplicate").Unsigned(s.changes.duplicate);
  json.Key("stale").Unsigned(s.changes.stale);
  json.Key("dead_lettered").Unsigned(s.changes.dead_lettered);
  json.Key("control").Unsigned(s.changes.control);
  json.EndObject();
  const auto root = s.rollups.at(0).totals;
  json.Key("items").Integer(root.items);
  json.Key("alerts").BeginObject();
  WriteCounts(json, "opened", s.alerts.opened);
  WriteCounts(json, "reopened", s.alerts.reopened);
  WriteCounts(json, "resolved", s.alerts.resolved);
  WriteCounts(json, "open", OpenNow(s));
  json.EndObject();
  json.Key("digest").String(digest_);
  json.Key("seconds").Raw(Fixed(seconds, 3));
  json.Key("changes_per_second")
      .Raw(Fixed(seconds > 0 ? static_cast<double>(s.changes.read) / seconds : 0, 0));
  json.EndObject();
  return out;
}

}  // namespace stockwatch::app
