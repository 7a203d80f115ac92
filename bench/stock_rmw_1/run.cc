#include "run.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "bench_engine.h"
#include "documents.h"
#include "flow/listing.h"
#include "oracle.h"

namespace stock_rmw_1 {
namespace {

using Clock = std::chrono::steady_clock;
using namespace stockwatch;

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

// What the process caused to be written to storage.
std::uint64_t WrittenBytes() {
  unsigned long long written = 0;
  if (std::FILE* file = std::fopen("/proc/self/io", "r")) {
    char line[128];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      if (std::sscanf(line, "write_bytes: %llu", &written) == 1) break;
    }
    std::fclose(file);
  }
  return written;
}

std::uint64_t FolderBytes(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

// A folder of its own below another one; gone with the object.
class Scratch {
 public:
  explicit Scratch(const std::string& below)
      : path_((below.empty() ? std::filesystem::temp_directory_path().string() : below) +
              "/stock-rmw-1-XXXXXX") {
    SW_ASSERT(mkdtemp(path_.data()) != nullptr, "a folder for the store");
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string store() const { return path_ + "/store"; }

 private:
  std::string path_;
};

// Documents made before the clock starts: the background must not gain time by their making.
class Arrivals {
 public:
  void Add(const std::string& document, base::Position position, std::string_view collection) {
    if (used_ + document.size() > kBlockBytes) {
      blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
      used_ = 0;
    }
    char* place = blocks_.back().get() + used_;
    document.copy(place, document.size());
    used_ += document.size();
    list_.push_back({{place, document.size()}, position, collection});
  }
  std::span<const Arrival> all() const { return list_; }
  std::uint64_t bytes() const {
    return blocks_.size() * kBlockBytes + list_.capacity() * sizeof(Arrival);
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{16} << 20;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = kBlockBytes;
  std::vector<Arrival> list_;
};

Arrivals Openings(const Job& job) {
  Arrivals arrivals;
  for (std::uint64_t item = 0; item < job.items; ++item) {
    arrivals.Add(InventoryDocument(item), {0, kOpeningSeconds, static_cast<std::uint32_t>(item), 0},
                 "inventory");
  }
  return arrivals;
}

Arrivals Events(const Job& job) {
  Arrivals arrivals;
  Stream stream(job);
  Event event;
  while (stream.Next(event)) {
    arrivals.Add(TransactionDocument(event), {0, event.seconds, event.increment, 0},
                 "transactions");
  }
  return arrivals;
}

void TakeAll(BenchEngine& bench, std::span<const Arrival> arrivals, std::size_t batch) {
  for (std::size_t begin = 0; begin < arrivals.size(); begin += batch) {
    bench.Step(arrivals.subspan(begin, std::min(batch, arrivals.size() - begin)));
  }
}

double Percentile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
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

std::vector<Alert> AlertsOf(BenchEngine& bench) {
  std::vector<Alert> alerts;
  const auto episodes = flow::ReadEpisodes(bench.state(), bench.store());
  SW_ASSERT(episodes.ok(), "the store is ours");
  for (const alert::EpisodeRecord& episode : episodes.value()) {
    const auto type = TypeOf(episode.type);
    SW_ASSERT(type.has_value(), "the job has four conditions");
    Alert alert{*type,
                std::stoull(std::get<alert::ItemSubject>(episode.subject).sku),
                Seconds(episode.opened_at),
                episode.value / 1000,
                episode.reopened,
                Alert::State::kOpen,
                0};
    if (!alert::IsActive(episode.state)) {
      alert.state =
          episode.state == alert::State::kClosed ? Alert::State::kClosed : Alert::State::kResolved;
      alert.resolved_seconds = Seconds(episode.resolved_at);
    }
    alerts.push_back(alert);
  }
  std::sort(alerts.begin(), alerts.end());
  return alerts;
}

std::string Compare(BenchEngine& bench, const Job& job, const Expected& expected) {
  const flow::State& state = bench.state();
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
  const std::vector<Alert> alerts = AlertsOf(bench);
  if (alerts.size() != expected.alerts.size()) return "number of alerts differs";
  const auto differ = std::mismatch(alerts.begin(), alerts.end(), expected.alerts.begin());
  if (differ.first != alerts.end()) {
    return "an alert of item " + std::to_string(differ.first->item) + " differs";
  }
  return {};
}

// As fast as it goes.
void Sustain(BenchEngine& bench, std::span<const Arrival> events, Figures& figures) {
  std::vector<double> steps;
  bench.ResetClock();
  const std::uint64_t written = WrittenBytes();
  const double cpu = CpuSeconds();
  const auto start = Clock::now();
  for (std::size_t begin = 0; begin < events.size(); begin += figures.setup.batch) {
    const auto step = Clock::now();
    bench.Step(
        events.subspan(begin, std::min<std::size_t>(figures.setup.batch, events.size() - begin)));
    steps.push_back(Since(step));
  }
  figures.seconds = Since(start);
  figures.cpu_seconds = CpuSeconds() - cpu;
  figures.decode_seconds = bench.spent().decode;
  figures.core_seconds = bench.spent().core;
  figures.images_seconds = bench.spent().images;
  figures.journal_seconds = bench.spent().journal;
  std::sort(steps.begin(), steps.end());
  figures.step_p50_ms = Percentile(steps, 0.5) * 1000;
  figures.step_p99_ms = Percentile(steps, 0.99) * 1000;
  if (figures.setup.durability != Durability::kD0) {
    figures.bytes_per_event = static_cast<double>(WrittenBytes() - written) /
                              static_cast<double>(figures.setup.job.events);
  }
}

// Events arrive at their time whether the engine is ready or not; it takes what has arrived.
Latency OpenLoop(const Figures& figures, double share) {
  const Scratch scratch(figures.setup.folder);
  BenchEngine bench(figures.setup.durability, scratch.store());
  Job job = figures.setup.job;
  const double rate = static_cast<double>(job.events) / figures.seconds * share;
  constexpr double kSeconds = 8;
  job.events = static_cast<std::uint64_t>(rate * kSeconds);
  TakeAll(bench, Openings(job).all(), figures.setup.batch);
  const Arrivals made = Events(job);
  const auto events = made.all();
  std::vector<double> latencies;
  latencies.reserve(events.size());
  const auto start = Clock::now();
  for (std::size_t taken = 0; taken < events.size();) {
    const auto arrived = std::min(events.size(), static_cast<std::size_t>(Since(start) * rate));
    if (arrived == taken) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      continue;
    }
    const std::size_t count = std::min<std::size_t>(arrived - taken, figures.setup.batch);
    bench.Step(events.subspan(taken, count));
    const double now = Since(start);
    for (std::size_t i = 0; i < count; ++i) {
      latencies.push_back(now - static_cast<double>(taken + i) / rate);
    }
    taken += count;
  }
  std::sort(latencies.begin(), latencies.end());
  return {Percentile(latencies, 0.5) * 1000, Percentile(latencies, 0.99) * 1000,
          Percentile(latencies, 0.999) * 1000};
}

}  // namespace

Figures RunOnly(const Job& job) {
  Figures figures;
  figures.setup.job = job;
  BenchEngine bench(Durability::kD0, {});
  TakeAll(bench, Openings(job).all(), figures.setup.batch);
  const Arrivals events = Events(job);
  Sustain(bench, events.all(), figures);
  return figures;
}

Figures Run(const Setup& setup) {
  Figures figures;
  figures.setup = setup;
  const Job& job = setup.job;
  const bool durable = setup.durability != Durability::kD0;
  const Expected expected = Expect(job);
  const Scratch scratch(setup.folder);
  auto bench = std::make_unique<BenchEngine>(setup.durability, scratch.store());
  {
    const Arrivals openings = Openings(job);
    const std::uint64_t before = ResidentBytes();
    TakeAll(*bench, openings.all(), setup.batch);
    figures.bytes_per_item =
        static_cast<double>(ResidentBytes() - before - bench->history_bytes()) /
        static_cast<double>(job.items);
  }
  {
    const Arrivals events = Events(job);
    Sustain(*bench, events.all(), figures);
    figures.rss_bytes = ResidentBytes() - events.bytes();
  }
  bench->StopBackground();
  figures.background_cpu_seconds = bench->background_cpu_seconds();
  if (durable) {
    // What a kill leaves: the journal is not settled, nothing was closed.
    bench.reset();
    const auto start = Clock::now();
    bench = std::make_unique<BenchEngine>(setup.durability, scratch.store());
    figures.recovery_seconds = Since(start);
    figures.recovery_store_seconds = bench->open_seconds();
  }
  figures.mismatch = Compare(*bench, job, expected);
  figures.matches = figures.mismatch.empty();
  if (durable) {
    figures.disk_bytes = FolderBytes(scratch.store());
  }
  bench.reset();
  if (figures.matches && setup.latencies) {
    figures.at_half = OpenLoop(figures, 0.5);
    figures.at_four_fifths = OpenLoop(figures, 0.8);
  }
  return figures;
}

}  // namespace stock_rmw_1
