#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "adapters/mongo_source/mongo_source.h"
#include "app/api/route.h"
#include "app/log.h"
#include "app/source_beat.h"
#include "base/result.h"
#include "config/settings.h"

namespace stockwatch::app {

// Whether `run --source` names MongoDB: "mongo", or a URI.
enum class SourceKind : std::uint8_t { kOther, kMongo };
SourceKind KindOf(const std::string& source);

// `source`: "mongo", the URI being where the settings say, or the URI itself. kInvalidArgument: a
// URI with a password, which others would see in the list of processes; no URI.
base::Result<mongo_source::Options> MongoOptionsFrom(const config::Settings& settings,
                                                     const std::string& source);

// Three heartbeats without a change or a new place are silence, whatever the connection says; who
// paused it hears nothing by choice.
bool IsSilent(const mongo_source::Status& status, base::Duration heartbeat,
              std::chrono::steady_clock::time_point now);
// Why changes are not taken as they come; nullopt: they are.
std::optional<std::string> TroubleOf(const mongo_source::Status& status, base::Duration heartbeat,
                                     std::chrono::steady_clock::time_point now);

// Why the oplog will soon have lost the place; nullopt: later than in `headroom_min`, or never.
std::optional<std::string> HeadroomTroubleOf(const mongo_source::Status& status,
                                             base::Duration headroom_min);

// What a heartbeat says of a source. The thread of Read.
SourceBeat BeatOf(const mongo_source::MongoSource& source);

// What can be wanted of it by the API. `source` must outlive it.
api::SourceControl ControlOf(mongo_source::MongoSource& source);

// What a source says of itself, as of one moment.
struct MongoReport {
  mongo_source::Status status;
  std::uint64_t queue_bytes = 0;
  std::uint64_t vanished = 0;  // items retired because a snapshot did not show them
  base::LatencyHistogram read_to_commit = {};
  base::LatencyHistogram lag = {};
};
std::string MongoMetricsText(const MongoReport& report);
void AppendMongoMetricRows(std::string& out);

}  // namespace stockwatch::app
