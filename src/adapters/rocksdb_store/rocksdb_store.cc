#include "adapters/rocksdb_store/rocksdb_store.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "adapters/rocksdb_store/backup.h"
#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/journal_reader.h"
#include "adapters/rocksdb_store/journal_writer.h"
#include "adapters/rocksdb_store/read_ahead.h"
#include "adapters/rocksdb_store/recovery.h"
#include "adapters/rocksdb_store/segment_image.h"
#include "adapters/rocksdb_store/store_folder.h"
#include "adapters/rocksdb_store/tables.h"
#include "adapters/rocksdb_store/unsettled_batches.h"
#include "base/assertion.h"

namespace stockwatch::rocksdb_store {
namespace {

using base::Code;
using base::Error;

constexpr std::uint64_t kBatchBytesMax = std::uint64_t{1} << 30;
// The free space is asked for once for so many bytes of the journal.
constexpr std::uint64_t kSpaceCheckBytes = std::uint64_t{8} << 20;

// How far reading is ahead of whoever takes what it reads. At a start the items' names keep the one
// busy for as long as the other reads the items.
constexpr std::size_t kListMegabytes = 4;
constexpr std::size_t kStartMegabytes = 128;

std::string WithoutLastSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

struct RocksdbStore::State {
  const Options options;
  const Disk disk;
  StoreFolder folder;
  std::unique_ptr<Tables> tables;
  Recovery recovery;

  // Of the thread that commits.
  std::unique_ptr<JournalWriter> journal;  // nullptr: Mode::kRead
  UnsettledBatches unsettled;
  std::uint64_t bytes_unchecked = kSpaceCheckBytes;  // written since the free space was asked for

  // Held while a segment is settled, and while files that would go then are copied or read. Taken
  // before `mutex`.
  std::mutex settling;
  std::mutex sparing;             // held while a spare is made; taken before `mutex`
  std::uint64_t spares_made = 0;  // guarded by `sparing`

  mutable std::mutex mutex;          // guards what follows; held for moments
  std::vector<JournalPart> parts;    // of the journal, the one that is written last
  std::uint64_t last = 0;            // batch
  std::optional<std::string> spare;  // path of a file of segment_bytes for the journal
  std::optional<Error> stopped;

  State(Options options_in, Disk disk_in, StoreFolder folder_in)
      : options(std::move(options_in)),
        disk(std::move(disk_in)),
        folder(std::move(folder_in)),
        unsettled(disk, folder.id()) {}

  std::optional<std::string> TakeSpare() {
    const std::lock_guard lock(mutex);
    return std::exchange(spare, std::nullopt);
  }
  void PrepareSpare();

  base::Status CheckRunning();
  base::Status Stop(base::Status status);
  base::Status CheckSpace(std::uint64_t bytes);
  base::Status BeginSegment(std::uint64_t payload_bytes);
  base::Status Seal(std::uint64_t payload_bytes);
  base::Status Write(std::string_view payload);
  base::Result<bool> SettleOldest();
  base::Status FollowJournal();
  base::Status ReadRows(std::uint32_t item, const HistoryRow& row);
  base::Status ReadRange(const Range& range, const RangeRecord& record);

