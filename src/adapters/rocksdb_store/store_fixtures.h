#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/rocksdb_store/rocksdb_store.h"
#include "base/digest.h"
#include "base/random.h"
#include "ports/batch.h"
#include "ports/state_store.h"

// What the tests of the store share.
namespace stockwatch::rocksdb_store {

// A folder of its own, deleted with all that is in it. In memory where the machine has a place for
// that: the tests ask what is written in which order, not how fast a disk is.
class TestFolder {
 public:
  TestFolder() {
    for (const std::string& place : {std::string("/dev/shm/"), ::testing::TempDir()}) {
      std::string name = place + "stockwatch-XXXXXX";
      if (mkdtemp(name.data()) == nullptr) continue;
      path_ = name;
      return;
    }
    ADD_FAILURE() << "no place for a folder of a test";
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() {
    if (!path_.empty()) std::filesystem::remove_all(path_);
  }

  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Paths below a folder with the digests of their bytes.
inline std::map<std::string, std::string> Fingerprint(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[entry.path()] = base::Hex(base::Sha256Of(ReadFile(entry.path())));
  }
  return files;
}

// Journal files of a store, in their order.
inline std::vector<std::string> JournalFiles(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("journal-")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline constexpr std::uint64_t kSmallSegment = 4096;

// With small segments; nullptr and a failure of the test where it can't be opened.
inline std::unique_ptr<RocksdbStore> OpenStore(const std::string& folder,
                                               rocksdb::FileSystem* disk = nullptr) {
  auto store =
      RocksdbStore::Open({.folder = folder, .segment_bytes = kSmallSegment, .file_system = disk});
  EXPECT_TRUE(store.ok()) << store.error().message;
  return store.ok() ? std::move(store).value() : nullptr;
}

// The error with which a folder is refused.
inline base::Error RefusalOf(const std::string& folder, Mode mode = Mode::kWrite) {
  const auto store = RocksdbStore::Open({.folder = folder, .mode = mode});
  EXPECT_FALSE(store.ok()) << "opened " << folder;
  return store.ok() ? base::Error{base::Code::kUnimplemented, ""} : store.error();
}

inline void ExpectOk(const base::Status& status) {
  EXPECT_TRUE(status.ok()) << status.error().message;
}

inline ports::Batch PutBatch(std::string_view key, std::string_view record) {
  ports::Batch batch;
  batch.Put(ports::Family::kItem, key, record);
  return batch;
}

// "key=record" of the first `most` of a range.
inline std::vector<std::string> Part(ports::StateStore& store,
                                     const ports::StateStore::Range& range, std::size_t most) {
  std::vector<std::string> part;
  ExpectOk(store.ReadRange(range, [&](std::string_view key, std::string_view record) {
    part.push_back(base::Hex(key) + "=" + base::Hex(record));
    return part.size() < most;
  }));
  return part;
}

inline constexpr std::uint32_t kTestItems = 12;

// All that a store says, as text; an error is said too.
inline std::string Dump(ports::StateStore& store) {
  std::string text;
  for (auto number = std::uint8_t{1}; number <= static_cast<std::uint8_t>(ports::kLastFamily);
       ++number) {
    const auto status = store.ReadFamily(
        static_cast<ports::Family>(number), [&](std::string_view key, std::string_view record) {
          text += std::to_string(number) + " " + base::Hex(key) + "=" + base::Hex(record) + "\n";
        });
    if (!status.ok()) text += status.error().message + "\n";
  }
  for (std::uint32_t item = 0; item < kTestItems; ++item) {
    std::vector<std::pair<base::Position, std::string>> rows;
    const auto status =
        store.ReadHistory(item, [&](base::Position position, std::string_view record) {
          rows.emplace_back(position, record);
        });
    if (!status.ok()) text += status.error().message + "\n";
    std::sort(rows.begin(), rows.end());
    for (const auto& [position, record] : rows) {
      text += "item " + std::to_string(item) + " at " + std::to_string(position.seconds) + "." +
              std::to_string(position.ordinal) + "=" + base::Hex(record) + "\n";
    }
  }
  return text;
}

// Batches of every kind of entry, over few keys so that they meet again.
class RandomBatches {
 public:
  explicit RandomBatches(std::uint64_t seed) : random_(seed) {}

  base::Random& random() { return random_; }

  // The latest batches may have been lost: what follows is at none of their positions.
  void BeginAnew() {
    ++lives_;
    for (std::uint32_t item = 0; item < kTestItems; ++item) ordinals_[item] = lives_ * 100'000;
  }

  ports::Batch Next() {
    ports::Batch batch;
    const std::uint32_t entries = 1 + random_.Below(12);
    for (std::uint32_t i = 0; i < entries; ++i) AddEntry(batch);
    return batch;
  }

  // Of a listed family, from a key that may be there, either way.
  ports::StateStore::Range NextRange() {
    from_ = random_.Chance(1, 4) ? std::string() : Key();
    return {static_cast<ports::Family>(1 + random_.Below(3)), from_, random_.Chance(1, 2)};
  }

 private:
  std::string Bytes(std::uint32_t size) {
    std::string bytes;
    for (std::uint32_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(random_.Below(256)));
    return bytes;
  }
  // Some are beginnings of others, some differ behind their eighth byte only.
  std::string Key() {
    std::string key("key\0with\xFFrest", 13);
    key.resize(1 + random_.Below(13));
    if (random_.Chance(1, 2)) key.push_back(static_cast<char>(random_.Below(3)));
    return key;
  }
  void AddEntry(ports::Batch& batch) {
    const auto family = static_cast<ports::Family>(1 + random_.Below(4));
    const std::uint32_t item = random_.Below(kTestItems);
    const std::uint32_t kind = random_.Below(20);
    if (kind < 8) {
      const bool large = random_.Chance(1, 100);  // more than a segment
      batch.Put(family, Key(), Bytes(random_.Below(large ? 9000 : 200)));
    } else if (kind < 11) {
      batch.Remove(family, Key());
    } else if (kind < 19) {
      batch.AppendHistory(item, {1, random_.Below(5), 0, ++ordinals_[item]},
                          Bytes(random_.Below(80)));
    } else {
      batch.Forget(item);
      ordinals_[item] = 0;  // the next owner's positions may be those of the one before
    }
  }

  std::string from_;  // of the range that was given last
  base::Random random_;
  std::uint32_t lives_ = 0;
  std::map<std::uint32_t, std::uint32_t> ordinals_;  // of the latest row of each item
};

}  // namespace stockwatch::rocksdb_store
