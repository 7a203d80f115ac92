#include "adapters/rocksdb_store/backup.h"

#include <utility>

#include "adapters/rocksdb_store/journal_reader.h"
#include "adapters/rocksdb_store/journal_writer.h"

namespace stockwatch::rocksdb_store {
namespace {

base::Status MakeTarget(const Disk& disk, const std::string& target) {
  SW_TRY(const bool exists, disk.Exists(target));
  if (!exists) return disk.MakeFolder(target);
  SW_TRY(const std::vector<std::string> names, disk.List(target));
  if (names.empty()) return {};
  return base::Error{base::Code::kFailedPrecondition,
                     "cannot copy the store: name a new or an empty folder: " + target};
}

base::Status VerifyPart(const Disk& disk, const StoreFolder& folder, const JournalPart& part) {
  SW_TRY(std::string bytes, disk.ReadPart(part.path, 0, part.end));
  SW_TRY(const Segment segment, ReadSegment(part.path, folder.id(), std::move(bytes)));
  if (segment.last() == part.last && segment.end == part.end) return {};
  return base::Error{base::Code::kDataLoss, "damaged journal: " + part.path +
                                                ": a bad record at byte " +
                                                std::to_string(segment.end) +
                                                ": restore a backup: stockwatch state restore"};
}

}  // namespace

base::Status CopyStore(const Disk& disk, const StoreFolder& folder, const Tables& tables,
                       const std::vector<JournalPart>& journal, std::uint64_t covered,
                       const std::string& target) {
  SW_TRY_STATUS(MakeTarget(disk, target));
  SW_TRY_STATUS(tables.CopyTo(target + "/" + kTablesFolder));
  for (const JournalPart& part : journal) {
    SW_TRY(const std::string bytes, disk.ReadPart(part.path, 0, part.end));
    const std::string name = part.path.substr(part.path.rfind('/') + 1);
    SW_TRY_STATUS(disk.Replace(std::string(target).append("/").append(name), bytes));
  }
  if (journal.empty()) {
    SW_TRY_STATUS(BeginJournal(disk, target, {folder.id(), folder.epoch(), covered + 1}));
  }
  SW_TRY_STATUS(disk.Replace(target + "/" + kEpochFile, EncodeEpoch(folder.id(), folder.epoch())));
  // Last: without it the folder is no store.
  return disk.Replace(target + "/" + kStoreFile, EncodeStore(folder.id()));
}

std::vector<std::string> VerifyStore(const Disk& disk, const StoreFolder& folder,
                                     const Tables& tables,
                                     const std::vector<JournalPart>& journal) {
  std::vector<std::string> violations;
  const auto note = [&](const base::Status& status) {
    if (!status.ok()) violations.push_back(status.error().message);
  };
  for (const JournalPart& part : journal) note(VerifyPart(disk, folder, part));
  note(tables.VerifyChecksums());
  return violations;
}

}  // namespace stockwatch::rocksdb_store
