#include "flow/delivery_counts.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::flow {
namespace {

constexpr std::uint8_t kVersion = 1;

// In the order of the record. nullptr: 0, of what is not counted.
constexpr std::array<std::uint64_t DeliveryCounts::*, 6> kCounts{
    &DeliveryCounts::planned, &DeliveryCounts::delivered, &DeliveryCounts::dead_lettered, nullptr,
    &DeliveryCounts::folded,  &DeliveryCounts::digests};

// The record's version was read and is this one.
base::Status CheckVersion(base::ByteReader& reader, std::string_view what) {
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(what);
  if (version != kVersion) return event::NewerRecord(what, version);
  return {};
}

}  // namespace

void EncodeDeliveryCounts(const DeliveryCounts& counts, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  for (const auto count : kCounts) {
    writer.Put(count == nullptr ? std::uint64_t{0} : counts.*count);
  }
  for (const std::uint64_t count : counts.attempts) writer.Put(count);
}

base::Result<DeliveryCounts> DecodeDeliveryCounts(std::string_view record) {
  constexpr std::string_view kWhat = "delivery counts";
  base::ByteReader reader(record);
  SW_TRY_STATUS(CheckVersion(reader, kWhat));
  DeliveryCounts counts;
  for (const auto count : kCounts) {
    const auto value = reader.Take<std::uint64_t>();
    if (count != nullptr) counts.*count = value;
  }
  for (std::uint64_t& count : counts.attempts) count = reader.Take<std::uint64_t>();
  SW_TRY_STATUS(reader.Finish(kWhat));
  return counts;
}

void EncodeDisabledChannel(const DisabledChannel& channel, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  event::PutInstant(writer, channel.at);
  writer.PutBytes(channel.reason);
  writer.PutBytes(channel.fingerprint);
}

base::Result<DisabledChannel> DecodeDisabledChannel(std::string_view record) {
  constexpr std::string_view kWhat = "disabled channel";
  base::ByteReader reader(record);
  SW_TRY_STATUS(CheckVersion(reader, kWhat));
  DisabledChannel channel;
  channel.at = event::TakeInstant(reader);
  channel.reason = event::TakeString(reader);
  channel.fingerprint = event::TakeString(reader);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return channel;
}

}  // namespace stockwatch::flow
