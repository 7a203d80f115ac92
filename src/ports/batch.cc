#include "ports/batch.h"

#include <algorithm>
#include <optional>

#include "base/assertion.h"
#include "base/bytes.h"

namespace stockwatch::ports {
namespace {

enum class Entry : std::uint8_t { kPut = 0, kRemove = 1, kHistory = 2, kForget = 3 };

void PutKey(base::ByteWriter& writer, Entry entry, Family family, std::string_view key) {
  SW_ASSERT(!key.empty() && key.size() <= 65'535, "keys are short and never empty");
  writer.Put(static_cast<std::uint8_t>(entry));
  writer.Put(static_cast<std::uint8_t>(family));
  writer.Put(static_cast<std::uint16_t>(key.size()));
}

}  // namespace

void Batch::Put(Family family, std::string_view key, std::string_view record) {
  base::ByteWriter writer(bytes_);
  PutKey(writer, Entry::kPut, family, key);
  writer.Put(static_cast<std::uint32_t>(record.size()));
  bytes_.append(key);
  bytes_.append(record);
}

void Batch::Remove(Family family, std::string_view key) {
  base::ByteWriter writer(bytes_);
  PutKey(writer, Entry::kRemove, family, key);
  bytes_.append(key);
}

void Batch::AppendHistory(std::uint32_t item, base::Position position, std::string_view record) {
  base::FixedRecord<25> head;  // one append: a row is written for every change
  head.Put(static_cast<std::uint8_t>(Entry::kHistory));
  head.Put(item);
  for (const std::uint32_t part :
       {position.generation, position.seconds, position.increment, position.ordinal}) {
    head.Put(part);
  }
  const auto size = static_cast<std::uint32_t>(record.size());
  head.Put(size);
  bytes_.append(head.bytes());
  history_.push_back({item, size, bytes_.size(), position});
  bytes_.append(record);
}

void Batch::Forget(std::uint32_t item) {
  base::ByteWriter writer(bytes_);
  writer.Put(static_cast<std::uint8_t>(Entry::kForget));
  writer.Put(item);
  std::erase_if(history_, [&](const HistoryPlace& place) { return place.item == item; });
  if (!IsForgotten(item)) forgotten_.push_back(item);
}

bool Batch::IsForgotten(std::uint32_t item) const {
  return std::find(forgotten_.begin(), forgotten_.end(), item) != forgotten_.end();
}

void Batch::Clear() {
  bytes_.clear();
  history_.clear();
  forgotten_.clear();
}

namespace {

// nullopt: no family of this version.
std::optional<Family> FamilyOf(std::uint8_t number) {
  if (number == 0 || number > static_cast<std::uint8_t>(kLastFamily)) return std::nullopt;
  return static_cast<Family>(number);
}

base::Error Damaged() {
  return {base::Code::kDataLoss, "damaged batch"};
}

base::Error Newer(const char* what, unsigned number) {
  return {base::Code::kFailedPrecondition,
          std::string("a newer version wrote this batch: ") + what + " " + std::to_string(number)};
}

base::Status ReadKeyed(Entry entry, base::ByteReader& in, BatchReader& reader) {
  const auto number = in.Take<std::uint8_t>();
  const auto key_size = in.Take<std::uint16_t>();
  const auto record_size = entry == Entry::kPut ? in.Take<std::uint32_t>() : 0;
  const std::string_view key = in.TakeRaw(key_size);
  const std::string_view record = in.TakeRaw(record_size);
  if (!in.ok() || key.empty()) return Damaged();
  const auto family = FamilyOf(number);
  if (!family) return Newer("family", number);
  if (entry == Entry::kPut) {
    reader.OnPut(*family, key, record);
  } else {
    reader.OnRemove(*family, key);
  }
  return {};
}

base::Status ReadHistoryRow(base::ByteReader& in, BatchReader& reader) {
  const auto item = in.Take<std::uint32_t>();
  base::Position position;
  position.generation = in.Take<std::uint32_t>();
  position.seconds = in.Take<std::uint32_t>();
  position.increment = in.Take<std::uint32_t>();
  position.ordinal = in.Take<std::uint32_t>();
  const std::string_view record = in.TakeBytes();
  if (!in.ok()) return Damaged();
  reader.OnHistory(item, position, record);
  return {};
}

}  // namespace

base::Status ReadBatch(std::string_view bytes, BatchReader& reader) {
  base::ByteReader in(bytes);
  while (in.ok() && !in.empty()) {
    const auto entry = static_cast<Entry>(in.Take<std::uint8_t>());
    switch (entry) {
      case Entry::kPut:
      case Entry::kRemove:
        SW_TRY_STATUS(ReadKeyed(entry, in, reader));
        break;
      case Entry::kHistory:
        SW_TRY_STATUS(ReadHistoryRow(in, reader));
        break;
      case Entry::kForget: {
        const auto item = in.Take<std::uint32_t>();
        if (!in.ok()) return Damaged();
        reader.OnForget(item);
        break;
      }
      default:
        return Newer("entry", static_cast<unsigned>(entry));
    }
  }
  return {};
}

}  // namespace stockwatch::ports
