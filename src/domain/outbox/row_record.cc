#include "domain/outbox/row_record.h"

#include "base/bytes.h"
#include "domain/alert/episode_record.h"
#include "domain/event/record_parts.h"

namespace stockwatch::outbox {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "outbox row";

void PutMessage(base::ByteWriter& writer, const Message& message) {
  alert::PutEpisodeId(writer, message.episode);
  event::PutEnum(writer, message.type);
  event::PutEnum(writer, message.kind);
  event::PutEnum(writer, message.severity);
  writer.PutBytes(message.warehouse_id);
  writer.PutBytes(message.sku);
  writer.PutBytes(message.tree);
  event::PutStrings(writer, message.path);
  event::PutInstant(writer, message.at);
  event::PutInstant(writer, message.opened_at);
  writer.Put(message.value);
  writer.Put(message.threshold);
  writer.PutBytes(message.rule_id);
  writer.Put(message.rule_version);
  event::PutEnum(writer, message.cause);
}

Message TakeMessage(base::ByteReader& reader) {
  Message message;
  message.episode = alert::TakeEpisodeId(reader);
  message.type = event::TakeEnum(reader, event::ConditionType::kSourceSilent);
  message.kind = event::TakeEnum(reader, alert::NoticeKind::kReminder);
  message.severity = event::TakeEnum(reader, event::Severity::kPage);
  message.warehouse_id = event::TakeString(reader);
  message.sku = event::TakeString(reader);
  message.tree = event::TakeString(reader);
  message.path = event::TakeStrings(reader);
  message.at = event::TakeInstant(reader);
  message.opened_at = event::TakeInstant(reader);
  message.value = reader.Take<std::int64_t>();
  message.threshold = reader.Take<std::int64_t>();
  message.rule_id = event::TakeString(reader);
  message.rule_version = reader.Take<std::uint32_t>();
  message.cause = event::TakeEnum(reader, alert::Cause::kManual);
  return message;
}

base::Result<Row> Read(base::ByteReader& reader) {
  Row row;
  row.key = event::TakeString(reader);
  row.route = event::TakeString(reader);
  row.destination = event::TakeString(reader);
  row.message = TakeMessage(reader);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return row;
}

}  // namespace

void EncodeRow(const Row& row, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.PutBytes(row.key);
  writer.PutBytes(row.route);
  writer.PutBytes(row.destination);
  PutMessage(writer, row.message);
}

base::Result<Row> DecodeRow(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhat);
    case kVersion:
      return Read(reader);
    default:
      return event::NewerRecord(kWhat, version);
  }
}

}  // namespace stockwatch::outbox
