#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "adapters/memory_store/memory_store.h"
#include "adapters/rocksdb_store/journal_format.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/rocksdb_store/store_fixtures.h"

// What a folder may be when a store is opened from it.
namespace stockwatch::rocksdb_store {
namespace {

using base::Code;

// A store that was closed with so many batches in its journal.
void MakeStore(const std::string& folder, int batches, std::size_t record_bytes = 100) {
  const auto store = OpenStore(folder);
  for (int i = 1; i <= batches; ++i) {
    ExpectOk(store->Commit(PutBatch("k" + std::to_string(i), std::string(record_bytes, 'x'))));
  }
}

// It is refused, with these words, and not a byte of it is other than before.
void ExpectRefused(const std::string& folder, Code code, const std::string& words) {
  const auto before = Fingerprint(folder);
  const base::Error error = RefusalOf(folder);
  EXPECT_EQ(error.code, code) << error.message;
  EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
  auto after = Fingerprint(folder);
  after[folder + "/LOCK"] = before.contains(folder + "/LOCK") ? before.at(folder + "/LOCK") : "";
  if (!before.contains(folder + "/LOCK")) after.erase(folder + "/LOCK");
  EXPECT_EQ(after, before);
}

void FlipByte(const std::string& path, std::size_t offset) {
  std::string bytes = ReadFile(path);
  ASSERT_LT(offset, bytes.size());
  bytes[offset] = static_cast<char>(bytes[offset] ^ 0x20);
  WriteFile(path, bytes);
}

std::size_t EndOfJournal(const std::string& path) {
  return ReadFile(path).find_last_not_of('\0') + 1;
}

TEST(StoreOpening, AWriterWhoseEpochIsPastWritesNothing) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  ExpectOk(store->Commit(PutBatch("a", "1")));
  WriteFile(folder.Path("state/EPOCH"), "of another writer");
  const auto before = Fingerprint(folder.Path("state"));
  for (const bool again : {false, true}) {
    const auto committed = store->Commit(PutBatch("b", "2"));
    ASSERT_FALSE(committed.ok()) << again;
    EXPECT_EQ(committed.error().code, Code::kFailedPrecondition);
    EXPECT_NE(committed.error().message.find("another engine has opened"), std::string::npos);
  }
  EXPECT_EQ(Fingerprint(folder.Path("state")), before);
}

TEST(StoreOpening, FolderThatHoldsOtherFilesIsLeftAlone) {
  const TestFolder folder;
  const std::string path = folder.Path("photos");
  std::filesystem::create_directory(path);
  WriteFile(path + "/cat.jpg", "meow");
  ExpectRefused(path, Code::kFailedPrecondition, "name an empty folder or a store");
  EXPECT_FALSE(std::filesystem::exists(path + "/LOCK"));
}

TEST(StoreOpening, FileInTheStoresPlaceIsNamedAsOne) {
  const TestFolder folder;
  WriteFile(folder.Path("state"), "meow");
  const base::Error error = RefusalOf(folder.Path("state"));
  EXPECT_EQ(error.code, Code::kFailedPrecondition) << error.message;
  EXPECT_NE(error.message.find("it is a file"), std::string::npos) << error.message;
  EXPECT_EQ(ReadFile(folder.Path("state")), "meow");
}

TEST(StoreOpening, EmptyAndMissingFoldersBecomeStoresOnlyToBeWritten) {
  const TestFolder folder;
  EXPECT_EQ(RefusalOf(folder.Path("none"), Mode::kRead).code, Code::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder.Path("none")));
  std::filesystem::create_directory(folder.Path("empty"));
  EXPECT_NE(OpenStore(folder.Path("empty")), nullptr);
  EXPECT_NE(OpenStore(folder.Path("none/")), nullptr);
  EXPECT_NE(OpenStore(folder.Path("none")), nullptr);
}

TEST(StoreOpening, StoreOfANewerVersionIsLeftAlone) {
  const TestFolder folder;
  const std::string path = folder.Path("state");
  MakeStore(path, 1);
  std::string bytes = ReadFile(path + "/STORE");
  bytes[8] = 2;
  WriteFile(path + "/STORE", bytes);
  ExpectRefused(path, Code::kFailedPrecondition, "a newer version wrote it");
}

TEST(StoreOpening, DamagedIdentityOrEpochIsFound) {
  for (const char* file : {"STORE", "EPOCH"}) {
    const TestFolder folder;
    const std::string path = folder.Path("state");
    MakeStore(path, 1);
    FlipByte(path + "/" + file, 12 % ReadFile(path + "/" + file).size());
    ExpectRefused(path, Code::kDataLoss, file);
  }
  const TestFolder folder;
  MakeStore(folder.Path("state"), 1);
  std::filesystem::remove(folder.Path("state/EPOCH"));
  ExpectRefused(folder.Path("state"), Code::kDataLoss, "missing file");
}

