#include "adapters/mongo_source/inbox.h"

#include <utility>

namespace stockwatch::mongo_source {
namespace {

std::uint64_t SizeOf(const Item& item) {
  return item.bytes.size() + sizeof(Item);
}

}  // namespace

bool Inbox::Put(Item item, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  // A place behind a place: the first is of no use any more.
  const bool replaces = !items_.empty() && items_.back().bytes.empty() &&
                        items_.back().mark->ended_since == 0 &&
                        items_.back().mark->read_again.empty();
  if (item.bytes.empty() && replaces) {
    items_.back() = std::move(item);
    return true;
  }
  const std::uint64_t size = SizeOf(item);
  const bool has_room =
      room_.wait(lock, stop, [&] { return items_.empty() || bytes_ + size <= bytes_max_; });
  if (!has_room) return false;
  bytes_ += size;
  items_.push_back(std::move(item));
  return true;
}

void Inbox::End(base::Error error) {
  const std::lock_guard lock(mutex_);
  ended_ = std::move(error);
}

std::optional<Item> Inbox::Take() {
  if (hand_.empty()) TakeSome();
  if (hand_.empty()) return std::nullopt;
  Item item = std::move(hand_.front());
  hand_.pop_front();
  return item;
}

void Inbox::TakeSome() {
  constexpr std::size_t kItems = 256;
  constexpr std::uint64_t kBytes = std::uint64_t{1} << 20;
  const std::lock_guard lock(mutex_);
  std::uint64_t taken = 0;
  while (!items_.empty() && hand_.size() < kItems) {
    const std::uint64_t size = SizeOf(items_.front());
    if (!hand_.empty() && taken + size > kBytes) break;
    taken += size;
    hand_.push_back(std::move(items_.front()));
    items_.pop_front();
  }
  if (hand_.empty()) return;
  bytes_ -= taken;
  room_.notify_one();
}

std::optional<base::Error> Inbox::Ended() const {
  const std::lock_guard lock(mutex_);
  return hand_.empty() && items_.empty() ? ended_ : std::nullopt;
}

std::uint64_t Inbox::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace stockwatch::mongo_source