  std::vector<JournalPart> Parts() const {
    const std::lock_guard lock(mutex);
    return parts;
  }
  std::size_t sealed() const {
    const std::lock_guard lock(mutex);
    return parts.empty() ? 0 : parts.size() - 1;
  }
};

base::Status RocksdbStore::State::CheckRunning() {
  {
    const std::lock_guard lock(mutex);
    if (stopped) return Error{stopped->code, "store stopped: " + stopped->message};
  }
  return Stop(tables->Check());
}

base::Status RocksdbStore::State::Stop(base::Status status) {
  if (status.ok()) return status;
  const std::lock_guard lock(mutex);
  if (!stopped) stopped = status.error();
  return status;
}

base::Status RocksdbStore::State::CheckSpace(std::uint64_t bytes) {
  bytes_unchecked += bytes;
  if (bytes_unchecked < kSpaceCheckBytes) return {};
  SW_TRY(const std::uint64_t free_bytes, disk.FreeBytes(folder.path()));
  if (free_bytes < options.free_bytes_min) {
    return Error{Code::kResourceExhausted, "cannot commit: free space on the disk of " +
                                               folder.path() + " is below the limit of " +
                                               std::to_string(options.free_bytes_min) +
                                               " bytes: free some: " + std::to_string(free_bytes)};
  }
  bytes_unchecked = 0;
  return {};
}

base::Status RocksdbStore::State::BeginSegment(std::uint64_t payload_bytes) {
  const std::uint64_t bytes =
      std::max(options.segment_bytes, kSegmentHeaderBytes + RecordBytes(payload_bytes));
  const std::uint64_t first = journal == nullptr ? last + 1 : journal->last() + 1;
  const SegmentHeader header{folder.id(), folder.epoch(), first};
  const auto prepared = bytes == options.segment_bytes ? TakeSpare() : std::nullopt;
  if (prepared) {
    SW_TRY(journal, JournalWriter::CreateOf(*prepared, disk, folder.path(), header, bytes));
  } else {
    SW_TRY(journal, JournalWriter::Create(disk, folder.path(), header, bytes));
  }
  const std::lock_guard lock(mutex);
  // A file that has no batch yet, too small for this one, has the same name and was replaced.
  if (!parts.empty() && parts.back().first == first) parts.pop_back();
  parts.push_back({journal->path(), first, first - 1, journal->end()});
  return {};
}

// The file that is written is complete; the next batch goes into another.
base::Status RocksdbStore::State::Seal(std::uint64_t payload_bytes) {
  SW_TRY_STATUS(journal->Sync());
  SW_TRY_STATUS(BeginSegment(payload_bytes));
  while (sealed() > options.segments_unsettled_max) {
    SW_TRY([[maybe_unused]] const bool settled, SettleOldest());
  }
  return {};
}

base::Status RocksdbStore::State::Write(std::string_view payload) {
  if (!journal->Fits(payload.size())) SW_TRY_STATUS(Seal(payload.size()));
  SW_TRY_STATUS(journal->Append(payload));
  if (options.sync == SyncPolicy::kEachCommit) SW_TRY_STATUS(journal->Sync());
  const std::lock_guard lock(mutex);
  parts.back().last = last = journal->last();
  parts.back().end = journal->end();
  return {};
}

base::Result<bool> RocksdbStore::State::SettleOldest() {
  const std::lock_guard hold(settling);
  JournalPart part;
  {
    const std::lock_guard lock(mutex);
    if (parts.size() < 2) return false;
    part = parts.front();
  }
  SW_TRY(const Segment segment, ReadSealed(disk, part.path, folder.id(), part.last));
  SW_TRY_STATUS(AddToTables(*tables, segment, part.first - 1));
  {
    const std::lock_guard lock(mutex);
    parts.erase(parts.begin());
  }
  SW_TRY_STATUS(disk.Delete(part.path));
  SW_TRY_STATUS(disk.SyncFolder(folder.path()));
  return true;
}

// Filling a file takes tens of milliseconds, which no commit should wait for. Where it cannot be
// made, the commit that needs a file says why.
void RocksdbStore::State::PrepareSpare() {
  const std::lock_guard hold(sparing);
  {
    const std::lock_guard lock(mutex);
    if (spare || parts.empty()) return;
  }
  // A name of its own: the one before may be on its way to becoming a journal file. Recovery
  // deletes what has this ending.
  const std::string path =
      folder.Path("spare-" + std::to_string(++spares_made)) + std::string(kUnfinished);
  if (!MakeSpare(disk, path, options.segment_bytes).ok()) return;
  const std::lock_guard lock(mutex);
  spare = path;
}

base::Status RocksdbStore::State::FollowJournal() {
  while (true) {
    const std::vector<JournalPart> now = Parts();
    if (now.empty()) return {};
    unsettled.DropBefore(now.front().first);
    base::Status status;
    for (const JournalPart& part : now) {
      status = unsettled.Follow({part.path, part.first, part.end});
      if (!status.ok()) break;
    }
    // A file that was settled meanwhile is gone: the tables have it now.
    if (status.ok() || Parts().front().first == now.front().first) return status;
  }
}

base::Status RocksdbStore::State::ReadRows(std::uint32_t item, const HistoryRow& row) {
  SW_TRY_STATUS(FollowJournal());
  std::vector<base::Position> seen;
  const auto before = unsettled.Read(item, [&](base::Position position, std::string_view record) {
    seen.push_back(position);
    row(position, record);
  });
  if (before == UnsettledBatches::Before::kForgotten) return {};
  std::sort(seen.begin(), seen.end());
  // The journal first: what was settled in between is in both, and never in none.
  return tables->ReadHistory(item, [&](base::Position position, std::string_view record) {
    if (!std::binary_search(seen.begin(), seen.end(), position)) row(position, record);
  });
}

base::Status RocksdbStore::State::ReadRange(const Range& range, const RangeRecord& record) {
  SW_TRY_STATUS(FollowJournal());
  UnsettledBatches::Records pending = unsettled.RecordsOf(range);
  bool more = true;
  const auto give_pending = [&] {
    if (pending.record()) more = record(pending.key(), *pending.record());
    pending.Next();
  };
  // The journal first, as with rows: what it says of a record is newer than the tables.
  SW_TRY_STATUS(tables->ReadRange(range.family, range.from, range.descending,
                                  [&](std::string_view key, std::string_view bytes) {
                                    while (more && !pending.done() && pending.IsBefore(key))
                                      give_pending();
                                    if (!more) return false;
                                    if (!pending.done() && pending.key() == key) {
                                      give_pending();
                                    } else {
                                      more = record(key, bytes);
                                    }
                                    return more;
                                  }));
  while (more && !pending.done()) give_pending();
  return {};
}

RocksdbStore::RocksdbStore(std::unique_ptr<State> state) : state_(std::move(state)) {}

RocksdbStore::~RocksdbStore() = default;

base::Result<std::unique_ptr<RocksdbStore>> RocksdbStore::Open(Options options) {
  SW_TRY_STATUS(options.Validate());
  options.folder = WithoutLastSlash(std::move(options.folder));
  Disk disk(options.file_system);
  SW_TRY(StoreFolder folder,
         StoreFolder::Open(disk, options.folder, options.mode, options.waits_for));
  auto state = std::make_unique<State>(std::move(options), std::move(disk), std::move(folder));
  State& s = *state;
  SW_TRY(Recovered recovered, Recover(s.disk, s.folder, s.options));
  s.tables = std::move(recovered.tables);
  s.recovery = recovered.figures;
  s.last = recovered.last;
  if (s.options.mode == Mode::kWrite) {
    SW_TRY_STATUS(s.BeginSegment(0));
    std::erase(recovered.settled, s.journal->path());  // it was replaced
    for (const std::string& path : recovered.settled) SW_TRY_STATUS(s.disk.Delete(path));
    SW_TRY_STATUS(s.disk.SyncFolder(s.folder.path()));
  }
  return std::unique_ptr<RocksdbStore>(new RocksdbStore(std::move(state)));
}

base::Status RocksdbStore::Commit(const ports::Batch& batch) {
  State& s = *state_;
  SW_TRY_STATUS(s.CheckRunning());
  if (s.journal == nullptr) {
    return Error{Code::kFailedPrecondition,
                 "cannot commit: the store was opened to be read: " + s.folder.path()};
  }
  if (batch.empty()) return {};
  if (batch.bytes().size() > kBatchBytesMax) {
    return Error{Code::kInvalidArgument,
                 "cannot commit: a batch of " + std::to_string(batch.bytes().size()) + " bytes"};
  }
  // Nothing is written into a store that another writer took, locks or not.
  SW_TRY_STATUS(s.Stop(s.folder.CheckEpoch(s.disk)));
  SW_TRY_STATUS(s.CheckSpace(batch.bytes().size()));
  return s.Stop(s.Write(batch.bytes()));
}

base::Status RocksdbStore::Sync() {
  SW_TRY_STATUS(state_->CheckRunning());
  if (state_->journal == nullptr) return {};
  return state_->Stop(state_->journal->Sync());
}

base::Status RocksdbStore::ReadHistory(std::uint32_t item, const HistoryRow& row) {
  SW_TRY_STATUS(state_->CheckRunning());
  return state_->Stop(state_->ReadRows(item, row));
}

base::Status RocksdbStore::ReadRange(const Range& range, const RangeRecord& record) {
  SW_ASSERT(ports::IsListed(range.family), "ranges are read of listed families");
  SW_TRY_STATUS(state_->CheckRunning());
  return state_->Stop(state_->ReadRange(range, record));
}

base::Status RocksdbStore::ReadFamily(ports::Family family, const Record& record) {
  return ReadSettled(
      {&family, 1}, kListMegabytes,
      [&](ports::Family, std::string_view key, std::string_view bytes) { record(key, bytes); });
}

base::Status RocksdbStore::ReadFamilies(std::span<const ports::Family> families,
                                        const FamilyRecord& record) {
  return ReadSettled(families, kStartMegabytes, record);
}

base::Status RocksdbStore::ReadSettled(std::span<const ports::Family> families,
                                       std::size_t megabytes_ahead, const FamilyRecord& record) {
  State& s = *state_;
  SW_TRY_STATUS(s.CheckRunning());
  if (s.journal != nullptr && s.journal->last() >= s.journal->first()) {
    SW_TRY_STATUS(s.Stop(s.Seal(0)));
  }
  while (s.sealed() > 0) {
    SW_TRY([[maybe_unused]] const bool settled, Settle());
  }
  const auto read = [&](const FamilyRecord& give) -> base::Status {
    for (const ports::Family family : families) {
      SW_TRY_STATUS(s.tables->ReadFamily(
          family, [&](std::string_view key, std::string_view bytes) { give(family, key, bytes); }));
    }
    return {};
  };
  return s.Stop(ReadAhead(megabytes_ahead, read, record));
}

base::Result<bool> RocksdbStore::Settle() {
  SW_TRY_STATUS(state_->CheckRunning());
  state_->PrepareSpare();
  auto settled = state_->SettleOldest();
  if (!settled.ok()) SW_TRY_STATUS(state_->Stop(settled.error()));
  return settled;
}

base::Status RocksdbStore::Backup(const std::string& folder) {
  State& s = *state_;
  SW_TRY_STATUS(s.CheckRunning());
  const std::lock_guard hold(s.settling);
  return CopyStore(s.disk, s.folder, *s.tables, s.Parts(), last_batch(), WithoutLastSlash(folder));
}

base::Result<std::vector<std::string>> RocksdbStore::Verify() {
  State& s = *state_;
  SW_TRY_STATUS(s.CheckRunning());
  const std::lock_guard hold(s.settling);
  return VerifyStore(s.disk, s.folder, *s.tables, s.Parts());
}

const Recovery& RocksdbStore::recovery() const {
  return state_->recovery;
}

base::Status RocksdbStore::CheckOwner() {
  State& s = *state_;
  SW_TRY_STATUS(s.CheckRunning());
  return s.Stop(s.folder.CheckEpoch(s.disk));
}

std::uint64_t RocksdbStore::epoch() const {
  return state_->folder.epoch();
}

std::uint64_t RocksdbStore::last_batch() const {
  const std::lock_guard lock(state_->mutex);
  return state_->last;
}

}  // namespace stockwatch::rocksdb_store
