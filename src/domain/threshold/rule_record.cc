#include "domain/threshold/rule_record.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::threshold {
namespace {

using event::RuleFields;

// 1: without freeze; 2: of twelve conditions; 3: of fourteen; 4: of fifteen
constexpr std::uint8_t kVersion = 5;
constexpr std::string_view kWhat = "rule version";

// The order of the record.
constexpr std::array kScopes{&event::RuleScope::warehouse_id, &event::RuleScope::department,
                             &event::RuleScope::category,     &event::RuleScope::brand,
                             &event::RuleScope::product_id,   &event::RuleScope::sku};
constexpr std::array kQuantities{&RuleFields::critical,    &RuleFields::low,
                                 &RuleFields::max,         &RuleFields::low_floor,
                                 &RuleFields::low_ceiling, &RuleFields::drift_tolerance};
constexpr std::array kNumbers{
    &RuleFields::days_of_cover,     &RuleFields::service_level, &RuleFields::lead_time_days,
    &RuleFields::lead_time_sd_days, &RuleFields::review_days,   &RuleFields::velocity_spike_ratio,
    &RuleFields::stale_days,        &RuleFields::low_share,     &RuleFields::season_factor};
static_assert(event::kConditionTypes == 16, "another severity is a new version of the record");

void PutMargin(base::ByteWriter& writer, const event::Margin& margin) {
  event::PutEnum(writer, margin.kind);
  writer.Put(margin.amount);
}

event::Margin TakeMargin(base::ByteReader& reader) {
  event::Margin margin;
  margin.kind = event::TakeEnum(reader, event::Margin::Kind::kPercent);
  margin.amount = reader.Take<std::int64_t>();
  return margin;
}

template <typename Enum>
void PutOptionalEnum(base::ByteWriter& writer, const std::optional<Enum>& value) {
  event::PutOptional(writer, value, event::PutEnum<Enum>);
}

template <typename Enum>
std::optional<Enum> TakeOptionalEnum(base::ByteReader& reader, Enum last) {
  return event::TakeOptional(reader,
                             [last](base::ByteReader& r) { return event::TakeEnum(r, last); });
}

void PutFields(base::ByteWriter& writer, const RuleFields& fields) {
  for (const auto field : kQuantities) {
    event::PutOptional(writer, fields.*field, event::PutQuantity);
  }
  for (const auto field : kNumbers) {
    event::PutOptional(writer, fields.*field, event::PutThousandths);
  }
  event::PutOptional(writer, fields.clear_margin, PutMargin);
  event::PutOptional(writer, fields.hold_for, event::PutDuration);
  PutOptionalEnum(writer, fields.compare);
  PutOptionalEnum(writer, fields.mode);
  event::PutOptional(writer, fields.enabled, event::PutBool);
  for (const auto& severity : fields.severity) PutOptionalEnum(writer, severity);
  event::PutOptional(writer, fields.channels, event::PutStrings);
  event::PutOptional(writer, fields.freeze, event::PutBool);
}

std::size_t TypesOf(std::uint8_t version) {
  if (version >= 5) return event::kConditionTypes;
  if (version == 4) return event::kConditionTypesBeforeHeadroom;
  return version == 3 ? event::kConditionTypesBeforeClock : event::kConditionTypesBeforeGap;
}

RuleFields TakeFields(base::ByteReader& reader, std::uint8_t record_version) {
  RuleFields fields;
  for (const auto field : kQuantities) {
    fields.*field = event::TakeOptional(reader, event::TakeQuantity);
  }
  for (const auto field : kNumbers) {
    fields.*field = event::TakeOptional(reader, event::TakeThousandths);
  }
  fields.clear_margin = event::TakeOptional(reader, TakeMargin);
  fields.hold_for = event::TakeOptional(reader, event::TakeDuration);
  fields.compare = TakeOptionalEnum(reader, event::Compare::kPosition);
  fields.mode = TakeOptionalEnum(reader, event::Mode::kDynamic);
  fields.enabled = event::TakeOptional(reader, event::TakeBool);
  for (std::size_t type = 0; type < TypesOf(record_version); ++type) {
    fields.severity[type] = TakeOptionalEnum(reader, event::Severity::kPage);
  }
  fields.channels = event::TakeOptional(reader, event::TakeStrings);
  if (record_version >= 2) fields.freeze = event::TakeOptional(reader, event::TakeBool);
  return fields;
}

base::Result<RuleVersion> Read(base::ByteReader& reader, std::uint8_t record_version) {
  RuleVersion version;
  event::Rule& rule = version.rule;
  version.version = reader.Take<std::uint32_t>();
  version.place = event::TakePosition(reader);
  rule.id = event::TakeString(reader);
  for (const auto name : kScopes) rule.scope.*name = event::TakeString(reader);
  rule.fields = TakeFields(reader, record_version);
  rule.effective_from = event::TakeOptional(reader, event::TakeInstant);
  rule.effective_until = event::TakeOptional(reader, event::TakeInstant);
  rule.priority = reader.Take<std::int32_t>();
  rule.locked = event::TakeBool(reader);
  rule.is_default = event::TakeBool(reader);
  rule.author = event::TakeString(reader);
  rule.reason = event::TakeString(reader);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return version;
}

}  // namespace

void EncodeRuleVersion(const RuleVersion& version, std::string& out) {
  const event::Rule& rule = version.rule;
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.Put(version.version);
  event::PutPosition(writer, version.place);
  writer.PutBytes(rule.id);
  for (const auto name : kScopes) writer.PutBytes(rule.scope.*name);
  PutFields(writer, rule.fields);
  event::PutOptional(writer, rule.effective_from, event::PutInstant);
  event::PutOptional(writer, rule.effective_until, event::PutInstant);
  writer.Put(rule.priority);
  event::PutBool(writer, rule.locked);
  event::PutBool(writer, rule.is_default);
  writer.PutBytes(rule.author);
  writer.PutBytes(rule.reason);
}

base::Result<RuleVersion> DecodeRuleVersion(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhat);
    case 1:
    case 2:
    case 3:
    case 4:
    case kVersion:
      return Read(reader, version);
    default:
      return event::NewerRecord(kWhat, version);
  }
}

namespace {

// One byte before the rule version.
constexpr std::uint8_t kRemoval = 1;
constexpr std::uint8_t kFromSettings = 2;
constexpr std::uint8_t kEditFlagsEnd = 4;

}  // namespace

void EncodeRuleEdit(const RuleEdit& edit, std::string& out) {
  std::uint8_t flags = edit.removal ? kRemoval : 0;
  if (edit.origin == RuleEdit::Origin::kSettings) flags |= kFromSettings;
  base::ByteWriter(out).Put(flags);
  EncodeRuleVersion(edit.version, out);
}

base::Result<RuleEdit> DecodeRuleEdit(std::string_view record) {
  base::ByteReader reader(record);
  const auto flags = reader.Take<std::uint8_t>();
  if (!reader.ok() || flags >= kEditFlagsEnd) return event::DamagedRecord("rule edit");
  RuleEdit edit;
  edit.removal = (flags & kRemoval) != 0;
  edit.origin =
      (flags & kFromSettings) != 0 ? RuleEdit::Origin::kSettings : RuleEdit::Origin::kStream;
  SW_TRY(edit.version, DecodeRuleVersion(record.substr(1)));
  return edit;
}

}  // namespace stockwatch::threshold
