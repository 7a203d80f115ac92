#include "adapters/rocksdb_store/tables.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <utility>
#include <vector>

#include "adapters/rocksdb_store/table_options.h"
#include "base/bytes.h"

namespace stockwatch::rocksdb_store {
namespace {

using rocksdb::ColumnFamilyHandle;
using rocksdb::Slice;

constexpr const char* kRecords = "records";
constexpr const char* kHistory = "history";

std::string_view View(const Slice& slice) {
  return {slice.data(), slice.size()};
}

enum class Access : std::uint8_t { kLook, kWrite };

}  // namespace

struct Tables::State {
  const Disk& disk;
  std::string folder;
  rocksdb::DBOptions options;
  rocksdb::ColumnFamilyOptions record_options;
  rocksdb::ColumnFamilyOptions history_options;
  std::shared_ptr<Watch> watch = std::make_shared<Watch>();  // RocksDB holds it too
  std::unique_ptr<rocksdb::DB> db;
  std::vector<ColumnFamilyHandle*> families;  // default, records, history

  State(const Disk& disk_in, std::string folder_in, std::uint64_t cache_bytes)
      : disk(disk_in), folder(std::move(folder_in)), options(DatabaseOptions(disk_in)) {
    options.listeners = {watch};
    const auto cache = rocksdb::NewLRUCache(cache_bytes);
    record_options = RecordOptions(cache);
    history_options = HistoryOptions(cache);
  }
  State(const State&) = delete;
  ~State() {
    for (ColumnFamilyHandle* family : families) db->DestroyColumnFamilyHandle(family);
  }

  ColumnFamilyHandle* records() const { return families[1]; }
  ColumnFamilyHandle* history() const { return families[2]; }
  base::Status Open(Access access);
  base::Result<std::optional<std::uint64_t>> ReadCovered() const;
  base::Status Judge(const rocksdb::Status& status, const char* tried) const {
    if (status.ok()) return {};
    const std::string what = std::string("cannot ") + tried + " tables " + folder;
    if (status.IsPathNotFound()) {
      return base::Error{base::Code::kDataLoss,
                         what + ": a file of theirs is gone: " + status.ToString() +
                             ": restore a backup: stockwatch state restore"};
    }
    return ErrorOf(status, what);
  }
};

base::Status Tables::State::Open(Access access) {
  const std::vector<rocksdb::ColumnFamilyDescriptor> descriptors = {
      {rocksdb::kDefaultColumnFamilyName, record_options},  // unused: RocksDB wants it
      {kRecords, record_options},
      {kHistory, history_options}};
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      access == Access::kLook
          ? rocksdb::DB::OpenForReadOnly(options, folder, descriptors, &families, &opened)
          : rocksdb::DB::Open(options, folder, descriptors, &families, &opened);
  db.reset(opened);
  return Judge(status, "open");
}

base::Result<std::optional<std::uint64_t>> Tables::State::ReadCovered() const {
  const Slice key(kCoveredKey.data(), kCoveredKey.size());
  std::string value;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), records(), key, &value);
  if (status.IsNotFound()) return std::optional<std::uint64_t>();
  SW_TRY_STATUS(Judge(status, "read"));
  base::ByteReader in(value);
  const std::optional covered = in.Take<std::uint64_t>();
  SW_TRY_STATUS(in.Finish("covered of " + folder));
  return covered;
}

Tables::Tables(std::unique_ptr<State> state) : state_(std::move(state)) {}

Tables::~Tables() = default;

base::Result<std::optional<std::uint64_t>> Tables::ReadCovered(const Disk& disk,
                                                               const std::string& folder) {
  const std::optional<std::uint64_t> none;
  SW_TRY(const bool exists, disk.Exists(folder + "/CURRENT"));
  if (!exists) return none;
  State state(disk, folder, 0);
  std::vector<std::string> names;
  SW_TRY_STATUS(
      state.Judge(rocksdb::DB::ListColumnFamilies(state.options, folder, &names), "open"));
  if (names.size() < 3) return none;  // their making was cut off
  SW_TRY_STATUS(state.Open(Access::kLook));
  return state.ReadCovered();
}

