#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/rocksdb_store/options.h"
#include "base/result.h"
#include "ports/state_store.h"

namespace stockwatch::rocksdb_store {

// What opening a store found and did.
struct Recovery {
  std::uint64_t records_replayed = 0;  // batches of the journal that the tables did not have
  std::uint64_t bytes_torn = 0;        // of a last write that was cut off and never acknowledged
  std::chrono::microseconds duration{};
};

// The durable store: a folder with a journal, to which each commit adds one record, and with sorted
// tables, into which full journal files ("segments") are settled in the background. Its files:
// docs/store-format.md.
//
// Threads: one thread at a time calls Commit, Sync, ReadHistory and ReadFamily. Settle, Backup and
// Verify may run on others beside it. The destructor comes after all calls.
//
// Fail-stop: after an error of writing, reading or settling nobody knows what is on disk, so every
// later call gives that error again, as "store stopped: …". Open it again. Codes: kDataLoss:
// damaged, restore a backup; kResourceExhausted: free space, then start again; kUnavailable: the
// disk failed. What was refused before anything was tried does not stop the store.
class RocksdbStore : public ports::StateStore {
 public:
  // Makes a store of an empty or missing folder. Settles what the journal has. Damage changes
  // nothing on disk (kDataLoss, with the file and what to do); so do a folder that holds something
  // else, a newer version's store, and one that another process has open (kFailedPrecondition).
  static base::Result<std::unique_ptr<RocksdbStore>> Open(Options options);
  ~RocksdbStore() override;

  // One record, appended and (SyncPolicy::kEachCommit) synced. Refused beforehand:
  // kResourceExhausted where free space is below Options::free_bytes_min, kInvalidArgument for a
  // batch of more than 1 GiB, kFailedPrecondition in Mode::kRead. An empty batch is no record.
  base::Status Commit(const ports::Batch& batch) override;
  base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) override;
  // Settles all that was committed first: for start-up and inspection, not for the way of a change.
  base::Status ReadFamily(ports::Family family, const Record& record) override;
  // Settles nothing: what is not in the tables yet is read from the journal.
  base::Status ReadRange(const Range& range, const RangeRecord& record) override;
  base::Status ReadFamilies(std::span<const ports::Family> families,
                            const FamilyRecord& record) override;

  // What was committed is durable. The owner's duty, at least once a second, with
  // SyncPolicy::kByOwner; else there is nothing to do.
  base::Status Sync();

  // Moves the oldest full segment into the tables; false: there was none. For a loop of a thread of
  // the owner, which waits a little after false.
  base::Result<bool> Settle();

  // Copies what was committed into a new or empty folder, from which a store can be opened; it is
  // one from its last step on. Tables are hard links where the folder is on the same disk. An error
  // leaves a folder to be deleted and does not stop this store.
  base::Status Backup(const std::string& folder);

  // Reads every record of the journal and every block of the tables; what is wrong, a line each.
  base::Result<std::vector<std::string>> Verify();

  const Recovery& recovery() const;
  // kFailedPrecondition, and the store stops: a later epoch has it.
  base::Status CheckOwner() override;
  std::uint64_t epoch() const override;  // raised by each opening in Mode::kWrite
  std::uint64_t last_batch() const;      // number of the last commit, from 1; 0: none

 private:
  struct State;
  explicit RocksdbStore(std::unique_ptr<State> state);
  base::Status ReadSettled(std::span<const ports::Family> families, std::size_t megabytes_ahead,
                           const FamilyRecord& record);
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::rocksdb_store
