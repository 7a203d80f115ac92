#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/instant.h"
#include "base/position.h"

namespace stockwatch::flow {

// Keys of stored records sort as what they stand for: numbers are big-endian. docs/formats.md,
// Families.

inline void AppendBigEndian(std::string& key, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
}

// The records of family kEngine.
inline constexpr std::string_view kEngineKey = "engine";
inline constexpr std::string_view kSettingsKey = "settings";
inline constexpr std::string_view kDeliveryKey = "delivery";
inline constexpr std::string_view kChannelKey = "channel/";  // of a disabled one, its name behind

// Of the one source of this version.
inline constexpr std::string_view kSourceKey = "default";

// Of the clock that engine time runs on.
inline constexpr std::string_view kClockKey = "engine";

inline std::string NumberKey(std::uint32_t number) {
  std::string key;
  AppendBigEndian(key, number);
  return key;
}

// Of numbers that outgrow 32 bits.
inline std::string LongNumberKey(std::uint64_t number) {
  std::string key;
  AppendBigEndian(key, static_cast<std::uint32_t>(number >> 32));
  AppendBigEndian(key, static_cast<std::uint32_t>(number));
  return key;
}

// Of an alert by its age: the newest first.
inline std::string AgeKey(base::Instant opened_at, std::string_view id) {
  const std::uint64_t age =
      ~(static_cast<std::uint64_t>(opened_at.micros()) ^ (std::uint64_t{1} << 63));
  return LongNumberKey(age).append(id);
}

inline std::string_view IdOfAgeKey(std::string_view key) {
  return key.substr(sizeof(std::uint64_t));
}

// Where the chain of family kAudit stands; sorts behind its entries.
inline constexpr std::string_view kAuditHeadKey = "head";

// The two records of an item's demand.
inline std::string DaysKey(std::uint32_t item) {
  return NumberKey(item) + 'd';
}
inline std::string HoursKey(std::uint32_t item) {
  return NumberKey(item) + 'h';
}

// REQUIRES: four bytes
inline std::uint32_t NumberOf(std::string_view key) {
  std::uint32_t number = 0;
  for (const char c : key) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

inline std::string SortableBytes(base::Position position) {
  std::string key;
  for (const std::uint32_t part :
       {position.generation, position.seconds, position.increment, position.ordinal}) {
    AppendBigEndian(key, part);
  }
  return key;
}

// A delete of a document. Documents' keys may be as long as a store's: their digest stands for
// them, and the record has them.
inline std::string DepartedKey(std::string_view document_key, base::Position deleted_at) {
  return base::Hex(base::Sha256Of(document_key)) + SortableBytes(deleted_at);
}
// Of such a key.
inline constexpr std::size_t kDepartedKeyBytes = 64 + 16;
inline base::Position PositionOf(std::string_view sortable) {
  return {NumberOf(sortable.substr(0, 4)), NumberOf(sortable.substr(4, 4)),
          NumberOf(sortable.substr(8, 4)), NumberOf(sortable.substr(12, 4))};
}

}  // namespace stockwatch::flow
