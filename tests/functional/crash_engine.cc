// An engine, or a connector, of the product's own parts that kills itself with SIGKILL at a named
// step, for test_mongo_step_kills.py. Source, store and place are wrapped where the ports are, the
// journal where the file system is; the product knows nothing of it.
//
//   crash_engine SETTINGS SOURCE TO STEP CHANGES
//
// TO: folder of a store, or a file NAME.ndjson, which a connector writes. Dies at the first such
// step at or behind so many changes that the source gave; ends with 3 where none came in time.

#include <rocksdb/file_system.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "adapters/change_file/change_file.h"
#include "adapters/file_positions/file_position.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/system_clock/system_clock.h"
#include "app/connect.h"
#include "app/mongo.h"
#include "app/parts.h"
#include "app/settler.h"
#include "config/load.h"
#include "flow/pipeline.h"

namespace {

using namespace stockwatch;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{120};

constexpr std::array<std::string_view, 9> kSteps{
    "read",         // the source has given a change out
    "decoded",      // and it is decoded, nothing of its block taken
    "taken",        // the whole batch is in the engine's memory
    "placed",       // and so is the position behind it; of a connector: its lines are on the disk
    "commit",       // nothing is written yet: of the batch, of a connector's place
    "torn",         // half of the journal's record is in the file
    "unsynced",     // the whole of it, before the sync
    "committed",    // durable; the source knows nothing of it
    "acknowledged"  // and it does
};

// When it is time to die.
class Fate {
 public:
  Fate(std::string step, std::uint64_t changes) : step_(std::move(step)), changes_(changes) {}

  void Gave() { ++given_; }
  bool Comes(std::string_view step) const { return step == step_ && given_ >= changes_; }
  void At(std::string_view step) const {
    if (Comes(step)) Die();
  }
  [[noreturn]] static void Die() {
    kill(getpid(), SIGKILL);
    std::abort();
  }

  // Of the record that is written now, not of others in the journal's folder.
  bool commits = false;

 private:
  std::string step_;
  std::uint64_t changes_;
  std::uint64_t given_ = 0;
};

class FatedSource : public ports::ChangeSource {
 public:
  FatedSource(ports::ChangeSource& inner, Fate& fate) : inner_(inner), fate_(fate) {}

  base::Result<ports::Next> Read(ports::RawInput& input) override {
    fate_.At("decoded");  // what was given before
    auto next = inner_.Read(input);
    if (next.ok() && next.value() == ports::Next::kInput) {
      fate_.Gave();
      fate_.At("read");
    }
    return next;
  }
  std::string Position() const override {
    std::string position = inner_.Position();
    fate_.At("placed");
    return position;
  }
  base::Status Resume(std::string_view position) override { return inner_.Resume(position); }
  std::optional<base::Position> TakeSnapshotEnd() override { return inner_.TakeSnapshotEnd(); }
  std::optional<base::Instant> Watermark() const override { return inner_.Watermark(); }
  std::optional<Health> GetHealth() const override {
    fate_.At("taken");
    return inner_.GetHealth();
  }
  base::Status Acknowledge() override {
    fate_.At("committed");
    SW_TRY_STATUS(inner_.Acknowledge());
    fate_.At("acknowledged");
    return {};
  }

 private:
  ports::ChangeSource& inner_;
  Fate& fate_;
};

class FatedStore : public ports::StateStore {
 public:
  FatedStore(ports::StateStore& inner, Fate& fate) : inner_(inner), fate_(fate) {}

  base::Status Commit(const ports::Batch& batch) override {
    fate_.At("commit");
    fate_.commits = true;
    base::Status committed = inner_.Commit(batch);
    fate_.commits = false;
    return committed;
  }
  bool OutlivesEngine() const override { return inner_.OutlivesEngine(); }
  base::Status CheckOwner() override { return inner_.CheckOwner(); }
  std::uint64_t epoch() const override { return inner_.epoch(); }
  base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) override {
    return inner_.ReadHistory(item, row);
  }
  base::Status ReadFamily(ports::Family family, const Record& record) override {
    return inner_.ReadFamily(family, record);
  }
  base::Status ReadRange(const Range& range, const RangeRecord& record) override {
    return inner_.ReadRange(range, record);
  }
  base::Status ReadFamilies(std::span<const ports::Family> families,
                            const FamilyRecord& record) override {
    return inner_.ReadFamilies(families, record);
  }

 private:
  ports::StateStore& inner_;
  Fate& fate_;
};

class FatedPlace : public ports::PositionStore {
 public:
  FatedPlace(ports::PositionStore& inner, Fate& fate) : inner_(inner), fate_(fate) {}

