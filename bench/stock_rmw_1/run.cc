#include "run.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "adapters/memory_store/memory_store.h"
#include "base/json_writer.h"
#include "documents.h"
#include "domain/decode/decoder.h"
#include "flow/engine.h"
#include "oracle.h"
#include "wire/bson/bson_reader.h"

namespace stock_rmw_1 {
namespace {

using Clock = std::chrono::steady_clock;
using namespace stockwatch;

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kBlock = 32;  // decoded ahead of the first that is taken

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t ResidentBytes() {
  unsigned long long pages = 0;
  unsigned long long resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%llu %llu", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

flow::Options JobOptions() {
  flow::Options options;
  options.warehouse.authority = stock::Authority::kLedger;
  event::Rule rule;
  rule.id = "all";
  rule.is_default = true;
  rule.fields.low = base::Quantity::Pieces(20);
  rule.fields.critical = base::Quantity::Pieces(5);
  rule.fields.clear_margin = event::Margin{event::Margin::Kind::kQuantity, 10'000};
  options.rules.push_back(rule);
  return options;
}

decode::Options JobDecode() {
  decode::Options options;
  options.inventory.name = "inventory";
  options.transactions.name = "transactions";
  return options;
}

// The engine with everything around it that a change passes.
class Bench {
 public:
  Bench() : options_(JobOptions()), decoder_(JobDecode()), engine_(options_, store_) {
    SW_ASSERT(engine_.Start(store_).ok(), "memory has nothing to refuse");
    block_.resize(kBlock);
  }

  // What arrives, made beforehand.
  struct Arrival {
    std::string bytes;
    base::Position position;
    std::string_view collection;
  };

  void Step(const std::vector<Arrival>& arrivals) {
    for (std::size_t begin = 0; begin < arrivals.size(); begin += kBlock) {
      const std::size_t end = std::min(begin + kBlock, arrivals.size());
      const auto arrived = Clock::now();
      for (std::size_t i = begin; i < end; ++i) Decode(arrivals[i], block_[i - begin]);
      decode_seconds_ += Since(arrived);
      const auto start = Clock::now();
      const auto block = std::span(block_).first(end - begin);
      engine_.Expect(block);
      for (const flow::Arrival& arrival : block) engine_.Take(arrival, 0);
      core_seconds_ += Since(start);
    }
    SW_ASSERT(engine_.Commit(store_).ok(), "memory takes it");
  }
  void ResetClock() { decode_seconds_ = core_seconds_ = 0; }
  double decode_seconds() const { return decode_seconds_; }
  std::uint64_t history_bytes() const { return store_.history_bytes(); }
  double core_seconds() const { return core_seconds_; }
  const flow::State& state() const { return engine_.state(); }

 private:
  void Decode(const Arrival& arrival, flow::Arrival& slot) {
    event::RawChange& change = slot.input.change;
    change.Clear();
    const auto read = bson::ReadBson(arrival.bytes, {}, change.event);
    SW_ASSERT(read.ok(), "a document of our own making");
    slot.input.placed = true;
    change.operation = event::Operation::kInsert;
    change.image = event::Image::kExact;
    change.position = arrival.position;
    change.collection = arrival.collection;
    change.full_document = 0;
    change.document_key = 1;
    slot.decoded = decoder_.Decode(change);
  }

  flow::Options options_;
  decode::Decoder decoder_;
  memory_store::MemoryStore store_;
  flow::Engine engine_;
  std::vector<flow::Arrival> block_;
  double decode_seconds_ = 0;
  double core_seconds_ = 0;
};

void OpenItems(Bench& bench, const Job& job) {
  std::vector<Bench::Arrival> arrivals;
  for (std::uint64_t item = 0; item < job.items; ++item) {
    arrivals.push_back({InventoryDocument(item),
                        {0, kOpeningSeconds, static_cast<std::uint32_t>(item), 0},
                        "inventory"});
    if (arrivals.size() < kBatch && item + 1 < job.items) continue;
    bench.Step(arrivals);
    arrivals.clear();
  }
}

void RunEvents(Bench& bench, const Job& job, Figures& figures) {
  Stream stream(job);
  std::vector<Bench::Arrival> arrivals;
  std::vector<double> steps;
  Event event;
  bool more = true;
  while (more) {
    arrivals.clear();
    while (arrivals.size() < kBatch && (more = stream.Next(event))) {
      arrivals.push_back(
          {TransactionDocument(event), {0, event.seconds, event.increment, 0}, "transactions"});
    }
    const double cpu = CpuSeconds();
    const auto start = Clock::now();
    bench.Step(arrivals);
    steps.push_back(Since(start));
    figures.seconds += steps.back();
    figures.cpu_seconds += CpuSeconds() - cpu;
  }
  figures.decode_seconds = bench.decode_seconds();
  figures.core_seconds = bench.core_seconds();
  std::sort(steps.begin(), steps.end());
  figures.p50_ms = steps[steps.size() / 2] * 1000;
  figures.p99_ms = steps[steps.size() * 99 / 100] * 1000;
}

std::optional<AlertType> TypeOf(event::ConditionType type) {
  switch (type) {
    case event::ConditionType::kOutOfStock:
      return AlertType::kOutOfStock;
    case event::ConditionType::kCriticalStock:
      return AlertType::kCriticalStock;
    case event::ConditionType::kLowStock:
      return AlertType::kLowStock;
    case event::ConditionType::kNegativeStock:
      return AlertType::kNegativeStock;
    default:
      return std::nullopt;
  }
}

std::uint32_t Seconds(base::Instant at) {
  return static_cast<std::uint32_t>(at.micros() / 1'000'000);
}

std::vector<Alert> AlertsOf(const flow::State& state) {
  std::vector<Alert> alerts;
  for (alert::EpisodeIndex i = 0; i < state.episodes.size(); ++i) {
    const alert::Episode& episode = state.episodes.at(i);
    const auto type = TypeOf(episode.type);
    SW_ASSERT(type.has_value(), "the job has four conditions");
    Alert alert{*type,
                std::stoull(std::string(episode.item.sku.text())),
                Seconds(episode.opened_at),
                episode.value / 1000,
                episode.reopened,
                Alert::State::kOpen,
                0};
    if (!episode.active()) {
      alert.state =
          episode.state == alert::State::kClosed ? Alert::State::kClosed : Alert::State::kResolved;
      alert.resolved_seconds = Seconds(episode.resolved_at);
    }
    alerts.push_back(alert);
  }
  std::sort(alerts.begin(), alerts.end());
  return alerts;
}

std::string Compare(const flow::State& state, const Job& job) {
  const Expected expected = Expect(job);
  for (std::uint64_t item = 0; item < job.items; ++item) {
    const std::string sku = std::to_string(item);
    const std::string warehouse = "W" + std::to_string(item % 20);
    const key::ItemIndex index = state.directory.Find(
        {event::WarehouseIdView::Trusted(warehouse), event::SkuView::Trusted(sku)});
    if (index == key::kNoItem) return "item " + sku + " is missing";
    const std::int64_t stock = state.ledger.at(index).sums.on_hand.thousandths();
    if (stock != expected.stock[item] * 1000) return "stock of item " + sku + " differs";
  }
  if (state.changes.applied != expected.applied + job.items) return "applied changes differ";
  if (state.changes.duplicate != expected.duplicates) return "duplicates differ";
  const std::vector<Alert> alerts = AlertsOf(state);
  if (alerts.size() != expected.alerts.size()) return "number of alerts differs";
  const auto differ = std::mismatch(alerts.begin(), alerts.end(), expected.alerts.begin());
  if (differ.first != alerts.end()) {
    return "an alert of item " + std::to_string(differ.first->item) + " differs";
  }
  return {};
}

std::string Fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

const char* SkewName(Skew skew) {
  switch (skew) {
    case Skew::kUniform:
      return "uniform";
    case Skew::k8020:
      return "80-20";
    case Skew::kZipf:
      return "zipf";
  }
  return "";
}

}  // namespace

namespace {

void Measure(Bench& bench, Figures& figures) {
  const std::uint64_t before = ResidentBytes();
  OpenItems(bench, figures.job);
  figures.bytes_per_item = static_cast<double>(ResidentBytes() - before - bench.history_bytes()) /
                           static_cast<double>(figures.job.items);
  bench.ResetClock();
  RunEvents(bench, figures.job, figures);
  figures.rss_bytes = ResidentBytes();
}

}  // namespace

Figures RunOnly(const Job& job) {
  Figures figures;
  figures.job = job;
  Bench bench;
  Measure(bench, figures);
  return figures;
}

Figures Run(const Job& job) {
  Figures figures;
  figures.job = job;
  Bench bench;
  Measure(bench, figures);
  figures.mismatch = Compare(bench.state(), job);
  figures.matches = figures.mismatch.empty();
  return figures;
}

std::string Figures::Json() const {
  std::string out;
  base::JsonWriter json(out);
  const auto events = static_cast<double>(job.events);
  json.BeginObject();
  json.Key("job").String("stock-rmw-1");
  json.Key("events").Unsigned(job.events);
  json.Key("items").Unsigned(job.items);
  json.Key("skew").String(SkewName(job.skew));
  json.Key("durability").String("d0");
  json.Key("events_per_second").Raw(Fixed(events / seconds, 0));
  json.Key("core_events_per_second").Raw(Fixed(events / core_seconds, 0));
  json.Key("decode_ns").Raw(Fixed(decode_seconds / events * 1e9, 0));
  json.Key("cpu_seconds_per_million").Raw(Fixed(cpu_seconds / events * 1e6, 3));
  json.Key("p50_ms").Raw(Fixed(p50_ms, 3));
  json.Key("p99_ms").Raw(Fixed(p99_ms, 3));
  json.Key("rss_bytes").Unsigned(rss_bytes);
  json.Key("bytes_per_item").Raw(Fixed(bytes_per_item, 1));
  json.Key("bytes_per_event").Null();   // nothing is written to disk
  json.Key("recovery_seconds").Null();  // nothing to recover
  json.Key("oracle").String(matches ? "match" : mismatch);
  json.EndObject();
  return out;
}

std::string Figures::Text() const {
  const auto events = static_cast<double>(job.events);
  return "stock-rmw-1  " + std::to_string(job.events) + " events, " + std::to_string(job.items) +
         " items, " + SkewName(job.skew) + ", d0\n" + Fixed(events / seconds / 1e6, 2) +
         " M events/s in all, " + Fixed(events / core_seconds / 1e6, 2) +
         " M events/s in the core, " + Fixed(decode_seconds / events * 1e9, 0) +
         " ns to decode one\n" + Fixed(cpu_seconds / events * 1e6, 2) +
         " CPU-seconds per million events\nstep of 4,096: p50 " + Fixed(p50_ms, 2) + " ms, p99 " +
         Fixed(p99_ms, 2) + " ms\n" + Fixed(static_cast<double>(rss_bytes) / 1e6, 0) +
         " MB resident, " + Fixed(bytes_per_item, 0) +
         " bytes an item before the first event\noracle: " + (matches ? "match" : mismatch) + "\n";
}

}  // namespace stock_rmw_1