base::Result<std::unique_ptr<Tables>> Tables::Open(const Disk& disk, const std::string& folder,
                                                   std::uint64_t cache_bytes) {
  auto state = std::make_unique<State>(disk, folder, cache_bytes);
  SW_TRY_STATUS(state->Open(Access::kWrite));
  return std::unique_ptr<Tables>(new Tables(std::move(state)));
}

base::Status Tables::ReadHistory(std::uint32_t item, const Row& row) const {
  const HistoryKeyBytes first({item, {}});
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  const std::unique_ptr<rocksdb::Iterator> at(state_->db->NewIterator(options, state_->history()));
  for (at->Seek({first.bytes, kHistoryKeyBytes}); at->Valid(); at->Next()) {
    if (at->key().size() != kHistoryKeyBytes) {
      return state_->Judge(rocksdb::Status::Corruption("key of history"), "read");
    }
    row(DecodeHistoryKey(View(at->key())).position, View(at->value()));
  }
  return state_->Judge(at->status(), "read");
}

base::Status Tables::ReadFamily(ports::Family family, const Record& record) const {
  const char begin = static_cast<char>(family);
  const char end = static_cast<char>(begin + 1);
  const Slice upper(&end, 1);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  options.fill_cache = false;
  options.readahead_size = std::size_t{1} << 20;
  const std::unique_ptr<rocksdb::Iterator> at(state_->db->NewIterator(options, state_->records()));
  for (at->Seek({&begin, 1}); at->Valid(); at->Next()) {
    record(View(at->key()).substr(1), View(at->value()));
  }
  return state_->Judge(at->status(), "read");
}

base::Status Tables::ReadRange(ports::Family family, std::string_view from, bool descending,
                               const RangeRecord& record) const {
  const char begin = static_cast<char>(family);
  const char end = static_cast<char>(begin + 1);
  const Slice lower(&begin, 1);
  const Slice upper(&end, 1);
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(state_->db->NewIterator(options, state_->records()));
  const std::string first = std::string(1, begin).append(from);
  if (!descending) {
    at->Seek(first);
  } else if (from.empty()) {
    at->SeekToLast();
  } else {
    at->SeekForPrev(first);
  }
  for (; at->Valid(); descending ? at->Prev() : at->Next()) {
    if (!record(View(at->key()).substr(1), View(at->value()))) return {};
  }
  return state_->Judge(at->status(), "read");
}

base::Result<std::unique_ptr<TableBuilder>> Tables::Build(std::uint64_t covered) const {
  const State& s = *state_;
  rocksdb::Options records(s.options, s.record_options);
  rocksdb::Options history(s.options, s.history_options);
  history.compression = rocksdb::kLZ4Compression;  // until it is compacted
  return TableBuilder::Begin({s.folder + "-records" + std::string(kUnfinished),
                              s.folder + "-history" + std::string(kUnfinished)},
                             records, history, covered);
}

base::Status Tables::Ingest(TableBuilder& builder) {
  SW_TRY_STATUS(Check());
  SW_TRY_STATUS(builder.Finish());
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  std::vector<rocksdb::IngestExternalFileArg> files;
  const auto add = [&](ColumnFamilyHandle* family, const std::string& path) {
    files.emplace_back();
    files.back().column_family = family;
    files.back().external_files = {path};
    files.back().options = options;
  };
  add(state_->records(), builder.paths().records);
  if (builder.has_history()) add(state_->history(), builder.paths().history);
  return state_->Judge(state_->db->IngestExternalFiles(files), "add to");
}

base::Status Tables::CopyTo(const std::string& folder) const {
  rocksdb::Checkpoint* raw = nullptr;
  SW_TRY_STATUS(state_->Judge(rocksdb::Checkpoint::Create(state_->db.get(), &raw), "copy"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  return state_->Judge(checkpoint->CreateCheckpoint(folder), "copy");
}

base::Status Tables::VerifyChecksums() const {
  return state_->Judge(state_->db->VerifyChecksum(), "verify");
}

base::Status Tables::Check() const {
  return state_->Judge(state_->watch->first(), "compact");
}

}  // namespace stockwatch::rocksdb_store
