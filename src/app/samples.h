#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/latency_histogram.h"

namespace stockwatch::app {

// Writes samples of the Prometheus text format, one a line.
class Samples {
 public:
  explicit Samples(std::string& out) : out_(out) {}
  void Add(std::string_view name, std::string_view label, std::string_view value,
           std::int64_t count) {
    out_.append(name);
    if (!label.empty()) out_.append("{").append(label).append("=\"").append(value).append("\"}");
    out_.append(" ").append(std::to_string(count)).append("\n");
  }
  void AddText(std::string_view name, std::string_view value) {
    out_.append(name).append(" ").append(value).append("\n");
  }
  // Its buckets, sum and count; the bounds in seconds.
  void AddHistogram(std::string_view name, const base::LatencyHistogram& latency) {
    const std::string bucket = std::string(name) + "_bucket";
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < base::LatencyHistogram::kBoundsMs.size(); ++i) {
      below += latency.counts[i];
      char bound[32];
      std::snprintf(bound, sizeof bound, "%g",
                    static_cast<double>(base::LatencyHistogram::kBoundsMs[i]) / 1000);
      Add(bucket, "le", bound, static_cast<std::int64_t>(below));
    }
    Add(bucket, "le", "+Inf", static_cast<std::int64_t>(latency.total));
    AddText(std::string(name) + "_sum",
            std::to_string(static_cast<double>(latency.sum_micros) / 1e6));
    Add(std::string(name) + "_count", {}, {}, static_cast<std::int64_t>(latency.total));
  }

 private:
  std::string& out_;
};

// A row of a table of metrics, which are read of a Subject.
template <typename Subject>
struct Metric {
  std::string_view name;
  std::string_view kind;
  std::string_view label;  // empty: none
  std::string_view help;
  void (*write)(const Subject& subject, std::string_view name, Samples& samples);
};

// Of such a table: the page that is scraped …
template <typename Metrics, typename Subject>
void WriteSamples(const Metrics& metrics, const Subject& subject, std::string& out) {
  Samples samples(out);
  for (const auto& metric : metrics) {
    out.append("# HELP ").append(metric.name).append(" ").append(metric.help).append("\n");
    out.append("# TYPE ").append(metric.name).append(" ").append(metric.kind).append("\n");
    metric.write(subject, metric.name, samples);
  }
}

// … and that of the docs.
template <typename Metrics>
void AppendMetricRows(const Metrics& metrics, std::string& out) {
  for (const auto& metric : metrics) {
    out.append("| `").append(metric.name).append("` | ").append(metric.kind).append(" | ");
    if (!metric.label.empty()) out.append("`").append(metric.label).append("`");
    out.append(" | ").append(metric.help).append(" |\n");
  }
}

}  // namespace stockwatch::app
