#include "app/mongo.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <random>

#include "adapters/mongo_source/connection.h"
#include "base/json_writer.h"
#include "wire/bson/bson_writer.h"

namespace stockwatch::app {
namespace {

using mongo_source::Phase;

constexpr std::size_t kUriBytesMax = 8192;

base::Error Wrong(std::string message) {
  return {base::Code::kInvalidArgument, std::move(message)};
}

base::Result<std::string> ReadUri(const config::MongoSettings& settings) {
  if (settings.uri_file.empty() == settings.uri_env.empty()) {
    return Wrong(
        "source.mongo: needs one of uri_file and uri_env, which say where the URI of mongodb "
        "stands");
  }
  std::string uri;
  if (!settings.uri_env.empty()) {
    const char* value = std::getenv(settings.uri_env.c_str());
    if (value == nullptr) {
      return Wrong("source.mongo.uri_env: there is no environment variable " + settings.uri_env);
    }
    uri = value;
  } else {
    std::ifstream in(settings.uri_file, std::ios::binary);
    uri.resize(kUriBytesMax);
    in.read(uri.data(), static_cast<std::streamsize>(uri.size()));
    uri.resize(static_cast<std::size_t>(in.gcount()));
    if (uri.empty()) return Wrong("source.mongo.uri_file: cannot read: " + settings.uri_file);
  }
  while (!uri.empty() && (uri.back() == '\n' || uri.back() == '\r')) uri.pop_back();
  return uri;
}

std::int64_t Seconds(std::uint64_t cluster_time) {
  return static_cast<std::int64_t>(cluster_time >> 32);
}

}  // namespace

SourceKind KindOf(const std::string& source) {
  const bool mongo =
      source == "mongo" || source.starts_with("mongodb://") || source.starts_with("mongodb+srv://");
  return mongo ? SourceKind::kMongo : SourceKind::kOther;
}

base::Result<mongo_source::Options> MongoOptionsFrom(const config::Settings& settings,
                                                     const std::string& source) {
  const config::MongoSettings& from = settings.source.mongo;
  mongo_source::Options options;
  if (source == "mongo") {
    SW_TRY(options.uri, ReadUri(from));
  } else {
    SW_TRY(const mongo_source::Password password, mongo_source::PasswordIn(source));
    if (password == mongo_source::Password::kHeld) {
      return Wrong(
          "--source: the mongodb URI cannot be read or holds a password, which the list of "
          "processes would show; put it into a file or an environment variable, name that as "
          "source.mongo.uri_file or uri_env, and say --source mongo");
    }
    options.uri = source;
  }
  options.database = settings.decode.database;
  options.collections = {settings.decode.inventory.name, settings.decode.transactions.name,
                         settings.decode.thresholds.name};
  options.update_images = settings.source.update_images == event::Image::kExact
                              ? change_event::UpdateImages::kStored
                              : change_event::UpdateImages::kLookup;
  options.snapshot = static_cast<mongo_source::SnapshotWhen>(from.snapshot);
  options.on_lost_history = static_cast<mongo_source::OnLostHistory>(from.on_lost_history);
  options.await = from.await;
  options.connect_timeout = from.connect_timeout;
  options.socket_timeout = from.socket_timeout;
  options.socket_timeout_max = from.socket_timeout_max;
  options.heartbeat = from.heartbeat;
  options.heartbeat_log = from.heartbeat_log;
  options.headroom_min = from.headroom_min;
  options.queue_bytes_max = from.queue_bytes_max;
  options.event_bytes_max = from.event_bytes_max;
  options.batch_documents_max = from.batch_documents_max;
  options.snapshot_documents = from.snapshot_documents;
  options.snapshot_readers = from.snapshot_readers;
  options.depth_max = settings.source.depth_max;
  options.seed = std::uint64_t{std::random_device{}()} << 32 | std::random_device{}();
  SW_TRY_STATUS(options.Validate());
  return options;
}

bool IsSilent(const mongo_source::Status& status, base::Duration heartbeat,
              std::chrono::steady_clock::time_point now) {
  return status.phase != Phase::kPaused &&
         now - status.moved > std::chrono::microseconds(3 * heartbeat.micros());
}

std::optional<std::string> TroubleOf(const mongo_source::Status& status, base::Duration heartbeat,
                                     std::chrono::steady_clock::time_point now) {
  if (!status.trouble.empty()) return "source: " + status.trouble;
  if (status.phase != Phase::kStreaming) {
    return "source: " +
           std::string(mongo_source::kPhaseNames[static_cast<std::size_t>(status.phase)]);
  }
  if (IsSilent(status, heartbeat, now)) {
    const auto still = std::chrono::duration_cast<std::chrono::seconds>(now - status.moved);
    return "source_silent: mongodb shows no progress for " + std::to_string(still.count()) + " s";
  }
  return std::nullopt;
}

std::optional<std::string> HeadroomTroubleOf(const mongo_source::Status& status,
                                             base::Duration headroom_min) {
  if (!status.oplog_lost_in || *status.oplog_lost_in >= headroom_min.micros() / 1'000'000) {
    return std::nullopt;
  }
  return "oplog_headroom: at this rate mongodb's oplog loses the place in " +
         std::to_string(*status.oplog_lost_in) + " s";
}

namespace {

constexpr std::array<std::string_view, 4> kStartNames{"now", "resumeAfter", "startAfter",
                                                      "startAtOperationTime"};

void WriteText(base::JsonWriter& json, std::string_view name, const std::string& text) {
  json.Key(name);
  text.empty() ? json.Null() : json.String(text);
}

void DescribeSnapshot(const std::optional<mongo_source::SnapshotProgress>& snapshot,
                      base::JsonWriter& json) {
  json.Key("snapshot");
  if (!snapshot) {
    json.Null();
    return;
  }
  const auto whole = [&](std::string_view name, const auto& number) {
    json.Key(name);
    number ? json.Integer(static_cast<std::int64_t>(*number)) : json.Null();
  };
  json.BeginObject();
  json.Key("run").String(std::to_string(snapshot->run));
  WriteText(json, "collection", snapshot->collection);
  json.Key("documents").Unsigned(snapshot->documents);
  whole("documents_estimated", snapshot->estimate);
  const auto started = snapshot->started.time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(started).count();
  json.Key("started_at").Time(base::Instant::Micros(micros));
  whole("seconds_left", snapshot->SecondsLeft(std::chrono::system_clock::now()));
  json.EndObject();
}

void Describe(const mongo_source::MongoSource& source, base::JsonWriter& json) {
  const mongo_source::Status status = source.status();
  const mongo_source::Start& start = source.start();
  json.BeginObject();
  json.Key("phase").String(mongo_source::kPhaseNames[static_cast<std::size_t>(status.phase)]);
  WriteText(json, "trouble", status.trouble);
  WriteText(json, "replica_set", status.server);
  json.Key("start").String(kStartNames[static_cast<std::size_t>(start.kind)]);
  WriteText(json, "token", mongo_source::DataOf(start.token));
  json.Key("cluster_time").Integer(Seconds(start.time));
  json.Key("operation_time").Integer(Seconds(status.operation_time));
  json.Key("snapshot_documents").Unsigned(status.snapshot_documents);
  DescribeSnapshot(status.snapshot, json);
  json.Key("gaps").Unsigned(status.gaps);
  json.Key("queue_bytes").Unsigned(source.queue_bytes());
  json.EndObject();
}

base::Status Snapshot(mongo_source::MongoSource& source, const event::RawDocument& body,
                      std::optional<std::uint32_t> filter) {
  std::string bytes;
  if (filter) SW_TRY_STATUS(bson::WriteBson(body, *filter, bytes));
  constexpr std::size_t kEmptyDocument = 5;
  if (filter && bytes.size() == kEmptyDocument) {
    return Wrong("filter: says nothing; leave it out to read everything");
  }
  return source.Snapshot(std::move(bytes));
}

base::Result<mongo_source::Start> StartOf(const std::string& token,
                                          std::optional<base::Instant> at) {
  if (token.empty() == !at) return Wrong("seek: needs one of token and at");
  if (!token.empty()) return mongo_source::StartBehind(token);
  const std::int64_t seconds = at->micros() / 1'000'000;
  if (seconds <= 0 || seconds > UINT32_MAX) return Wrong("seek: at is out of range");
  return mongo_source::Start{mongo_source::StartKind::kStartAtOperationTime,
                             {},
                             static_cast<std::uint64_t>(seconds) << 32 | 1};
}

}  // namespace

SourceBeat BeatOf(const mongo_source::MongoSource& source) {
  const mongo_source::Status status = source.status();
  SourceBeat beat;
  beat.phase = mongo_source::kPhaseNames[static_cast<std::size_t>(status.phase)];
  beat.trouble = status.trouble;
  beat.start = kStartNames[static_cast<std::size_t>(source.start().kind)];
  beat.place_time = Seconds(status.place_time);
  beat.behind = std::max<std::int64_t>(Seconds(status.operation_time) - beat.place_time, 0);
  beat.headroom = status.oplog_headroom;
  beat.changes = status.changes;
  return beat;
}

api::SourceControl ControlOf(mongo_source::MongoSource& source) {
  return {[&source](base::JsonWriter& json) { Describe(source, json); },
          [&source] { source.Pause(); }, [&source] { source.GoOn(); },
          [&source](const event::RawDocument& body, std::optional<std::uint32_t> filter) {
            return Snapshot(source, body, filter);
          },
          [&source](const std::string& token, std::optional<base::Instant> at) -> base::Status {
            SW_TRY(mongo_source::Start start, StartOf(token, at));
            return source.Seek(std::move(start));
          }};
}

}  // namespace stockwatch::app
