#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/journal_format.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

// A file of zeros that becomes a journal file later, made beforehand because it takes a while:
// `bytes` behind the space of the header too. Durable but for its name.
base::Status MakeSpare(const Disk& disk, const std::string& path, std::uint64_t bytes);

// Writes one journal file. After an error of any call it is of no more use. One thread.
class JournalWriter {
 public:
  // A file of `bytes` zeros behind its header, durable: a sync has no metadata to write. One of the
  // same name is replaced.
  static base::Result<std::unique_ptr<JournalWriter>> Create(const Disk& disk,
                                                             const std::string& folder,
                                                             const SegmentHeader& header,
                                                             std::uint64_t bytes);
  // The same of a spare of that many bytes, which is gone afterwards.
  static base::Result<std::unique_ptr<JournalWriter>> CreateOf(const std::string& spare,
                                                               const Disk& disk,
                                                               const std::string& folder,
                                                               const SegmentHeader& header,
                                                               std::uint64_t bytes);

  bool Fits(std::size_t payload_bytes) const { return end_ + RecordBytes(payload_bytes) <= bytes_; }
  // Not synced. REQUIRES: it fits, and is not empty
  base::Status Append(std::string_view payload);
  // What was appended is durable.
  base::Status Sync();

  const std::string& path() const { return path_; }
  std::uint64_t first() const { return header_.first; }
  std::uint64_t last() const { return last_; }  // first - 1: nothing was appended
  std::uint64_t end() const { return end_; }    // offset behind the last record

 private:
  JournalWriter(std::string path, const SegmentHeader& header, std::uint64_t bytes)
      : path_(std::move(path)),
        header_(header),
        bytes_(bytes),
        last_(header.first - 1),
        synced_(last_) {}

  std::string path_;
  SegmentHeader header_;
  std::uint64_t bytes_;
  std::uint64_t last_;
  std::uint64_t synced_;
  std::uint64_t end_ = kSegmentHeaderBytes;
  std::unique_ptr<rocksdb::FSRandomRWFile> file_;
  std::string record_;  // of the last Append
};

// A file for no batch, durable: tables without a journal have lost it.
base::Status BeginJournal(const Disk& disk, const std::string& folder, const SegmentHeader& header);

}  // namespace stockwatch::rocksdb_store
