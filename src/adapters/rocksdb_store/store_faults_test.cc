#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "adapters/memory_store/memory_store.h"
#include "adapters/rocksdb_store/lossy_file_system.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/rocksdb_store/store_fixtures.h"

// Disks that fail, and copies.
namespace stockwatch::rocksdb_store {
namespace {

using base::Code;
using Step = LossyFileSystem::Step;
using rocksdb::IOStatus;

struct FaultCase {
  const char* name;
  Step step;
  const char* path;  // a part of it
  IOStatus status;
  Code code;
};

std::vector<FaultCase> FaultCases() {
  const IOStatus full = IOStatus::NoSpace("disk full");
  const IOStatus broken = IOStatus::IOError("input/output error");
  return {
      {"journal write, full", Step::kWrite, "journal-", full, Code::kResourceExhausted},
      {"journal write, broken", Step::kWrite, "journal-", broken, Code::kUnavailable},
      {"journal sync, full", Step::kSync, "journal-", full, Code::kResourceExhausted},
      {"journal sync, broken", Step::kSync, "journal-", broken, Code::kUnavailable},
      {"journal entry, broken", Step::kEntry, "journal-", broken, Code::kUnavailable},
      {"table write, full", Step::kWrite, "tables-", full, Code::kResourceExhausted},
      {"table write, broken", Step::kWrite, "tables-", broken, Code::kUnavailable},
      {"table link, broken", Step::kEntry, "/tables/", broken, Code::kUnavailable},
      {"manifest, full", Step::kWrite, "MANIFEST", full, Code::kResourceExhausted},
      {"manifest sync, broken", Step::kSync, "MANIFEST", broken, Code::kUnavailable},
  };
}

// After the first error every call gives it again; opened again, nothing acknowledged is missing.
TEST(StoreFaults, FirstErrorStopsTheStoreAndLosesNothingAcknowledged) {
  for (const FaultCase& fault : FaultCases()) {
    SCOPED_TRACE(fault.name);
    const TestFolder folder;
    LossyFileSystem disk(folder.Path("graveyard"));
    RandomBatches batches(7);
    memory_store::MemoryStore model;
    memory_store::MemoryStore with_last;  // with the batch whose fate is open
    base::Error error{Code::kUnimplemented, "it never failed"};
    {
      const auto store = OpenStore(folder.Path("state"), &disk);
      ASSERT_NE(store, nullptr);
      for (int i = 0; i < 400; ++i) {
        if (i == 10) {
          disk.SetFault([&](Step step, const std::string& path) {
            const bool hit = step == fault.step && path.find(fault.path) != std::string::npos;
            return hit ? fault.status : IOStatus::OK();
          });
        }
        const ports::Batch batch = batches.Next();
        ExpectOk(with_last.Commit(batch));
        const base::Status done = store->Commit(batch);
        if (!done.ok()) {
          error = done.error();
          break;
        }
        ExpectOk(model.Commit(batch));
      }
      EXPECT_EQ(error.code, fault.code) << error.message;
      disk.SetFault(nullptr);
      const std::vector<base::Status> later = {store->Commit(PutBatch("k", "v")), store->Sync(),
                                               store->ReadHistory(1, [](auto, auto) {}),
                                               store->Backup(folder.Path("copy"))};
      for (const base::Status& status : later) {
        ASSERT_FALSE(status.ok());
        EXPECT_EQ(status.error().message, "store stopped: " + error.message);
        EXPECT_EQ(status.error().code, fault.code);
      }
    }
    const auto store = OpenStore(folder.Path("state"), &disk);
    ASSERT_NE(store, nullptr);
    const std::string found = Dump(*store);
    EXPECT_TRUE(found == Dump(model) || found == Dump(with_last));
  }
}

TEST(StoreFaults, LowSpaceRefusesACommitAndStopsNothing) {
  const TestFolder folder;
  LossyFileSystem disk(folder.Path("graveyard"));
  const auto store = OpenStore(folder.Path("state"), &disk);
  ExpectOk(store->Commit(PutBatch("a", "1")));
  disk.set_free_bytes(1000);
  const ports::Batch large = PutBatch("b", std::string(9 << 20, 'x'));  // space is asked for again
  for (int i = 0; i < 2; ++i) {
    const base::Status refused = store->Commit(large);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::kResourceExhausted);
    EXPECT_EQ(refused.error().message.find("stopped"), std::string::npos);
  }
  EXPECT_EQ(store->last_batch(), 1u);
  disk.set_free_bytes(std::uint64_t{1} << 40);
  ExpectOk(store->Commit(PutBatch("b", "2")));
  EXPECT_EQ(store->last_batch(), 2u);
}

// Flips a byte of the largest table; `part`: so much of the file lies before it.
void DamageTable(const std::string& tables, double part) {
  std::string table;
  std::string bytes;
  for (const auto& [path, digest] : Fingerprint(tables)) {
    if (!path.ends_with(".sst") || ReadFile(path).size() < bytes.size()) continue;
    table = path;
    bytes = ReadFile(path);
  }
  ASSERT_FALSE(table.empty());
  const auto at = static_cast<std::size_t>(static_cast<double>(bytes.size()) * part);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  WriteFile(table, bytes);
}

// A byte of the tables that is read wrong is said, not served.
TEST(StoreFaults, DamagedTableIsNeverServed) {
  const TestFolder folder;
  {
    const auto store = OpenStore(folder.Path("state"));
    ports::Batch batch;
    for (int i = 0; i < 2000; ++i) {
      const std::string key = std::to_string(i);
      batch.Put(ports::Family::kItem, key, base::Hex(base::Sha256Of(key)));
    }
    ExpectOk(store->Commit(batch));
    Dump(*store);
  }
  DamageTable(folder.Path("state/tables"), 0.5);
  {
    const auto store = OpenStore(folder.Path("state"));
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->Verify().value().size(), 1u);
    const base::Status read = store->ReadFamily(ports::Family::kItem, [](auto, auto) {});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, Code::kDataLoss);
    EXPECT_FALSE(store->Commit(PutBatch("k", "v")).ok());
  }
  DamageTable(folder.Path("state/tables"), 0.0);  // what opening needs
  EXPECT_EQ(RefusalOf(folder.Path("state")).code, Code::kDataLoss);
}

