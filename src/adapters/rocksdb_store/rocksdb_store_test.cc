#include "adapters/rocksdb_store/rocksdb_store.h"

#include <gtest/gtest.h>

#include "adapters/memory_store/memory_store.h"
#include "adapters/rocksdb_store/lossy_file_system.h"
#include "adapters/rocksdb_store/store_fixtures.h"

namespace stockwatch::rocksdb_store {
namespace {

using ports::Family;

std::vector<std::string> Rows(ports::StateStore& store, std::uint32_t item) {
  std::vector<std::string> rows;
  ExpectOk(store.ReadHistory(item, [&](base::Position position, std::string_view record) {
    rows.push_back(std::to_string(position.ordinal) + ":" + std::string(record));
  }));
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::string> Records(ports::StateStore& store, Family family) {
  std::vector<std::string> records;
  ExpectOk(store.ReadFamily(family, [&](std::string_view key, std::string_view record) {
    records.push_back(std::string(key) + "=" + std::string(record));
  }));
  return records;
}

using Strings = std::vector<std::string>;

TEST(RocksdbStore, WhatWasCommittedIsThereAfterItIsOpenedAgain) {
  const TestFolder folder;
  {
    const auto store = OpenStore(folder.Path("state"));
    ports::Batch batch;
    batch.Put(Family::kItem, "b", "1");
    batch.Put(Family::kItem, "a", "2");
    batch.Put(Family::kRule, "a", "of another family");
    batch.AppendHistory(7, {1, 2, 3, 4}, "row");
    ExpectOk(store->Commit(batch));
    batch.Clear();
    batch.Remove(Family::kItem, "b");
    batch.Put(Family::kItem, "c", "");
    ExpectOk(store->Commit(batch));
    EXPECT_EQ(store->last_batch(), 2u);
  }
  const auto store = OpenStore(folder.Path("state"));
  EXPECT_EQ(store->last_batch(), 2u);
  EXPECT_EQ(store->recovery().records_replayed, 2u);
  EXPECT_EQ(Records(*store, Family::kItem), (Strings{"a=2", "c="}));
  EXPECT_EQ(Records(*store, Family::kRule), (Strings{"a=of another family"}));
  EXPECT_EQ(Records(*store, Family::kOutbox), Strings());
  EXPECT_EQ(Rows(*store, 7), (Strings{"4:row"}));
  EXPECT_EQ(Rows(*store, 8), Strings());
}

TEST(RocksdbStore, ReadsSeeWhatWasCommittedBefore) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  ports::Batch batch;
  batch.AppendHistory(1, {0, 0, 0, 1}, "a");
  batch.Put(Family::kItem, "k", "first");
  ExpectOk(store->Commit(batch));
  EXPECT_EQ(Rows(*store, 1), (Strings{"1:a"}));
  EXPECT_EQ(Records(*store, Family::kItem), (Strings{"k=first"}));
  batch.Clear();
  batch.AppendHistory(1, {0, 0, 0, 2}, "b");
  batch.Put(Family::kItem, "k", "second");
  ExpectOk(store->Commit(batch));
  EXPECT_EQ(Rows(*store, 1), (Strings{"1:a", "2:b"}));
  EXPECT_EQ(Records(*store, Family::kItem), (Strings{"k=second"}));
}

// A number's rows go with Forget, wherever they are: of the same batch, the same segment, an
// earlier one, or the tables; its next owner may have rows at the same positions.
TEST(RocksdbStore, APartOfAListIsReadWithoutSettlingAnything) {
  const TestFolder folder;
  auto store = OpenStore(folder.Path("state"));
  ports::Batch batch;
  for (const char* key : {"a", "c", "e"}) batch.Put(Family::kDeadLetter, key, "old");
  ExpectOk(store->Commit(batch));
  store.reset();
  store = OpenStore(folder.Path("state"));  // they are in the tables now
  batch.Clear();
  batch.Put(Family::kDeadLetter, "b", "new");
  batch.Put(Family::kDeadLetter, "c", "new");
  batch.Remove(Family::kDeadLetter, "e");
  ExpectOk(store->Commit(batch));
  const auto of = [&](std::string_view from, bool descending, std::size_t most) {
    Strings part;
    ExpectOk(store->ReadRange({Family::kDeadLetter, from, descending},
                              [&](std::string_view key, std::string_view record) {
                                part.push_back(std::string(key) + "=" + std::string(record));
                                return part.size() < most;
                              }));
    return part;
  };
  EXPECT_EQ(of("", false, 9), (Strings{"a=old", "b=new", "c=new"}));
  EXPECT_EQ(of("", true, 9), (Strings{"c=new", "b=new", "a=old"}));
  EXPECT_EQ(of("b", false, 1), Strings{"b=new"});
  EXPECT_EQ(of("bb", true, 2), (Strings{"b=new", "a=old"}));
  EXPECT_EQ(of("d", false, 9), Strings());
  ASSERT_TRUE(store->Settle().ok());
  EXPECT_EQ(of("", false, 9), (Strings{"a=old", "b=new", "c=new"}));
}

TEST(RocksdbStore, ForgottenRowsStayAwayAndTheNumberIsUsedAgain) {
  const TestFolder folder;
  const auto commit = [](RocksdbStore& store, auto fill) {
    ports::Batch batch;
    fill(batch);
    ExpectOk(store.Commit(batch));
  };
  const auto settle = [](RocksdbStore& store) { Records(store, Family::kItem); };
  for (const bool settled : {false, true}) {
    const std::string path = folder.Path(settled ? "settled" : "unsettled");
    auto store = OpenStore(path);
    commit(*store, [](auto& b) {
      for (std::uint32_t i = 1; i <= 3; ++i) b.AppendHistory(5, {0, 0, 0, i}, "old");
      b.AppendHistory(6, {0, 0, 0, 1}, "neighbour");
    });
    if (settled) settle(*store);
    commit(*store, [](auto& b) {
      b.AppendHistory(5, {0, 0, 0, 4}, "old");
      b.Forget(5);
      b.AppendHistory(5, {0, 0, 0, 2}, "new");
    });
    EXPECT_EQ(Rows(*store, 5), (Strings{"2:new"}));
    commit(*store, [](auto& b) { b.AppendHistory(5, {0, 0, 0, 1}, "new"); });
    EXPECT_EQ(Rows(*store, 5), (Strings{"1:new", "2:new"}));
    if (settled) settle(*store);
    EXPECT_EQ(Rows(*store, 5), (Strings{"1:new", "2:new"}));
    store.reset();
    store = OpenStore(path);
    EXPECT_EQ(Rows(*store, 5), (Strings{"1:new", "2:new"}));
    EXPECT_EQ(Rows(*store, 6), (Strings{"1:neighbour"}));
    commit(*store, [](auto& b) { b.Forget(5); });
    EXPECT_EQ(Rows(*store, 5), Strings());
    store.reset();
    store = OpenStore(path);
    EXPECT_EQ(Rows(*store, 5), Strings());
  }
}

TEST(RocksdbStore, BatchLargerThanASegmentIsKept) {
  const TestFolder folder;
  const std::string large(5 * kSmallSegment, 'x');
  {
    const auto store = OpenStore(folder.Path("state"));
    ports::Batch batch;
    batch.Put(Family::kItem, "large", large);
    ExpectOk(store->Commit(batch));  // into a file that has nothing yet
    EXPECT_EQ(Records(*store, Family::kItem), (Strings{"large=" + large}));
    ExpectOk(store->Commit(batch));
    ExpectOk(store->Commit(PutBatch("small", "x")));
    ExpectOk(store->Commit(batch));
  }
  const auto store = OpenStore(folder.Path("state"));
  EXPECT_EQ(Records(*store, Family::kItem), (Strings{"large=" + large, "small=x"}));
}

TEST(RocksdbStore, CommitSettlesItselfWhenNobodyDoes) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  ports::Batch batch;
  batch.Put(Family::kItem, "k", std::string(kSmallSegment / 2, 'x'));
  for (int i = 0; i < 40; ++i) {
    ExpectOk(store->Commit(batch));
    EXPECT_LE(JournalFiles(folder.Path("state")).size(), 3u);
  }
  const auto settled = store->Settle();
  ASSERT_TRUE(settled.ok());
  EXPECT_TRUE(settled.value());
}

TEST(RocksdbStore, StoreOpenedToBeReadShowsAllAndTakesNothing) {
  const TestFolder folder;
  std::uint64_t epoch = 0;
  {
    const auto store = OpenStore(folder.Path("state"));
    ports::Batch batch;
    batch.Put(Family::kItem, "k", "v");
    ExpectOk(store->Commit(batch));
    epoch = store->epoch();
  }
  for (int i = 0; i < 2; ++i) {
    const auto opened = RocksdbStore::Open({.folder = folder.Path("state"), .mode = Mode::kRead});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    const auto& store = opened.value();
    EXPECT_EQ(Records(*store, Family::kItem), (Strings{"k=v"}));
    EXPECT_EQ(store->epoch(), epoch);
    ports::Batch batch;
    batch.Put(Family::kItem, "k", "w");
    const auto refused = store->Commit(batch);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, base::Code::kFailedPrecondition);
  }
  const auto store = OpenStore(folder.Path("state"));
  EXPECT_EQ(store->epoch(), epoch + 1);
  EXPECT_EQ(Records(*store, Family::kItem), (Strings{"k=v"}));
}