TEST(StoreOpening, SecondOpenerIsToldWhoHasIt) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  for (const Mode mode : {Mode::kWrite, Mode::kRead}) {
    const base::Error error = RefusalOf(folder.Path("state"), mode);
    EXPECT_EQ(error.code, Code::kFailedPrecondition);
    EXPECT_EQ(error.message, "store " + folder.Path("state") +
                                 " is in use by another process (pid " + std::to_string(getpid()) +
                                 "): ask it with --server, or stop it");
  }
}

TEST(StoreOpening, AStandbyWaitsAndTakesOver) {
  const TestFolder folder;
  auto first = OpenStore(folder.Path("state"));
  ExpectOk(first->Commit(PutBatch("k", "v")));
  std::vector<std::string> holders;
  const auto second = RocksdbStore::Open(
      {.folder = folder.Path("state"), .waits_for = [&](const std::string& holder) {
         holders.push_back(holder);
         if (holders.size() == 3) first.reset();
         return true;
       }});
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(holders, std::vector<std::string>(3, "pid " + std::to_string(getpid())));
  EXPECT_EQ(second.value()->epoch(), 2u);
  EXPECT_EQ(second.value()->recovery().records_replayed, 1u);
}

TEST(StoreOpening, AStandbyThatNoLongerWaitsIsRefused) {
  const TestFolder folder;
  const auto store = OpenStore(folder.Path("state"));
  const auto second = RocksdbStore::Open(
      {.folder = folder.Path("state"), .waits_for = [](const std::string&) { return false; }});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::kFailedPrecondition);
}

// The moment between a process's lock and its pid, and after a pid that was longer.
TEST(StoreOpening, WhoHasTheLockIsNeverAnEmptyName) {
  const TestFolder folder;
  {
    const auto made = OpenStore(folder.Path("state"));
  }
  const std::string file = folder.Path("state/LOCK");
  const int held = open(file.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(held, LOCK_EX | LOCK_NB), 0);
  for (const auto& [text, holder] :
       {std::pair("", "pid not known yet"), std::pair("12", "pid not known yet"),
        std::pair("678\n5\n", "pid 678")}) {
    std::ofstream(file, std::ios::trunc) << text;
    std::string told;
    const auto refused = RocksdbStore::Open(
        {.folder = folder.Path("state"), .waits_for = [&](const std::string& of) {
           told = of;
           return false;
         }});
    EXPECT_FALSE(refused.ok());
    EXPECT_EQ(told, holder);
  }
  close(held);
}

// A store was put in the place of another one while a standby waited for the first.
TEST(StoreOpening, TheLockOfARemovedFolderIsNone) {
  const TestFolder folder;
  auto first = OpenStore(folder.Path("state"));
  std::unique_ptr<RocksdbStore> other;
  int asked = 0;
  const auto second =
      RocksdbStore::Open({.folder = folder.Path("state"), .waits_for = [&](const std::string&) {
                            if (++asked > 1) return false;  // it waits for the other one now
                            first.reset();
                            std::filesystem::rename(folder.Path("state"), folder.Path("before"));
                            other = OpenStore(folder.Path("state"));
                            return true;
                          }});
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(second.ok());
}

TEST(StoreOpening, EpochRisesWithEachWriterAndStandsInItsRecords) {
  const TestFolder folder;
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    const auto store = OpenStore(folder.Path("state"));
    EXPECT_EQ(store->epoch(), epoch);
    ExpectOk(store->Commit(PutBatch("k", "v")));
    const std::string bytes = ReadFile(JournalFiles(folder.Path("state")).back());
    const auto header = DecodeSegmentHeader(bytes);
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header.value().epoch, epoch);
    const auto record = ReadRecord(header.value().store, bytes, kSegmentHeaderBytes);
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->epoch, epoch);
    EXPECT_EQ(record->number, epoch);
  }
}

// The last record cut at every byte: what came before it stays, the rest is reported and gone.
TEST(StoreOpening, TornLastRecordIsCutOff) {
  const TestFolder folder;
  const std::string origin = folder.Path("origin");
  MakeStore(origin, 3);
  const std::string journal = JournalFiles(origin).back();
  const std::string bytes = ReadFile(journal);
  const std::size_t end = EndOfJournal(journal);
  const std::size_t begin = kSegmentHeaderBytes + (end - kSegmentHeaderBytes + 7) / 8 * 8 / 3 * 2;
  for (std::size_t cut = begin; cut < end; ++cut) {
    SCOPED_TRACE("cut at byte " + std::to_string(cut));
    const std::string path = folder.Path("copy");
    std::filesystem::remove_all(path);
    std::filesystem::copy(origin, path, std::filesystem::copy_options::recursive);
    std::string torn = bytes.substr(0, cut);
    torn.resize(bytes.size());
    WriteFile(JournalFiles(path).back(), torn);
    const auto store = OpenStore(path);
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->last_batch(), 2u);
    EXPECT_EQ(store->recovery().records_replayed, 2u);
    EXPECT_EQ(store->recovery().bytes_torn > 0, cut > begin);
    ExpectOk(store->Commit(PutBatch("k", "v")));
    EXPECT_EQ(store->last_batch(), 3u);
  }
}

