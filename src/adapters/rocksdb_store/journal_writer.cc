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

base::Status MakeSpare(const Disk& disk, const std::string& path, std::uint64_t bytes) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = disk.files().NewWritableFile(path, FileOptions(), &file, nullptr);
  const std::string zeros(std::min<std::uint64_t>(bytes, kZerosAtOnce), '\0');
  for (std::uint64_t rest = bytes; status.ok() && rest > 0;) {
    const auto part = std::min<std::uint64_t>(rest, zeros.size());
    status = file->Append({zeros.data(), part}, IOOptions(), nullptr);
    // Written out as it grows, as tables are: the sync at the end then has little to do, and does
    // not hold up the other journal's.
    if (status.ok()) {
      status = file->RangeSync(bytes - rest, part, IOOptions(), nullptr);
    }
    rest -= part;
  }
  if (status.ok()) status = file->Fsync(IOOptions(), nullptr);
  if (status.ok()) status = file->Close(IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot prepare journal " + path);
  return {};
}

base::Result<std::unique_ptr<JournalWriter>> JournalWriter::Create(const Disk& disk,
                                                                   const std::string& folder,
                                                                   const SegmentHeader& header,
                                                                   std::uint64_t bytes) {
  const std::string spare = folder + "/" + SegmentName(header.first) + std::string(kUnfinished);
  SW_TRY_STATUS(MakeSpare(disk, spare, bytes));
  return CreateOf(spare, disk, folder, header, bytes);
}

// It gets its name when its header is durable.
base::Result<std::unique_ptr<JournalWriter>> JournalWriter::CreateOf(const std::string& spare,
                                                                     const Disk& disk,
                                                                     const std::string& folder,
                                                                     const SegmentHeader& header,
                                                                     std::uint64_t bytes) {
  std::unique_ptr<JournalWriter> writer(
      new JournalWriter(folder + "/" + SegmentName(header.first), header, bytes));
  IOStatus status = disk.files().NewRandomRWFile(spare, FileOptions(), &writer->file_, nullptr);
  if (status.ok()) {
    status = writer->file_->Write(0, EncodeSegmentHeader(header), IOOptions(), nullptr);
  }
  if (status.ok()) status = writer->file_->Sync(IOOptions(), nullptr);
  if (status.ok()) status = writer->file_->Close(IOOptions(), nullptr);
  if (status.ok()) status = disk.files().RenameFile(spare, writer->path_, IOOptions(), nullptr);
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
