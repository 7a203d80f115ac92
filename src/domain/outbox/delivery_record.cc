#include "domain/outbox/delivery_record.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "domain/event/record_parts.h"
#include "domain/outbox/row_record.h"

namespace stockwatch::outbox {
namespace {

// The others below are those of the row alone.
constexpr std::uint8_t kRowOfTwo = 3;    // the same, with the row's version 2
constexpr std::uint8_t kRowOfFour = 5;   // the same, with the row's version 4
constexpr std::uint8_t kRowOfSix = 7;    // the same, with the row's version 6
constexpr std::uint8_t kRowOfEight = 9;  // the same, with the row's version 8
constexpr std::uint8_t kRowOfTen = 11;   // the same, with the row's version 10
constexpr std::uint8_t kVersion = 13;
constexpr std::string_view kWhat = "delivery";

void PutAttempt(base::ByteWriter& writer, const Attempt& attempt) {
  event::PutInstant(writer, attempt.at);
  writer.Put(attempt.epoch);
  event::PutEnum(writer, attempt.outcome);
  writer.Put(attempt.status);
  event::PutDuration(writer, attempt.latency);
  writer.PutBytes(attempt.detail);
}

Attempt TakeAttempt(base::ByteReader& reader) {
  Attempt attempt;
  attempt.at = event::TakeInstant(reader);
  attempt.epoch = reader.Take<std::uint64_t>();
  attempt.outcome = event::TakeEnum(reader, Outcome::kRefused);
  attempt.status = reader.Take<std::uint16_t>();
  attempt.latency = event::TakeDuration(reader);
  attempt.detail = event::TakeString(reader);
  return attempt;
}

base::Result<Delivery> Read(base::ByteReader& reader) {
  const std::string_view row = reader.TakeBytes();
  Delivery delivery;
  delivery.state = event::TakeEnum(reader, DeliveryState::kFolded);
  if (Name(delivery.state).empty()) reader.Fail();
  delivery.attempts = reader.Take<std::uint32_t>();
  delivery.round = reader.Take<std::uint32_t>();
  delivery.queued_at = event::TakeOptional(reader, event::TakeInstant);
  delivery.due = event::TakeOptional(reader, event::TakeInstant);
  delivery.held = event::TakeBool(reader);
  delivery.sent_at = event::TakeOptional(reader, event::TakeInstant);
  delivery.epoch = reader.Take<std::uint64_t>();
  delivery.ended_at = event::TakeOptional(reader, event::TakeInstant);
  delivery.reason = event::TakeEnum(reader, DeadReason::kNoChannel);
  delivery.by = event::TakeString(reader);
  delivery.recent = event::TakeList(reader, TakeAttempt);
  SW_TRY_STATUS(reader.Finish(kWhat));
  SW_TRY(delivery.row, DecodeRow(row));
  return delivery;
}

}  // namespace

void EncodeDelivery(const Delivery& delivery, std::string& out) {
  std::string row;
  EncodeRow(delivery.row, row);
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.PutBytes(row);
  event::PutEnum(writer, delivery.state);
  writer.Put(delivery.attempts);
  writer.Put(delivery.round);
  event::PutOptional(writer, delivery.queued_at, event::PutInstant);
  event::PutOptional(writer, delivery.due, event::PutInstant);
  event::PutBool(writer, delivery.held);
  event::PutOptional(writer, delivery.sent_at, event::PutInstant);
  writer.Put(delivery.epoch);
  event::PutOptional(writer, delivery.ended_at, event::PutInstant);
  event::PutEnum(writer, delivery.reason);
  writer.PutBytes(delivery.by);
  event::PutList(writer, delivery.recent, PutAttempt);
}

base::Result<Delivery> DecodeDelivery(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(kWhat);
  const std::array kVersions{kRowOfTwo, kRowOfFour, kRowOfSix, kRowOfEight, kRowOfTen, kVersion};
  if (std::find(kVersions.begin(), kVersions.end(), version) != kVersions.end()) {
    return Read(reader);
  }
  Delivery delivery;
  SW_TRY(delivery.row, DecodeRow(record));
  return delivery;
}

}  // namespace stockwatch::outbox
