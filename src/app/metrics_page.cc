#include "app/metrics_page.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "app/mongo.h"
#include "app/replay.h"
#include "app/samples.h"
#include "flow/held_back.h"

namespace stockwatch::app {
namespace {

void AddByType(Samples& samples, std::string_view name, const flow::CountByType& counts) {
  for (std::size_t type = 0; type < event::kConditionTypes; ++type) {
    samples.Add(name, "type", event::kConditions[type].name,
                static_cast<std::int64_t>(counts[type]));
  }
}

void WriteChanges(const flow::State& state, std::string_view name, Samples& samples) {
  const flow::ChangeCounts& c = state.changes;
  const auto add = [&](std::string_view outcome, std::uint64_t count) {
    samples.Add(name, "outcome", outcome, static_cast<std::int64_t>(count));
  };
  add("applied", c.applied);
  add("duplicate", c.duplicate);
  add("stale", c.stale);
  add("dead_lettered", c.dead_lettered);
  add("control", c.control);
}

const stock::Totals& All(const flow::State& state) {
  return state.rollups.at(0).totals;
}

constexpr std::array<Metric<flow::State>, 12> kMetrics{{
    {"stockwatch_changes_total", "counter", "outcome",
     "Changes read, by what became of them; their sum is the number read.", WriteChanges},
    {"stockwatch_source_time_seconds", "gauge", "",
     "Highest cluster second passed, since 1970; 0 before the first change.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, s.now().micros() / 1'000'000);
     }},
    {"stockwatch_items", "gauge", "", "Living stock items.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, All(s).items);
     }},
    {"stockwatch_items_unopened", "gauge", "", "Stock items known by movements only.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, All(s).unopened);
     }},
    {"stockwatch_items_out_of_stock", "gauge", "",
     "Active opened stock items with nothing available.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, All(s).out_of_stock);
     }},
    {"stockwatch_items_low", "gauge", "",
     "Active opened stock items that are out, critical or low.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, All(s).low);
     }},
    {"stockwatch_threshold_rules", "gauge", "", "Living threshold rules.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, static_cast<std::int64_t>(s.rules.rules()));
     }},
    {"stockwatch_alerts_opened_total", "counter", "type", "Alerts opened, without re-openings.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       AddByType(samples, name, s.alerts.opened);
     }},
    {"stockwatch_alerts_reopened_total", "counter", "type",
     "Alerts opened again within the re-open window.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       AddByType(samples, name, s.alerts.reopened);
     }},
    {"stockwatch_alerts_resolved_total", "counter", "type", "Resolves, each one of an alert.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       AddByType(samples, name, s.alerts.resolved);
     }},
    {"stockwatch_alerts_open", "gauge", "type", "Alerts that are open or acknowledged.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       AddByType(samples, name, OpenNow(s));
     }},
    {"stockwatch_alerts_held_back", "gauge", "reason",
     "Alerts that are open or acknowledged and whose notices are held back, by each reason.",
     [](const flow::State& s, std::string_view name, Samples& samples) {
       const auto counts = flow::CountHeldBack(s);
       for (std::size_t i = 0; i < counts.size(); ++i) {
         samples.Add(name, "reason", flow::Name(static_cast<flow::Hold>(i)),
                     static_cast<std::int64_t>(counts[i]));
       }
     }},
}};

void WriteEnded(const flow::Delivery& delivery, std::string_view name, Samples& samples) {
  const flow::DeliveryCounts& c = delivery.counts();
  const auto add = [&](outbox::DeliveryState state, std::uint64_t count) {
    samples.Add(name, "state", outbox::Name(state), static_cast<std::int64_t>(count));
  };
  add(outbox::DeliveryState::kDelivered, c.delivered);
  add(outbox::DeliveryState::kDeadLettered, c.dead_lettered);
  add(outbox::DeliveryState::kFolded, c.folded);
}

void WriteAttempts(const flow::Delivery& delivery, std::string_view name, Samples& samples) {
  const auto& attempts = delivery.counts().attempts;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    samples.Add(name, "outcome", outbox::Name(static_cast<outbox::Outcome>(i)),
                static_cast<std::int64_t>(attempts[i]));
  }
}

void WriteLatency(const flow::Delivery& delivery, std::string_view name, Samples& samples) {
  samples.AddHistogram(name, delivery.latency());
}

