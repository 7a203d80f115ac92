#include <array>

#include "app/mongo.h"
#include "app/samples.h"

namespace stockwatch::app {
namespace {

std::int64_t Seconds(std::uint64_t cluster_time) {
  return static_cast<std::int64_t>(cluster_time >> 32);
}

template <typename Number>
void One(Samples& samples, std::string_view name, Number number) {
  samples.Add(name, {}, {}, static_cast<std::int64_t>(number));
}

// One count for each name.
template <std::size_t kSize>
void Each(Samples& samples, std::string_view metric, std::string_view label,
          const std::array<std::string_view, kSize>& names,
          const std::array<std::uint64_t, kSize>& counts) {
  for (std::size_t i = 0; i < kSize; ++i) {
    samples.Add(metric, label, names[i], static_cast<std::int64_t>(counts[i]));
  }
}

void WriteDocuments(const MongoReport& report, std::string_view name, Samples& samples) {
  const mongo_source::DocumentCounts& documents = report.status.documents_per_reply;
  const std::string bucket = std::string(name) + "_bucket";
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < mongo_source::DocumentCounts::kBounds.size(); ++i) {
    below += documents.counts[i];
    samples.Add(bucket, "le", std::to_string(mongo_source::DocumentCounts::kBounds[i]),
                static_cast<std::int64_t>(below));
  }
  samples.Add(bucket, "le", "+Inf", static_cast<std::int64_t>(documents.total));
  One(samples, std::string(name) + "_sum", documents.sum);
  One(samples, std::string(name) + "_count", documents.total);
}

constexpr std::array<Metric<MongoReport>, 23> kMongoMetrics{{
    {"stockwatch_source_phase", "gauge", "phase", "MongoDB: 1 for what the source does now.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       for (std::size_t i = 0; i < mongo_source::kPhaseNames.size(); ++i) {
         samples.Add(name, "phase", mongo_source::kPhaseNames[i],
                     static_cast<std::size_t>(r.status.phase) == i ? 1 : 0);
       }
     }},
    {"stockwatch_source_breaker", "gauge", "",
     "MongoDB: 0: the line to the server works; 1: the server is left alone for a while; 2: one "
     "attempt tries.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, static_cast<std::uint64_t>(r.status.line));
     }},
    {"stockwatch_source_changes_total", "counter", "", "MongoDB: changes read by this process.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.changes);
     }},
    {"stockwatch_source_bytes_total", "counter", "", "MongoDB: bytes of these changes.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.bytes);
     }},
    {"stockwatch_source_replies_total", "counter", "", "MongoDB: replies, empty ones too.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.replies);
     }},
    {"stockwatch_source_reopened_total", "counter", "cause",
     "MongoDB: how often the stream was opened again or tried to be, by cause: \"election\" is a "
     "server that is no primary any more or goes, \"timeout\" one that did not answer in time, "
     "\"caught_up\" one that need not have more time for it any longer.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       Each(samples, name, "cause", mongo_source::kCauseNames, r.status.reopened);
     }},
    {"stockwatch_source_gaps_total", "counter", "",
     "MongoDB: how often the oplog no longer reached back to the position.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.gaps);
     }},
    {"stockwatch_source_images_total", "counter", "image",
     "MongoDB: updates by what their document is: stored (exact), lookup (later), missing.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       Each(samples, name, "image", mongo_source::kUpdateImageNames, r.status.images);
     }},
    {"stockwatch_source_read_again_total", "counter", "",
     "MongoDB: documents read because their update brought no exact image that was needed.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.read_again);
     }},
    {"stockwatch_source_snapshot_documents_total", "counter", "",
     "MongoDB: documents read by snapshots.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.snapshot_documents);
     }},
    {"stockwatch_source_snapshots_ended_total", "counter", "", "MongoDB: snapshots read whole.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.status.snapshots_ended);
     }},
    {"stockwatch_source_vanished_total", "counter", "",
     "MongoDB: items retired because a snapshot no longer showed them.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.vanished);
     }},
    {"stockwatch_source_read_to_commit_seconds", "histogram", "le",
     "MongoDB: from the server's reply to the durable commit, of each live change.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       samples.AddHistogram(name, r.read_to_commit);
     }},
    {"stockwatch_source_lag_seconds", "histogram", "le",
     "MongoDB: from the commit there to the durable commit here, of each live change, by the "
     "server's clock; before MongoDB 6.0 up to a second more, its clock of changes being one of "
     "seconds.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       samples.AddHistogram(name, r.lag);
     }},
    {"stockwatch_source_clock_ahead_seconds", "gauge", "",
     "MongoDB: by how much the server's clock is ahead of ours; lag is corrected by it.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       if (!r.status.clock_ahead_ms) return;
       samples.AddText(name, std::to_string(static_cast<double>(*r.status.clock_ahead_ms) / 1000));
     }},
    {"stockwatch_source_get_more_seconds", "histogram", "le",
     "MongoDB: how long replies of the stream took; a quiet server answers after "
     "source.mongo.await.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       samples.AddHistogram(name, r.status.get_more);
     }},
    {"stockwatch_source_documents_per_reply", "histogram", "le",
     "MongoDB: changes in replies of the stream.", WriteDocuments},
    {"stockwatch_source_queue_bytes", "gauge", "",
     "MongoDB: bytes read ahead of the engine; at most source.mongo.queue_bytes_max.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, r.queue_bytes);
     }},
    {"stockwatch_source_operation_time_seconds", "gauge", "",
     "MongoDB: the server's cluster time as it said last, since 1970.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, Seconds(r.status.operation_time));
     }},
    {"stockwatch_source_place_time_seconds", "gauge", "",
     "MongoDB: cluster time up to which the stream was read, since 1970.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name, Seconds(r.status.place_time));
     }},
    {"stockwatch_source_still_seconds", "gauge", "",
     "MongoDB: time since the stream moved, by a change or a new place.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       One(samples, name,
           std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            r.status.moved)
               .count());
     }},
    {"stockwatch_source_oplog_headroom_seconds", "gauge", "",
     "MongoDB: cluster time by which the oplog reaches back behind the place; absent where the "
     "user may not read it (role read on the database local).",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       if (r.status.oplog_headroom) One(samples, name, *r.status.oplog_headroom);
     }},
    {"stockwatch_source_oplog_lost_in_seconds", "gauge", "",
     "MongoDB: forecast of when the oplog no longer reaches back to the place; absent while it "
     "does not come nearer. Below source.mongo.headroom_min readiness falls.",
     [](const MongoReport& r, std::string_view name, Samples& samples) {
       if (r.status.oplog_lost_in) One(samples, name, *r.status.oplog_lost_in);
     }},
}};

}  // namespace

std::string MongoMetricsText(const MongoReport& report) {
  std::string out;
  WriteSamples(kMongoMetrics, report, out);
  return out;
}

void AppendMongoMetricRows(std::string& out) {
  AppendMetricRows(kMongoMetrics, out);
}

}  // namespace stockwatch::app
