#include "adapters/rocksdb_store/journal_writer.h"

#include <algorithm>

#include "base/assertion.h"

namespace stockwatch::rocksdb_store {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

namespace {

constexpr std::size_t kZerosAtOnce = std::size_t{1} << 20;

}  // namespace

base::Result<std::unique_ptr<JournalWriter>> JournalWriter::Create(const Disk& disk,
                                                                   const std::string& folder,
                                                                   const SegmentHeader& header,
                                                                   std::uint64_t bytes) {
  std::unique_ptr<JournalWriter> writer(
      new JournalWriter(folder + "/" + SegmentName(header.first), header, bytes));
  const std::string unfinished = writer->path_ + std::string(kUnfinished);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = disk.files().NewWritableFile(unfinished, FileOptions(), &file, nullptr);
  std::string part = EncodeSegmentHeader(header);
  std::uint64_t rest = bytes;
  while (status.ok() && rest > 0) {
    part.resize(std::min<std::uint64_t>(rest, kZerosAtOnce));
    status = file->Append(part, IOOptions(), nullptr);
    rest -= part.size();
    part.assign(part.size(), '\0');
  }
  if (status.ok()) status = file->Fsync(IOOptions(), nullptr);
  if (status.ok()) status = file->Close(IOOptions(), nullptr);
  if (status.ok()) {
    status = disk.files().RenameFile(unfinished, writer->path_, IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = disk.files().NewRandomRWFile(writer->path_, FileOptions(), &writer->file_, nullptr);
  }
  if (!status.ok()) return ErrorOf(status, "cannot begin journal " + writer->path_);
  SW_TRY_STATUS(disk.SyncFolder(folder));
  return writer;
}

base::Status JournalWriter::Append(std::string_view payload) {
  SW_ASSERT(Fits(payload.size()), "the owner begins another file");
  record_.clear();
  AppendRecord(header_.store, {last_ + 1, header_.epoch, synced_, payload}, record_);
  const IOStatus status = file_->Write(end_, record_, IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot write journal " + path_);
  end_ += record_.size();
  ++last_;
  return {};
}

base::Status JournalWriter::Sync() {
  if (synced_ == last_) return {};
  const IOStatus status = file_->Sync(IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot sync journal " + path_);
  synced_ = last_;
  return {};
}

base::Status BeginJournal(const Disk& disk, const std::string& folder,
                          const SegmentHeader& header) {
  const auto writer = JournalWriter::Create(disk, folder, header, kSegmentHeaderBytes);
  if (!writer.ok()) return writer.error();
  return {};
}

}  // namespace stockwatch::rocksdb_store
