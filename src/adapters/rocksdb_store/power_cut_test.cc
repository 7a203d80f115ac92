#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "adapters/memory_store/memory_store.h"
#include "adapters/rocksdb_store/lossy_file_system.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/rocksdb_store/store_fixtures.h"

namespace stockwatch::rocksdb_store {
namespace {

std::uint64_t NumberFrom(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// One store through some lives, each of which ends with a power cut.
class Lives {
 public:
  Lives(std::uint64_t seed, SyncPolicy sync)
      : batches_(seed), sync_(sync), disk_(folder_.Path("graveyard")) {}

  void Live() {
    disk_.CutAfter(1 + random().Below(random().Chance(1, 3) ? 60 : 600));
    {
      auto store = Open();
      if (store.ok()) {
        Judge(*store.value());
        Work(*store.value());
      }
    }
    disk_.LoseUnsynced(random());
    batches_.BeginAnew();
  }

  // With power, everything promised is there.
  void Finish() {
    disk_.CutAfter(~std::uint64_t{0});
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.error().message;
    Judge(*store.value());
  }

  std::uint64_t batches() const { return committed_.size(); }

 private:
  base::Random& random() { return batches_.random(); }

  base::Result<std::unique_ptr<RocksdbStore>> Open() {
    Options options{.folder = folder_.Path("state"), .sync = sync_, .segment_bytes = 4096};
    options.file_system = &disk_;
    auto store = RocksdbStore::Open(options);
    EXPECT_TRUE(store.ok()) << store.error().message;
    return store;
  }

  void Work(RocksdbStore& store) {
    while (!disk_.dead()) {
      committed_.push_back(batches_.Next());
      ASSERT_TRUE(store.Commit(committed_.back()).ok());
      if (sync_ == SyncPolicy::kEachCommit) Promise();
      if (random().Chance(1, 5)) {
        ASSERT_TRUE(store.Sync().ok());
        Promise();
      }
      if (random().Chance(1, 8)) {
        ASSERT_TRUE(store.Settle().ok());
      }
      if (random().Chance(1, 60)) Dump(store);
    }
  }
  // A call that promises it has returned while there was power.
  void Promise() {
    if (!disk_.dead()) promised_ = committed_.size();
  }

  // The store is what the first so many batches make, no promised one missing; the others were
  // never there.
  void Judge(RocksdbStore& store) {
    const std::uint64_t last = store.last_batch();
    ASSERT_GE(last, promised_);
    ASSERT_LE(last, committed_.size());
    committed_.resize(last);
    memory_store::MemoryStore model;
    for (const ports::Batch& batch : committed_) ASSERT_TRUE(model.Commit(batch).ok());
    ASSERT_EQ(Dump(store), Dump(model));
    promised_ = last;  // opening found it on the disk
  }

  RandomBatches batches_;
  SyncPolicy sync_;
  TestFolder folder_;
  LossyFileSystem disk_;
  std::vector<ports::Batch> committed_;
  std::uint64_t promised_ = 0;  // so many of them
};

// 100 cuts; STOCKWATCH_CUTS says another number, STOCKWATCH_SEED the first seed.
TEST(PowerCut, LosesNothingThatWasPromisedAndLeavesNoHole) {
  const std::uint64_t cuts = NumberFrom("STOCKWATCH_CUTS", 100);
  const std::uint64_t first_seed = NumberFrom("STOCKWATCH_SEED", 1);
  constexpr std::uint64_t kLives = 10;
  for (std::uint64_t i = 0; i * kLives < cuts; ++i) {
    const std::uint64_t seed = first_seed + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Lives lives(seed, i % 3 == 2 ? SyncPolicy::kByOwner : SyncPolicy::kEachCommit);
    for (std::uint64_t life = 0; life < kLives && !::testing::Test::HasFailure(); ++life) {
      lives.Live();
    }
    lives.Finish();
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
