#include "adapters/webhook_notifier/notice_json.h"

#include <algorithm>
#include <array>

#include "base/json_values.h"
#include "base/percent.h"
#include "domain/event/alert_id.h"
#include "domain/outbox/row_key.h"
#include "domain/outbox/subject_json.h"

namespace stockwatch::webhook_notifier {
namespace {

using base::JsonWriter;
using base::WriteMoney;
using base::WriteQuantity;
using outbox::Context;
using outbox::Digest;
using outbox::DigestLine;
using outbox::Message;
using outbox::WriteSubject;

constexpr int kDecimals = base::Quantity::kFormat.decimals;

// The figure of stock that was compared; null: none of stock.
void WriteCompare(JsonWriter& json, const std::optional<event::Compare>& compare) {
  json.Key("compare");
  compare ? json.String(event::Name(*compare)) : json.Null();
}

void WriteText(JsonWriter& json, std::string_view name, const std::string& text) {
  json.Key(name);
  text.empty() ? json.Null() : json.String(text);
}

void WriteAlert(JsonWriter& json, const Message& message) {
  json.Key("alert").BeginObject();
  json.Key("id").String(event::AlertIdText(message.episode));
  json.Key("type").String(event::Name(message.type));
  json.Key("severity").String(event::Name(message.severity));
  WriteSubject(json, message);
  json.Key("opened_at").Time(message.opened_at);
  json.Key("at").Time(message.at);
  json.Key("opening_value").Decimal(message.opening_value, kDecimals);
  json.Key("value").Decimal(message.value, kDecimals);
  json.Key("threshold").Decimal(message.threshold, kDecimals);
  WriteCompare(json, message.compare);
  json.Key("rule");
  if (message.rule_id.empty()) {
    json.Null();
  } else {
    json.BeginObject().Key("id").String(message.rule_id);
    json.Key("version").Unsigned(message.rule_version);
    WriteText(json, "author", message.rule_author);
    WriteText(json, "reason", message.rule_reason);
    json.EndObject();
  }
  json.Key("cause");
  message.kind == alert::NoticeKind::kResolved ? json.String(alert::Name(message.cause))
                                               : json.Null();
  json.EndObject();
}

void WriteSuggestion(JsonWriter& json, const std::optional<Context::Suggestion>& suggestion) {
  json.Key("suggestion");
  if (!suggestion) {
    json.Null();
    return;
  }
  json.BeginObject().Key("action").String(suggestion->action);
  WriteQuantity(json, "quantity", suggestion->quantity);
  json.Key("from_warehouse_id");
  suggestion->from_warehouse_id.empty() ? json.Null() : json.String(suggestion->from_warehouse_id);
  WriteMoney(json, "cost", suggestion->cost);
  json.Key("confidence");
  suggestion->confidence.empty() ? json.Null() : json.String(suggestion->confidence);
  json.EndObject();
}

void WriteOutlook(JsonWriter& json, const std::optional<Context::Outlook>& outlook) {
  json.Key("outlook");
  if (!outlook) {
    json.Null();
    return;
  }
  json.BeginObject().Key("days_of_cover").Decimal(outlook->days_of_cover.count, kDecimals);
  json.Key("stockout_at").Time(outlook->stockout);
  json.Key("stockout_early").Time(outlook->early);
  json.Key("stockout_late").Time(outlook->late);
  json.Key("expected_receipt_at").Time(outlook->expected_receipt);
  json.EndObject();
}

void WriteItem(JsonWriter& json, const Context& context) {
  json.Key("item");
  if (!context.stock) {
    json.Null();
    return;
  }
  json.BeginObject();
  WriteText(json, "name", context.name);
  WriteText(json, "department", context.department);
  WriteText(json, "category", context.category);
  WriteText(json, "brand", context.brand);
  WriteText(json, "product_id", context.product);
  WriteQuantity(json, "on_hand", context.stock->on_hand);
  WriteQuantity(json, "reserved", context.stock->reserved);
  WriteQuantity(json, "inbound", context.stock->inbound);
  WriteQuantity(json, "available", context.stock->available);
  WriteMoney(json, "price", context.price);
  json.Key("elsewhere").BeginArray();
  for (const outbox::Elsewhere& other : context.elsewhere) {
    json.BeginObject().Key("warehouse_id").String(other.warehouse_id);
    WriteQuantity(json, "available", other.available);
    json.EndObject();
  }
  json.EndArray();
  json.Key("trend");
  if (context.trend) {
    json.BeginObject();
    WriteQuantity(json, "sold_day", context.trend->sold_day);
    WriteQuantity(json, "sold_four_weeks", context.trend->sold_four_weeks);
    json.EndObject();
  } else {
    json.Null();
  }
  WriteOutlook(json, context.outlook);
  WriteSuggestion(json, context.suggestion);
  WriteMoney(json, "revenue_at_risk", context.revenue_at_risk);
  json.EndObject();
}

void WriteLinks(JsonWriter& json, std::string_view alert_id, std::string_view links_url) {
  const std::string alert = std::string(links_url).append("/api/v1/alerts/").append(alert_id);
  json.Key("links").BeginObject();
  json.Key("alert").String(alert);
  json.Key("why").String(alert + "/why");
  json.EndObject();
}

void WriteLine(JsonWriter& json, const DigestLine& line, std::string_view links_url) {
  json.BeginObject();
  json.Key("key").String(line.key);
  json.Key("kind").String(alert::Name(line.kind));
  json.Key("type").String(event::Name(line.type));
  json.Key("severity").String(event::Name(line.severity));
  WriteSubject(json, line);
  json.Key("value").Decimal(line.value, kDecimals);
  json.Key("threshold").Decimal(line.threshold, kDecimals);
  WriteCompare(json, line.compare);
  WriteMoney(json, "revenue_at_risk", line.revenue_at_risk);
  WriteMoney(json, "price", line.price);
  json.Key("notices").Unsigned(line.notices);
  const auto place = outbox::PlaceOf(line.key);
  if (place) WriteLinks(json, place->alert, links_url);
  json.EndObject();
}

void WriteGroup(JsonWriter& json, const std::optional<outbox::Group>& group) {
  json.Key("group");
  if (!group) {
    json.Null();
    return;
  }
  json.BeginObject().Key("tree").String(stock::Name(group->tree));
  json.Key("path").BeginArray();
  for (const std::string& name : group->path) json.String(name);
  json.EndArray().EndObject();
}

struct Counts {
  std::array<std::uint32_t, 4> by_severity{};
  std::array<std::uint32_t, event::kConditionTypes> by_type{};
};

void WriteCounts(JsonWriter& json, const Counts& counts) {
  json.Key("by_severity").BeginObject();
  for (std::size_t i = 0; i < counts.by_severity.size(); ++i) {
    if (counts.by_severity[i] == 0) continue;
    json.Key(event::Name(static_cast<event::Severity>(i))).Unsigned(counts.by_severity[i]);
  }
  json.EndObject().Key("by_type").BeginObject();
  for (std::size_t i = 0; i < counts.by_type.size(); ++i) {
    if (counts.by_type[i] == 0) continue;
    json.Key(event::kConditions[i].name).Unsigned(counts.by_type[i]);
  }
  json.EndObject();
}

// The subjects that have no entry.
void WriteMore(JsonWriter& json, const Digest& digest, std::size_t entries) {
  Counts counts{digest.subjects_by_severity, digest.subjects_by_type};
  for (std::size_t i = 0; i < entries; ++i) {
    --counts.by_severity[static_cast<std::size_t>(digest.lines[i].severity)];
    --counts.by_type[event::Index(digest.lines[i].type)];
  }
  json.Key("more").BeginObject();
  json.Key("subjects").Unsigned(digest.subjects() - entries);
  WriteCounts(json, counts);
  json.EndObject();
}

// A body and how much of a digest's lines it has.
struct Extent {
  std::string_view links_url;
  std::size_t entries = 0;
};

void WriteDigest(JsonWriter& json, const outbox::Row& row, const Extent& extent) {
  const Digest& digest = *row.message.digest;
  WriteGroup(json, digest.group);
  json.Key("from").Time(digest.from);
  json.Key("until").Time(digest.until);
  json.Key("total").Unsigned(digest.keys.size());
  json.Key("resolved").Unsigned(digest.resolved);
  WriteCounts(json, {digest.by_severity, digest.by_type});
  json.Key("alerts").BeginArray();
  for (std::size_t i = 0; i < extent.entries; ++i) {
    WriteLine(json, digest.lines[i], extent.links_url);
  }
  json.EndArray();
  WriteMore(json, digest, extent.entries);
  json.Key("keys").BeginArray();
  for (const std::string& key : digest.keys) json.String(key);
  json.EndArray().Key("links").BeginObject();
  json.Key("notices").String(std::string(extent.links_url)
                                 .append("/api/v1/deliveries?by=")
                                 .append(base::PercentEncoded(row.key)));
  json.EndObject();
}

std::string BodyOf(const outbox::Row& row, const Extent& extent) {
  const Message& message = row.message;
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("type").String(message.digest ? "alert.digest"
                                         : "alert." + std::string(alert::Name(message.kind)));
  json.Key("timestamp").Time(message.at);
  json.Key("data").BeginObject();
  json.Key("key").String(row.key);
  json.Key("route").String(row.route);
  json.Key("destination").String(row.destination);
  json.Key("severity").String(event::Name(message.severity));
  if (message.digest) {
    WriteDigest(json, row, extent);
  } else {
    WriteAlert(json, message);
    WriteItem(json, message.context);
    WriteLinks(json, event::AlertIdText(message.episode), extent.links_url);
  }
  json.EndObject().EndObject();
  return body;
}

}  // namespace

std::string NoticeJson(const outbox::Row& row, std::string_view links_url) {
  Extent extent{links_url, row.message.digest ? row.message.digest->lines.size() : 0};
  std::string body = BodyOf(row, extent);
  while (body.size() > kBodyBytesMax && extent.entries > 0) {
    // The first guess: entries are of much the same length.
    extent.entries = std::min(extent.entries - 1, extent.entries * kBodyBytesMax / body.size());
    body = BodyOf(row, extent);
  }
  return body;
}

std::string TestJson(std::string_view key, base::Instant at) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("type").String("test");
  json.Key("timestamp").Time(at);
  json.Key("data").BeginObject();
  json.Key("key").String(key);
  json.Key("message").String("a test of this channel; nothing has happened");
  json.EndObject().EndObject();
  return body;
}

}  // namespace stockwatch::webhook_notifier