TEST(StoreFaults, VerifyNamesADamagedRecordOfTheJournal) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  for (int i = 0; i < 3; ++i) ExpectOk(store->Commit(PutBatch("k", "v")));
  EXPECT_EQ(store->Verify().value(), std::vector<std::string>());
  const std::string journal = JournalFiles(folder.Path("state")).back();
  std::fstream file(journal, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(100);
  file.put('?');
  file.close();
  const auto wrong = store->Verify();
  ASSERT_TRUE(wrong.ok());
  ASSERT_EQ(wrong.value().size(), 1u);
  EXPECT_NE(wrong.value()[0].find(journal), std::string::npos) << wrong.value()[0];
}

TEST(StoreBackup, CopyIsAStoreAsItWasWhenItWasMade) {
  const TestFolder folder;
  RandomBatches batches(3);
  memory_store::MemoryStore model;
  const auto store = OpenStore(folder.Path("state"));
  for (int i = 0; i < 60; ++i) {
    const ports::Batch batch = batches.Next();
    ExpectOk(store->Commit(batch));
    ExpectOk(model.Commit(batch));
    if (i == 40) Dump(*store);  // some of it is in the tables
  }
  ExpectOk(store->Backup(folder.Path("copy")));
  ExpectOk(store->Commit(batches.Next()));
  const base::Status again = store->Backup(folder.Path("copy"));
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Code::kFailedPrecondition);
  const auto copy = OpenStore(folder.Path("copy"));
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(Dump(*copy), Dump(model));
  ExpectOk(copy->Commit(batches.Next()));
}

// As restoring does it: nothing of the backup is written, and it need not be.
TEST(StoreBackup, CopyOfAStoreThatWasOpenedToBeReadIsAStore) {
  const TestFolder folder;
  {
    const auto store = OpenStore(folder.Path("state"));
    for (int i = 0; i < 3; ++i) ExpectOk(store->Commit(PutBatch(std::to_string(i), "v")));
  }
  std::string before;
  {
    const auto opened = RocksdbStore::Open({.folder = folder.Path("state"), .mode = Mode::kRead});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    before = Dump(*opened.value());
    ExpectOk(opened.value()->Backup(folder.Path("copy")));
  }
  for (int i = 1; i <= 2; ++i) {
    const auto copy = OpenStore(folder.Path("copy"));
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(Dump(*copy), before);
    EXPECT_EQ(copy->last_batch(), 3u);
  }
}

// A backup from another thread holds what was acknowledged before it began, and no half batch.
TEST(StoreBackup, IsSafeBesideCommitsAndSettling) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  constexpr int kBatches = 400;
  std::atomic<int> committed = 0;
  std::thread settler([&] {
    while (committed < kBatches) EXPECT_TRUE(store->Settle().ok());
  });
  std::vector<int> at_least;
  std::thread copier([&] {
    for (int i = 0; i < 3; ++i) {
      at_least.push_back(committed);
      ExpectOk(store->Backup(folder.Path("copy" + std::to_string(i))));
      EXPECT_EQ(store->Verify().value(), std::vector<std::string>());
    }
  });
  for (int i = 1; i <= kBatches; ++i) {
    ports::Batch batch = PutBatch("a", std::to_string(i));
    batch.Put(ports::Family::kNode, "b", std::string(200, 'x'));
    batch.AppendHistory(1, {0, 0, 0, static_cast<std::uint32_t>(i)}, "row");
    ExpectOk(store->Commit(batch));
    committed = i;
    if (i % 7 == 0) {
      int rows = 0;
      ExpectOk(store->ReadHistory(1, [&](auto, auto) { ++rows; }));
      EXPECT_EQ(rows, i);
    }
  }
  settler.join();
  copier.join();
  for (std::size_t i = 0; i < at_least.size(); ++i) {
    const auto copy = OpenStore(folder.Path("copy" + std::to_string(i)));
    ASSERT_NE(copy, nullptr);
    int value = 0;
    ExpectOk(copy->ReadFamily(ports::Family::kItem, [&](auto, std::string_view record) {
      value = std::stoi(std::string(record));
    }));
    int rows = 0;
    ExpectOk(copy->ReadHistory(1, [&](auto, auto) { ++rows; }));
    EXPECT_EQ(rows, value);
    EXPECT_GE(value, at_least[i]);
  }
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
