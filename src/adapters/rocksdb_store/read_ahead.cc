#include "adapters/rocksdb_store/read_ahead.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace stockwatch::rocksdb_store {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

// Records of one family.
struct Chunk {
  ports::Family family{};
  std::string bytes;
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      sizes;  // of key and record, one behind the other

  void Add(std::string_view key, std::string_view record) {
    bytes.append(key).append(record);
    sizes.emplace_back(key.size(), record.size());
  }
  void ForEach(const ports::StateStore::FamilyRecord& take) const {
    std::string_view rest = bytes;
    for (const auto& [key, record] : sizes) {
      take(family, rest.substr(0, key), rest.substr(key, record));
      rest.remove_prefix(std::size_t{key} + record);
    }
  }
};

class Queue {
 public:
  explicit Queue(std::size_t chunks_max) : chunks_max_(chunks_max) {}

  void Push(Chunk chunk) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return chunks_.size() < chunks_max_; });
    chunks_.push_back(std::move(chunk));
    changed_.notify_all();
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  // False: there is no more.
  bool Pop(Chunk& chunk) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !chunks_.empty() || closed_; });
    if (chunks_.empty()) return false;
    chunk = std::move(chunks_.front());
    chunks_.pop_front();
    changed_.notify_all();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> chunks_;
  std::size_t chunks_max_;
  bool closed_ = false;
};

}  // namespace

base::Status ReadAhead(
    std::size_t megabytes,
    const std::function<base::Status(const ports::StateStore::FamilyRecord& give)>& read,
    const ports::StateStore::FamilyRecord& take) {
  Queue queue(megabytes);
  base::Status status;
  std::jthread reader([&] {
    Chunk chunk;
    status = read([&](ports::Family family, std::string_view key, std::string_view record) {
      if (chunk.family != family || chunk.bytes.size() >= kChunkBytes) {
        queue.Push(std::exchange(chunk, {}));
        chunk.family = family;
      }
      chunk.Add(key, record);
    });
    queue.Push(std::move(chunk));
    queue.Close();
  });
  for (Chunk chunk; queue.Pop(chunk);) chunk.ForEach(take);
  reader.join();
  return status;
}

}  // namespace stockwatch::rocksdb_store
