#include "domain/alert/silence_record.h"

#include "domain/event/record_parts.h"

namespace stockwatch::alert {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "silence";

// The order of the record.
constexpr std::array kScopes{&event::RuleScope::warehouse_id, &event::RuleScope::department,
                             &event::RuleScope::category,     &event::RuleScope::brand,
                             &event::RuleScope::product_id,   &event::RuleScope::sku};

}  // namespace

void EncodeSilence(const event::Silence& silence, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  event::PutName(writer, silence.id);
  for (const auto name : kScopes) event::PutName(writer, silence.scope.*name);
  event::PutList(writer, silence.types, event::PutEnum<event::ConditionType>);
  event::PutInstant(writer, silence.from);
  event::PutInstant(writer, silence.until);
  event::PutName(writer, silence.author);
  event::PutName(writer, silence.reason);
}

base::Result<event::Silence> DecodeSilence(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(kWhat);
  if (version > kVersion) return event::NewerRecord(kWhat, version);
  event::Silence silence;
  silence.id = event::TakeId(reader);
  for (const auto name : kScopes) silence.scope.*name = event::TakeName(reader);
  silence.types = event::TakeList(
      reader, [](base::ByteReader& r) { return event::TakeEnum(r, event::kLastConditionType); });
  silence.from = event::TakeInstant(reader);
  silence.until = event::TakeInstant(reader);
  silence.author = event::TakeName(reader);
  silence.reason = event::TakeName(reader);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return silence;
}

}  // namespace stockwatch::alert