  base::Result<std::string> Take() override { return inner_.Take(); }
  base::Status Put(std::string_view record) override {
    fate_.At("commit");
    return inner_.Put(record);
  }
  base::Duration lease() const override { return inner_.lease(); }

 private:
  ports::PositionStore& inner_;
  Fate& fate_;
};

// The journal is written at places of a file; tables are not.
class FatedFile : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  FatedFile(std::unique_ptr<rocksdb::FSRandomRWFile>&& inner, Fate& fate)
      : FSRandomRWFileOwnerWrapper(std::move(inner)), fate_(fate) {}

  rocksdb::IOStatus Write(std::uint64_t at, const rocksdb::Slice& bytes,
                          const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    if (fate_.commits && fate_.Comes("torn")) {
      const rocksdb::Slice half(bytes.data(), bytes.size() / 2);
      if (FSRandomRWFileOwnerWrapper::Write(at, half, options, debug).ok()) Fate::Die();
    }
    return FSRandomRWFileOwnerWrapper::Write(at, bytes, options, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    if (fate_.commits) fate_.At("unsynced");
    return FSRandomRWFileOwnerWrapper::Sync(options, debug);
  }

 private:
  Fate& fate_;
};

class FatedDisk : public rocksdb::FileSystemWrapper {
 public:
  explicit FatedDisk(Fate& fate) : FileSystemWrapper(rocksdb::FileSystem::Default()), fate_(fate) {}
  const char* Name() const override { return "FatedDisk"; }

  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = target()->NewRandomRWFile(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<FatedFile>(std::move(*result), fate_);
    return status;
  }

 private:
  Fate& fate_;
};

struct Wanted {
  config::Settings settings;
  mongo_source::Options mongo;
  std::string to;
};

base::Status RunEngine(const Wanted& wanted, ports::ChangeSource& source, Fate& fate) {
  FatedDisk disk(fate);
  rocksdb_store::Options options;
  options.folder = wanted.to;
  options.file_system = &disk;
  SW_TRY(const auto opened, rocksdb_store::RocksdbStore::Open(options));
  FatedStore store(*opened, fate);
  system_clock::SystemClock clock;
  flow::Pipeline pipeline(wanted.settings.flow, wanted.settings.decode,
                          {source, store, nullptr, &clock}, nullptr);
  SW_TRY_STATUS(pipeline.Start());
  const app::Settler settler(*opened);
  for (const auto until = steady_clock::now() + kPatience; steady_clock::now() < until;) {
    SW_TRY(const auto stepped, pipeline.Step());
    if (stepped == flow::Pipeline::Stepped::kIdle) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return {};
}

base::Status RunConnector(const Wanted& wanted, ports::ChangeSource& source, app::Log& log,
                          Fate& fate) {
  file_positions::FilePosition kept(wanted.to + ".position");
  FatedPlace place(kept, fate);
  const decode::Decoder decoder(wanted.settings.decode, nullptr);
  SW_TRY(const auto file, change_file::ChangeFile::Open(wanted.to));
  app::Connector::Options options;
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  options.file = std::string(host) + ":" + wanted.to;  // as the command says it
  const auto until = steady_clock::now() + kPatience;
  return app::RunConnector({source, *file, place, decoder, log}, options, false,
                           [&] { return steady_clock::now() >= until; });
}

base::Result<Wanted> WantedOf(char** argv) {
  Wanted wanted;
  SW_TRY(const std::string text, config::ReadSettingsFile(argv[1]));
  config::Loaded loaded = config::Load(text);
  if (!loaded.ok()) return loaded.errors.front();
  wanted.settings = std::move(loaded.settings);
  SW_TRY(wanted.mongo, app::MongoOptionsFrom(wanted.settings, argv[2]));
  wanted.to = argv[3];
  return wanted;
}

base::Status Run(const Wanted& wanted, Fate& fate) {
  app::Log log({}, [] { return base::Instant(); });
  SW_TRY(const auto mongo, mongo_source::MongoSource::Open(wanted.mongo, app::TellerTo(log)));
  FatedSource source(*mongo, fate);
  return wanted.to.ends_with(".ndjson") ? RunConnector(wanted, source, log, fate)
                                        : RunEngine(wanted, source, fate);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6 || std::find(kSteps.begin(), kSteps.end(), argv[4]) == kSteps.end()) {
    std::fprintf(stderr, "usage: crash_engine SETTINGS SOURCE TO STEP CHANGES\n");
    return 2;
  }
  const auto wanted = WantedOf(argv);
  Fate fate(argv[4], std::strtoull(argv[5], nullptr, 10));
  const base::Status ended = wanted.ok() ? Run(wanted.value(), fate) : wanted.error();
  std::fprintf(stderr, "%s\n",
               ended.ok() ? "the step did not come" : ended.error().message.c_str());
  return ended.ok() ? 3 : 1;
}