// Against a store that is a map, with settling, reading, backups and reopening at any point.
TEST(RocksdbStore, EqualsTheMemoryStoreWhateverIsSettledAndReopened) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TestFolder folder;
    LossyFileSystem disk(folder.Path("graveyard"));  // syncs take no time
    RandomBatches batches(seed);
    memory_store::MemoryStore model;
    auto store = OpenStore(folder.Path("state"), &disk);
    for (int round = 0; round < 150; ++round) {
      const ports::Batch batch = batches.Next();
      ExpectOk(model.Commit(batch));
      ExpectOk(store->Commit(batch));
      if (batches.random().Chance(1, 6)) {
        ASSERT_TRUE(store->Settle().ok());
      }
      if (batches.random().Chance(1, 3)) {
        const std::uint32_t item = batches.random().Below(kTestItems);
        ASSERT_EQ(Rows(*store, item), Rows(model, item));
      }
      if (batches.random().Chance(1, 3)) {
        const auto range = batches.NextRange();
        const std::size_t most = 1 + batches.random().Below(9);
        ASSERT_EQ(Part(*store, range, most), Part(model, range, most));
      }
      if (batches.random().Chance(1, 40)) {
        ASSERT_EQ(Dump(*store), Dump(model));
      }
      if (batches.random().Chance(1, 20)) {
        store.reset();
        store = OpenStore(folder.Path("state"), &disk);
      }
    }
    EXPECT_EQ(Dump(*store), Dump(model));
    const auto wrong = store->Verify();
    ASSERT_TRUE(wrong.ok());
    EXPECT_EQ(wrong.value(), Strings());
  }
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
