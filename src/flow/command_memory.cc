#include "flow/command_memory.h"

#include "domain/event/record_parts.h"

namespace stockwatch::flow {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "command";

}  // namespace

std::optional<base::Sha256Bytes> CommandMemory::Find(std::string_view key) const {
  const auto found = commands_.find(key);
  if (found == commands_.end()) return std::nullopt;
  return found->second.said;
}

base::Status CommandMemory::CheckRoom() const {
  if (commands_.size() < kCommandsMax) return {};
  return base::Error{base::Code::kResourceExhausted,
                     "no more commands in a day than " + std::to_string(kCommandsMax)};
}

void CommandMemory::Add(std::string_view key, const base::Sha256Bytes& said,
                        base::Instant engine_now, ports::Batch& batch) {
  commands_.emplace(key, Entry{engine_now, said});
  by_time_.emplace(engine_now, key);
  std::string record;
  base::ByteWriter writer(record);
  writer.Put(kVersion);
  event::PutInstant(writer, engine_now);
  for (const std::uint8_t byte : said) writer.Put(byte);
  batch.Put(ports::Family::kCommand, key, record);
}

void CommandMemory::Forget(base::Instant engine_now, ports::Batch& batch) {
  while (!by_time_.empty() && by_time_.begin()->first + kKept <= engine_now) {
    const std::string& key = by_time_.begin()->second;
    batch.Remove(ports::Family::kCommand, key);
    commands_.erase(key);
    by_time_.erase(by_time_.begin());
  }
}

base::Status CommandMemory::Restore(std::string_view key, std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(kWhat);
  if (version > kVersion) return event::NewerRecord(kWhat, version);
  Entry entry;
  entry.at = event::TakeInstant(reader);
  for (std::uint8_t& byte : entry.said) byte = reader.Take<std::uint8_t>();
  SW_TRY_STATUS(reader.Finish(kWhat));
  by_time_.emplace(entry.at, key);
  commands_.emplace(key, entry);
  return {};
}

}  // namespace stockwatch::flow
