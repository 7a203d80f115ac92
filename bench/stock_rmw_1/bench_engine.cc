#include "bench_engine.h"

#include <ctime>

#include "base/assertion.h"
#include "wire/bson/bson_reader.h"

namespace stock_rmw_1 {
namespace {

using Clock = std::chrono::steady_clock;
using namespace stockwatch;

constexpr std::size_t kBlock = 32;  // decoded ahead of the first that is taken

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
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

// Times the store's part of a commit.
class TimedStore : public ports::StateStore {
 public:
  TimedStore(ports::StateStore& store, double& seconds) : store_(store), seconds_(seconds) {}

  bool OutlivesEngine() const override { return store_.OutlivesEngine(); }
  base::Status Commit(const ports::Batch& batch) override {
    const auto start = Clock::now();
    base::Status status = store_.Commit(batch);
    seconds_ += Since(start);
    return status;
  }
  base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) override {
    return store_.ReadHistory(item, row);
  }
  base::Status ReadFamily(ports::Family family, const Record& record) override {
    return store_.ReadFamily(family, record);
  }
  base::Status ReadRange(const Range& range, const RangeRecord& record) override {
    return store_.ReadRange(range, record);
  }

 private:
  ports::StateStore& store_;
  double& seconds_;
};

std::unique_ptr<rocksdb_store::RocksdbStore> OpenStore(Durability durability,
                                                       const std::string& folder) {
  if (durability == Durability::kD0) return nullptr;
  rocksdb_store::Options options;
  options.folder = folder;
  options.sync = durability == Durability::kD2 ? rocksdb_store::SyncPolicy::kEachCommit
                                               : rocksdb_store::SyncPolicy::kByOwner;
  auto opened = rocksdb_store::RocksdbStore::Open(options);
  SW_ASSERT(opened.ok(), opened.ok() ? "" : opened.error().message.c_str());
  return std::move(opened).value();
}

}  // namespace

BenchEngine::BenchEngine(Durability durability, const std::string& folder)
    : options_(JobOptions()),
      decoder_(JobDecode()),
      durable_(OpenStore(durability, folder)),
      store_(durable_ ? static_cast<ports::StateStore*>(durable_.get()) : &memory_),
      engine_(options_, *store_),
      block_(kBlock),
      durability_(durability),
      synced_(Clock::now()) {
  SW_ASSERT(engine_.Start(*store_).ok(), "the store is ours");
  if (durable_) background_ = std::jthread([this](const std::stop_token& stop) { Settle(stop); });
}

BenchEngine::~BenchEngine() {
  StopBackground();
}

void BenchEngine::StopBackground() {
  if (!background_.joinable()) return;
  background_.request_stop();
  background_.join();
}

void BenchEngine::Settle(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto settled = durable_->Settle();
    SW_ASSERT(settled.ok(), "the disk works");
    if (!settled.value()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  timespec cpu{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  background_cpu_ = static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9;
}

void BenchEngine::Step(std::span<const Arrival> arrivals) {
  for (std::size_t begin = 0; begin < arrivals.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, arrivals.size());
    const auto arrived = Clock::now();
    for (std::size_t i = begin; i < end; ++i) Decode(arrivals[i], block_[i - begin]);
    spent_.decode += Since(arrived);
    const auto start = Clock::now();
    const auto block = std::span(block_).first(end - begin);
    engine_.Expect(block);
    for (const flow::Arrival& arrival : block) engine_.Take(arrival, 0);
    spent_.core += Since(start);
  }
  const auto start = Clock::now();
  double stored = 0;
  TimedStore timed(*store_, stored);
  const base::Status committed = engine_.Commit(timed);
  SW_ASSERT(committed.ok(), committed.ok() ? "" : committed.error().message.c_str());
  if (durability_ == Durability::kD1 && Since(synced_) > 0.5) {
    SW_ASSERT(durable_->Sync().ok(), "the disk works");
    synced_ = Clock::now();
  }
  spent_.journal += stored;
  spent_.images += Since(start) - stored;
}

void BenchEngine::Decode(const Arrival& arrival, flow::Arrival& slot) {
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

}  // namespace stock_rmw_1
