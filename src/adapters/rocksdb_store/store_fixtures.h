#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/random.h"
#include "ports/batch.h"
#include "ports/state_store.h"

// What the tests of the store share.
namespace stockwatch::rocksdb_store {

// A folder of its own, deleted with all that is in it.
class TestFolder {
 public:
  TestFolder() {
    std::string name = ::testing::TempDir() + "stockwatch-store-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() { std::filesystem::remove_all(path_); }

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
      batch.Put(family, Key(), Bytes(random_.Below(200)));
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

  base::Random random_;
  std::uint32_t lives_ = 0;
  std::map<std::uint32_t, std::uint32_t> ordinals_;  // of the latest row of each item
};

}  // namespace stockwatch::rocksdb_store