TEST(StoreOpening, TornRecordWhoseBeginningIsMissingIsCutOff) {
  const TestFolder folder;
  MakeStore(folder.Path("state"), 3, 1000);
  const std::string journal = JournalFiles(folder.Path("state")).back();
  std::string bytes = ReadFile(journal);
  const std::size_t end = EndOfJournal(journal);
  bytes.replace(end - 1000, 200, std::string(200, '\0'));
  bytes.replace(kSegmentHeaderBytes + 2 * RecordBytes(1010), 40, std::string(40, '\0'));
  WriteFile(journal, bytes);
  const auto store = OpenStore(folder.Path("state"));
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->last_batch(), 2u);
  EXPECT_GT(store->recovery().bytes_torn, 0u);
}

// Every byte of records that have others behind them.
TEST(StoreOpening, DamageInsideTheJournalIsFoundAndNothingIsChanged) {
  const TestFolder folder;
  const std::string path = folder.Path("state");
  MakeStore(path, 3, 20);
  const std::string journal = JournalFiles(path).back();
  const std::string bytes = ReadFile(journal);
  const std::size_t record = (EndOfJournal(journal) - kSegmentHeaderBytes) / 3;
  for (std::size_t at = 0; at < kSegmentHeaderBytes + 2 * record; ++at) {
    SCOPED_TRACE("byte " + std::to_string(at));
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x01);
    WriteFile(journal, damaged);
    const base::Error error = RefusalOf(path);
    const bool is_version = at >= 9 && at < 12;  // a version above this one
    EXPECT_EQ(error.code, is_version ? Code::kFailedPrecondition : Code::kDataLoss)
        << error.message;
    EXPECT_EQ(ReadFile(journal), damaged);
  }
  FlipByte(journal, kSegmentHeaderBytes + 40);
  ExpectRefused(path, Code::kDataLoss, "restore a backup: stockwatch state restore");
  WriteFile(journal, bytes);
  EXPECT_EQ(OpenStore(path)->last_batch(), 3u);
}

TEST(StoreOpening, MissingAndForeignSegmentsAreFound) {
  const TestFolder folder;
  const std::string path = folder.Path("state");
  MakeStore(path, 6, 1500);  // three files
  const auto files = JournalFiles(path);
  ASSERT_EQ(files.size(), 3u);
  std::vector<std::string> bytes(files.size());
  std::transform(files.begin(), files.end(), bytes.begin(), ReadFile);
  for (std::size_t gone = 0; gone < 2; ++gone) {
    std::filesystem::remove(files[gone]);
    ExpectRefused(path, Code::kDataLoss,
                  gone == 0 ? "the file is missing" : "no good record of batch 3");
    WriteFile(files[gone], bytes[gone]);
  }
  WriteFile(files[1], bytes[0]);
  ExpectRefused(path, Code::kDataLoss, "it begins with batch 1");
  MakeStore(folder.Path("other"), 6, 1500);
  WriteFile(files[1], ReadFile(JournalFiles(folder.Path("other"))[1]));
  ExpectRefused(path, Code::kDataLoss, "it is of another store");
  // A tail that is cut is damage where another file follows.
  WriteFile(files[1], bytes[1].substr(0, bytes[1].size() / 2));
  ExpectRefused(path, Code::kDataLoss, files[1]);
  WriteFile(files[1], bytes[1]);
  for (const std::string& file : files) std::filesystem::remove(file);
  ExpectRefused(path, Code::kDataLoss, "no journal file");
}

// Killed after the tables took a segment and before its file went.
TEST(StoreOpening, SegmentThatTheTablesHaveIsSkipped) {
  const TestFolder folder;
  const std::string path = folder.Path("state");
  MakeStore(path, 6, 1500);
  const auto files = JournalFiles(path);
  std::vector<std::string> bytes(files.size());
  std::transform(files.begin(), files.end(), bytes.begin(), ReadFile);
  std::string before;
  {
    const auto store = OpenStore(path);
    ExpectOk(store->Commit(PutBatch("k1", "newer")));
    before = Dump(*store);
  }
  for (std::size_t i = 0; i < files.size(); ++i) WriteFile(files[i], bytes[i]);
  const auto store = OpenStore(path);
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(Dump(*store), before);
  EXPECT_EQ(store->recovery().records_replayed, 0u);
  EXPECT_EQ(store->last_batch(), 7u);
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
