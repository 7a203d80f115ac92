#include "domain/outbox/row_record.h"

#include "base/bytes.h"
#include "domain/alert/episode_record.h"
#include "domain/event/record_parts.h"

namespace stockwatch::outbox {
namespace {

// 3, 5, 7, 9, 11 and 13 are deliveries: both kinds stand in one family.
constexpr std::uint8_t kBare = 1;       // without context and digest
constexpr std::uint8_t kNoOutlook = 2;  // nor confidence
constexpr std::uint8_t kOfStock = 4;    // nor levels, components, groups; of twelve conditions
// Nor what is compared, the rule's author and reason; of fourteen conditions.
constexpr std::uint8_t kOfSix = 6;
constexpr std::uint8_t kOfNotices = 8;  // a line of a digest was of one notice
constexpr std::uint8_t kOfTen = 10;     // of fifteen conditions
constexpr std::uint8_t kVersion = 12;
constexpr std::string_view kWhat = "outbox row";

// The order of the record.
constexpr std::array kLevels{&Context::department, &Context::category, &Context::brand,
                             &Context::product};

void PutFigures(base::ByteWriter& writer, const Context::Figures& stock) {
  for (const auto figure : {stock.on_hand, stock.reserved, stock.inbound, stock.available}) {
    event::PutQuantity(writer, figure);
  }
}

Context::Figures TakeFigures(base::ByteReader& reader) {
  Context::Figures stock;
  for (auto* figure : {&stock.on_hand, &stock.reserved, &stock.inbound, &stock.available}) {
    *figure = event::TakeQuantity(reader);
  }
  return stock;
}

void PutTrend(base::ByteWriter& writer, const Context::Trend& trend) {
  event::PutQuantity(writer, trend.sold_day);
  event::PutQuantity(writer, trend.sold_four_weeks);
}

Context::Trend TakeTrend(base::ByteReader& reader) {
  Context::Trend trend;
  trend.sold_day = event::TakeQuantity(reader);
  trend.sold_four_weeks = event::TakeQuantity(reader);
  return trend;
}

void PutSuggestion(base::ByteWriter& writer, const Context::Suggestion& suggestion) {
  writer.PutBytes(suggestion.action);
  event::PutQuantity(writer, suggestion.quantity);
  writer.PutBytes(suggestion.from_warehouse_id);
  event::PutOptional(writer, suggestion.cost, event::PutMoney);
  writer.PutBytes(suggestion.confidence);
}

void PutOutlook(base::ByteWriter& writer, const Context::Outlook& outlook) {
  event::PutThousandths(writer, outlook.days_of_cover);
  for (const auto at : {outlook.stockout, outlook.early, outlook.late, outlook.expected_receipt}) {
    event::PutInstant(writer, at);
  }
}

Context::Outlook TakeOutlook(base::ByteReader& reader) {
  Context::Outlook outlook;
  outlook.days_of_cover = event::TakeThousandths(reader);
  for (auto* at : {&outlook.stockout, &outlook.early, &outlook.late, &outlook.expected_receipt}) {
    *at = event::TakeInstant(reader);
  }
  return outlook;
}

Context::Suggestion TakeSuggestion(base::ByteReader& reader, std::uint8_t version) {
  Context::Suggestion suggestion;
  suggestion.action = event::TakeString(reader);
  suggestion.quantity = event::TakeQuantity(reader);
  suggestion.from_warehouse_id = event::TakeString(reader);
  suggestion.cost = event::TakeOptional(reader, event::TakeMoney);
  if (version > kNoOutlook) suggestion.confidence = event::TakeString(reader);
  return suggestion;
}

void PutContext(base::ByteWriter& writer, const Context& context) {
  writer.PutBytes(context.name);
  event::PutOptional(writer, context.stock, PutFigures);
  event::PutOptional(writer, context.price, event::PutMoney);
  event::PutList(writer, context.elsewhere, [](base::ByteWriter& w, const Elsewhere& other) {
    w.PutBytes(other.warehouse_id);
    event::PutQuantity(w, other.available);
  });
  event::PutOptional(writer, context.trend, PutTrend);
  event::PutOptional(writer, context.suggestion, PutSuggestion);
  event::PutOptional(writer, context.revenue_at_risk, event::PutMoney);
  event::PutOptional(writer, context.outlook, PutOutlook);
  for (const auto level : kLevels) writer.PutBytes(context.*level);
}

Context TakeContext(base::ByteReader& reader, std::uint8_t version) {
  Context context;
  context.name = event::TakeString(reader);
  context.stock = event::TakeOptional(reader, TakeFigures);
  context.price = event::TakeOptional(reader, event::TakeMoney);
  context.elsewhere = event::TakeList(reader, [](base::ByteReader& r) {
    Elsewhere other;
    other.warehouse_id = event::TakeString(r);
    other.available = event::TakeQuantity(r);
    return other;
  });
  context.trend = event::TakeOptional(reader, TakeTrend);
  context.suggestion =
      event::TakeOptional(reader, [&](base::ByteReader& r) { return TakeSuggestion(r, version); });
  context.revenue_at_risk = event::TakeOptional(reader, event::TakeMoney);
  if (version > kNoOutlook) context.outlook = event::TakeOptional(reader, TakeOutlook);
  if (version > kOfStock) {
    for (const auto level : kLevels) context.*level = event::TakeString(reader);
  }
  return context;
}

void PutCompare(base::ByteWriter& writer, const std::optional<event::Compare>& compare) {
  event::PutOptional(writer, compare, event::PutEnum<event::Compare>);
}

std::optional<event::Compare> TakeCompare(base::ByteReader& reader) {
  return event::TakeOptional(
      reader, [](base::ByteReader& r) { return event::TakeEnum(r, event::Compare::kPosition); });
}

void PutLine(base::ByteWriter& writer, const DigestLine& line) {
  writer.PutBytes(line.key);
  event::PutEnum(writer, line.type);
  event::PutEnum(writer, line.kind);
  event::PutEnum(writer, line.severity);
  writer.PutBytes(line.warehouse_id);
  writer.PutBytes(line.sku);
  writer.PutBytes(line.tree);
  event::PutStrings(writer, line.path);
  writer.Put(line.value);
  writer.Put(line.threshold);
  event::PutOptional(writer, line.revenue_at_risk, event::PutMoney);
  event::PutOptional(writer, line.price, event::PutMoney);
  event::PutOptional(writer, line.component, alert::PutComponent);
  PutCompare(writer, line.compare);
  writer.Put(line.notices);
}

DigestLine TakeLine(base::ByteReader& reader, std::uint8_t version) {
  DigestLine line;
  line.key = event::TakeString(reader);
  line.type = event::TakeEnum(reader, event::kLastConditionType);
  line.kind = event::TakeEnum(reader, alert::NoticeKind::kReminder);
  line.severity = event::TakeEnum(reader, event::Severity::kPage);
  line.warehouse_id = event::TakeString(reader);
  line.sku = event::TakeString(reader);
  line.tree = event::TakeString(reader);
  line.path = event::TakeStrings(reader);
  line.value = reader.Take<std::int64_t>();
  line.threshold = reader.Take<std::int64_t>();
  line.revenue_at_risk = event::TakeOptional(reader, event::TakeMoney);
  line.price = event::TakeOptional(reader, event::TakeMoney);
  if (version > kOfStock) line.component = event::TakeOptional(reader, alert::TakeComponent);
  if (version > kOfSix) line.compare = TakeCompare(reader);
  if (version > kOfNotices) line.notices = reader.Take<std::uint32_t>();
  return line;
}

void PutGroup(base::ByteWriter& writer, const Group& group) {
  event::PutEnum(writer, group.tree);
  event::PutStrings(writer, group.path);
}

Group TakeGroup(base::ByteReader& reader) {
  Group group;
  group.tree = event::TakeEnum(reader, stock::Tree::kGlobal);
  group.path = event::TakeStrings(reader);
  return group;
}

std::size_t TypesOf(std::uint8_t version) {
  if (version > kOfTen) return event::kConditionTypes;
  if (version > kOfSix) return event::kConditionTypesBeforeHeadroom;
  return version > kOfStock ? event::kConditionTypesBeforeClock : event::kConditionTypesBeforeGap;
}

void PutDigest(base::ByteWriter& writer, const Digest& digest) {
  event::PutInstant(writer, digest.from);
  event::PutInstant(writer, digest.until);
  for (const std::uint32_t count : digest.by_type) writer.Put(count);
  for (const std::uint32_t count : digest.by_severity) writer.Put(count);
  writer.Put(digest.resolved);
  event::PutList(writer, digest.lines, PutLine);
  event::PutStrings(writer, digest.keys);
  event::PutOptional(writer, digest.group, PutGroup);
  for (const std::uint32_t count : digest.subjects_by_type) writer.Put(count);
  for (const std::uint32_t count : digest.subjects_by_severity) writer.Put(count);
}

Digest TakeDigest(base::ByteReader& reader, std::uint8_t version) {
  Digest digest;
  digest.from = event::TakeInstant(reader);
  digest.until = event::TakeInstant(reader);
  for (std::size_t type = 0; type < TypesOf(version); ++type) {
    digest.by_type[type] = reader.Take<std::uint32_t>();
  }
  for (std::uint32_t& count : digest.by_severity) count = reader.Take<std::uint32_t>();
  digest.resolved = reader.Take<std::uint32_t>();
  digest.lines = event::TakeList(reader, [&](base::ByteReader& r) { return TakeLine(r, version); });
  digest.keys = event::TakeStrings(reader);
  if (version > kOfStock) digest.group = event::TakeOptional(reader, TakeGroup);
  if (version <= kOfNotices) {  // each notice had a line
    digest.subjects_by_type = digest.by_type;
    digest.subjects_by_severity = digest.by_severity;
    return digest;
  }
  for (std::size_t type = 0; type < TypesOf(version); ++type) {
    digest.subjects_by_type[type] = reader.Take<std::uint32_t>();
  }
  for (std::uint32_t& count : digest.subjects_by_severity) count = reader.Take<std::uint32_t>();
  return digest;
}

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
  writer.Put(message.opening_value);
  PutContext(writer, message.context);
  event::PutOptional(writer, message.digest, PutDigest);
  event::PutOptional(writer, message.component, alert::PutComponent);
  writer.PutBytes(message.rule_author);
  writer.PutBytes(message.rule_reason);
  PutCompare(writer, message.compare);
}

Message TakeMessage(base::ByteReader& reader, std::uint8_t version) {
  Message message;
  message.episode = alert::TakeEpisodeId(reader);
  message.type = event::TakeEnum(reader, event::kLastConditionType);
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
  if (version == kBare) return message;
  message.opening_value = reader.Take<std::int64_t>();
  message.context = TakeContext(reader, version);
  message.digest =
      event::TakeOptional(reader, [&](base::ByteReader& r) { return TakeDigest(r, version); });
  if (version > kOfStock) {
    message.component = event::TakeOptional(reader, alert::TakeComponent);
  }
  if (version > kOfSix) {
    message.rule_author = event::TakeString(reader);
    message.rule_reason = event::TakeString(reader);
    message.compare = TakeCompare(reader);
  }
  return message;
}

base::Result<Row> Read(base::ByteReader& reader, std::uint8_t version) {
  Row row;
  row.key = event::TakeString(reader);
  row.route = event::TakeString(reader);
  row.destination = event::TakeString(reader);
  row.message = TakeMessage(reader, version);
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
    case 3:
    case 5:
    case 7:
    case 9:
    case 11:
      return event::DamagedRecord(kWhat);
    case kBare:
    case kNoOutlook:
    case kOfStock:
    case kOfSix:
    case kOfNotices:
    case kOfTen:
    case kVersion:
      return Read(reader, version);
    default:
      return event::NewerRecord(kWhat, version);
  }
}

}  // namespace stockwatch::outbox
