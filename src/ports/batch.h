#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/position.h"
#include "base/result.h"

namespace stockwatch::ports {

// What the records of a store are about. The numbers are part of the format: docs/formats.md,
// Families.
enum class Family : std::uint8_t {
  kEpisode = 1,
  kOutbox = 2,
  kDeadLetter = 3,
  kItem = 4,       // the hot part of a stock item, by its number
  kItemName = 5,   // its names, path and description, by its number
  kNode = 6,       // what alerts keep of a category node
  kRule = 7,       // every rule edit, in its order
  kDeparted = 8,   // deletes of inventory documents
  kTokens = 9,     // resume tokens seen, by batch
  kEngine = 10,    // source time and counts
  kSource = 11,    // where each source goes on
  kDemand = 12,    // what was sold of an item, by its number
  kDelivery = 13,  // what became of a notice
  kAudit = 14,     // the hash chain of what people did
  kSilence = 15,
  kCommand = 16,      // commands that were answered, by their idempotency key
  kKey = 17,          // hashes of the keys that may change something
  kClosedAlert = 18,  // ids of closed alerts by their age
};
inline constexpr Family kLastFamily = Family::kClosedAlert;

// Families of which parts are read while changes come: StateStore::ReadRange.
constexpr bool IsListed(Family family) {
  return family == Family::kEpisode || family == Family::kOutbox || family == Family::kDeadLetter ||
         family == Family::kDelivery || family == Family::kAudit || family == Family::kClosedAlert;
}

// All that one group commit changes; it is stored whole or not at all. Keys and records are bytes
// that the core's codecs made. Kept as the bytes that a journal writes: docs/formats.md, Batch.
class Batch {
 public:
  // REQUIRES: a key of 1 to 65,535 bytes, a record below 4 GiB; of an item one row a position
  void Put(Family family, std::string_view key, std::string_view record);
  void Remove(Family family, std::string_view key);
  void AppendHistory(std::uint32_t item, base::Position position, std::string_view record);
  // The item's number may be given to another one from now on: its history goes, that of this batch
  // too. What comes after it in the batch stays.
  void Forget(std::uint32_t item);

  // Calls back with the rows of the item that came behind its latest Forget, if there was one;
  // `forgotten` then is true: the store's rows of it count no more.
  template <typename Row>
  bool ReadHistory(std::uint32_t item, Row row) const {
    for (const HistoryPlace& place : history_) {
      if (place.item == item) row(place.position, Record(place));
    }
    return IsForgotten(item);
  }

  std::string_view bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  void Clear();

 private:
  struct HistoryPlace {
    std::uint32_t item = 0;
    std::uint32_t size = 0;
    std::size_t offset = 0;  // of its record in bytes_
    base::Position position;
  };
  std::string_view Record(const HistoryPlace& place) const {
    return std::string_view(bytes_).substr(place.offset, place.size);
  }
  bool IsForgotten(std::uint32_t item) const;

  std::string bytes_;
  std::vector<HistoryPlace> history_;     // rows that count
  std::vector<std::uint32_t> forgotten_;  // items
};

// What a batch says, entry by entry.
class BatchReader {
 public:
  virtual ~BatchReader() = default;
  virtual void OnPut(Family family, std::string_view key, std::string_view record) = 0;
  virtual void OnRemove(Family family, std::string_view key) = 0;
  virtual void OnHistory(std::uint32_t item, base::Position position, std::string_view record) = 0;
  virtual void OnForget(std::uint32_t item) = 0;
};

// Views point into `bytes`. kDataLoss: these are no bytes of a batch; what stood before the damage
// was handed out. kFailedPrecondition: a newer version wrote an entry that this one does not know.
base::Status ReadBatch(std::string_view bytes, BatchReader& reader);

}  // namespace stockwatch::ports
