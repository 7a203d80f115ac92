#include "flow/delivery_listing.h"

#include <algorithm>
#include <tuple>

#include "base/digest.h"
#include "base/json_values.h"
#include "base/utf8.h"
#include "domain/outbox/delivery_record.h"
#include "domain/outbox/subject_json.h"

namespace stockwatch::flow {
namespace {

using base::JsonWriter;
using base::WriteTime;
using outbox::Delivery;

constexpr std::size_t kIdDigits = 32;

void WriteAttempt(JsonWriter& json, const outbox::Attempt& attempt) {
  json.BeginObject().Key("at").Time(attempt.at);
  json.Key("outcome").String(outbox::Name(attempt.outcome));
  json.Key("status");
  attempt.status == 0 ? json.Null() : json.Unsigned(attempt.status);
  json.Key("latency_ms").Integer(attempt.latency.micros() / 1000);
  json.Key("epoch").Unsigned(attempt.epoch);
  json.Key("detail").String(base::IsUtf8(attempt.detail) ? attempt.detail : "");
  json.EndObject();
}

}  // namespace

std::string DeliveryId(std::string_view key) {
  return base::Hex(base::Sha256Of(key)).substr(0, kIdDigits);
}

base::Result<std::vector<Delivery>> ReadDeliveries(ports::StateStore& store,
                                                   const DeliveryFilter& filter) {
  std::vector<Delivery> deliveries;
  base::Status read;
  for (const ports::Family family : {ports::Family::kOutbox, ports::Family::kDelivery}) {
    SW_TRY_STATUS(store.ReadFamily(family, [&](std::string_view, std::string_view record) {
      auto delivery = outbox::DecodeDelivery(record);
      if (!delivery.ok()) {
        read = delivery.error();
      } else if (filter.Takes(delivery.value())) {
        deliveries.push_back(std::move(delivery).value());
      }
    }));
  }
  SW_TRY_STATUS(read);
  std::sort(deliveries.begin(), deliveries.end(), [](const Delivery& a, const Delivery& b) {
    return std::tie(a.queued_at, a.row.key) < std::tie(b.queued_at, b.row.key);
  });
  return deliveries;
}

base::Result<Delivery> FindDelivery(ports::StateStore& store, std::string_view id) {
  SW_TRY(std::vector<Delivery> deliveries, ReadDeliveries(store));
  for (Delivery& delivery : deliveries) {
    if (DeliveryId(delivery.row.key) == id) return std::move(delivery);
  }
  return base::Error{base::Code::kNotFound, "no delivery has the id " + std::string(id)};
}

void WriteCourse(const Delivery& delivery, JsonWriter& json) {
  WriteTime(json, "queued_at", delivery.queued_at);
  WriteTime(json, "due", delivery.due);
  WriteTime(json, "ended_at", delivery.ended_at);
  json.Key("reason");
  delivery.reason == outbox::DeadReason::kNone ? json.Null()
                                               : json.String(outbox::Name(delivery.reason));
}

std::string DeliveryLine(const Delivery& delivery) {
  const outbox::Message& message = delivery.row.message;
  std::string line;
  JsonWriter json(line);
  json.BeginObject();
  json.Key("id").String(DeliveryId(delivery.row.key));
  json.Key("key").String(delivery.row.key);
  json.Key("route").String(delivery.row.route);
  json.Key("destination").String(delivery.row.destination);
  json.Key("state").String(outbox::Name(delivery.state));
  json.Key("kind").String(message.digest ? "digest" : alert::Name(message.kind));
  json.Key("severity").String(event::Name(message.severity));
  json.Key("type").String(event::Name(message.type));
  outbox::WriteSubject(json, message);
  json.Key("at").Time(message.at);
  WriteCourse(delivery, json);
  json.Key("by");
  delivery.by.empty() ? json.Null() : json.String(delivery.by);
  json.Key("attempts").Unsigned(delivery.attempts);
  json.Key("recent").BeginArray();
  for (const outbox::Attempt& attempt : delivery.recent) WriteAttempt(json, attempt);
  json.EndArray().EndObject();
  return line += '\n';
}

base::Status WriteDeliveries(ports::StateStore& store, const LineSink& sink) {
  SW_TRY(const std::vector<Delivery> deliveries, ReadDeliveries(store));
  for (const Delivery& delivery : deliveries) sink(DeliveryLine(delivery));
  return {};
}

}  // namespace stockwatch::flow