constexpr std::array<Metric<flow::Delivery>, 8> kDeliveryMetrics{{
    {"stockwatch_notices_planned_total", "counter", "",
     "Notices, digests among them: those that ended and those that wait.",
     [](const flow::Delivery& d, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, static_cast<std::int64_t>(d.counts().planned));
     }},
    {"stockwatch_notices_ended_total", "counter", "state", "Notices by what became of them.",
     WriteEnded},
    {"stockwatch_notices_waiting", "gauge", "", "Notices that have not ended.",
     [](const flow::Delivery& d, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, static_cast<std::int64_t>(d.waiting()));
     }},
    {"stockwatch_notices_in_flight", "gauge", "", "Notices on their way to a receiver.",
     [](const flow::Delivery& d, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, static_cast<std::int64_t>(d.in_flight()));
     }},
    {"stockwatch_delivery_attempts_total", "counter", "outcome",
     "Attempts to deliver a notice, by what came of them.", WriteAttempts},
    {"stockwatch_delivery_attempt_seconds", "histogram", "le",
     "How long attempts took, of this process.", WriteLatency},
    {"stockwatch_channel_breaker", "gauge", "channel",
     "0: attempts are made; 1: the receiver is left alone; 2: one attempt tries.",
     [](const flow::Delivery& d, std::string_view name, Samples& samples) {
       for (const auto& [channel, state] : d.channels()) {
         samples.Add(name, "channel", channel, static_cast<std::int64_t>(state.breaker().state()));
       }
     }},
    {"stockwatch_channel_disabled", "gauge", "channel",
     "1: the receiver said that it wants nothing any more.",
     [](const flow::Delivery& d, std::string_view name, Samples& samples) {
       for (const auto& [channel, state] : d.channels()) {
         samples.Add(name, "channel", channel, state.disabled ? 1 : 0);
       }
     }},
}};

constexpr std::array<Metric<flow::CommitCounts>, 2> kCommitMetrics{{
    {"stockwatch_commits_total", "counter", "end",
     "Commits that took changes in, of this process, by why they took no more: the source had "
     "none, or commit.inputs_max, bytes_max, open_max.",
     [](const flow::CommitCounts& c, std::string_view name, Samples& samples) {
       for (std::size_t i = 0; i < c.by_end.size(); ++i) {
         samples.Add(name, "end", flow::kCommitEndNames[i], static_cast<std::int64_t>(c.by_end[i]));
       }
     }},
    {"stockwatch_commit_seconds", "histogram", "le",
     "How long the store took until a commit was durable, of this process.",
     [](const flow::CommitCounts& c, std::string_view name, Samples& samples) {
       samples.AddHistogram(name, c.latency);
     }},
}};

constexpr std::array<Metric<flow::EngineTime>, 1> kClockMetrics{{
    {"stockwatch_clock_ahead_seconds", "gauge", "",
     "How far the wall clock is ahead of engine time and not believed; 0: it is followed.",
     [](const flow::EngineTime& time, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, time.ahead().micros() / 1'000'000);
     }},
}};

constexpr std::array<Metric<bool>, 1> kStandbyMetrics{{
    {"stockwatch_standby", "gauge", "",
     "1: waits for another engine of the same store to end, and has no other metric; 0: works.",
     [](const bool& waits, std::string_view name, Samples& samples) {
       samples.Add(name, {}, {}, waits ? 1 : 0);
     }},
}};

}  // namespace

std::string CommitMetricsText(const flow::CommitCounts& commits) {
  std::string out;
  WriteSamples(kCommitMetrics, commits, out);
  return out;
}

std::string ClockMetricsText(const flow::EngineTime& time) {
  std::string out;
  WriteSamples(kClockMetrics, time, out);
  return out;
}

std::string StandbyMetricsText(bool waits) {
  std::string out;
  WriteSamples(kStandbyMetrics, waits, out);
  return out;
}

std::string MetricsText(const flow::State& state, const flow::Delivery* delivery) {
  std::string out;
  WriteSamples(kMetrics, state, out);
  if (delivery != nullptr) WriteSamples(kDeliveryMetrics, *delivery, out);
  return out;
}

base::Status WriteMetrics(const flow::State& state, const std::string& path) {
  const std::string text = MetricsText(state);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) good = std::fclose(file) == 0 && good;
  if (good) return {};
  return base::Error{base::Code::kUnavailable,
                     "cannot write metrics: " + path + ": " + std::strerror(errno)};
}

std::string MetricsPage() {
  std::string out =
      "# Metrics\n\nGenerated by `stockwatch docs metrics`; a test holds this page against the "
      "code.\n"
      "`stockwatch replay --metrics FILE` writes them in the Prometheus text format when the "
      "replay ends.\n\n| metric | kind | label | meaning |\n|---|---|---|---|\n";
  AppendMetricRows(kStandbyMetrics, out);
  AppendMetricRows(kCommitMetrics, out);
  AppendMetricRows(kClockMetrics, out);
  AppendMetricRows(kMetrics, out);
  AppendMetricRows(kDeliveryMetrics, out);
  AppendMongoMetricRows(out);
  return out;
}

}  // namespace stockwatch::app
