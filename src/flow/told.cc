#include "flow/told.h"

#include <algorithm>
#include <tuple>

#include "domain/event/alert_id.h"
#include "domain/outbox/delivery_record.h"
#include "flow/delivery_listing.h"
#include "flow/read_records.h"

namespace stockwatch::flow {
namespace {

using outbox::Delivery;
using ports::Family;

// Of a digest only what became of it.
base::Result<std::optional<Delivery>> FindByKey(ports::StateStore& store, const std::string& key) {
  for (const Family family : {Family::kDelivery, Family::kOutbox}) {
    SW_TRY(const auto record, ReadRecord(store, family, key));
    if (!record) continue;
    SW_TRY(Delivery found, outbox::DecodeDelivery(*record));
    return std::optional(std::move(found));
  }
  return std::optional<Delivery>();
}

// How it ended, or how it stands.
void WriteOutcome(const Delivery& delivery, base::JsonWriter& json) {
  json.Key("state").String(outbox::Name(delivery.state));
  json.Key("attempts").Unsigned(delivery.attempts);
  WriteCourse(delivery, json);
}

}  // namespace

base::Result<std::vector<Told>> ReadTold(ports::StateStore& store, const alert::EpisodeId& id) {
  const std::string prefix = event::AlertIdText(id) + "/";
  std::vector<Told> told;
  for (const Family family : {Family::kDelivery, Family::kOutbox}) {
    base::Status decoded;
    SW_TRY_STATUS(
        store.ReadRange({family, prefix}, [&](std::string_view key, std::string_view record) {
          if (!key.starts_with(prefix)) return false;
          auto delivery = outbox::DecodeDelivery(record);
          if (delivery.ok()) {
            told.push_back({std::move(delivery).value(), {}});
          } else {
            decoded = delivery.error();
          }
          return decoded.ok();
        }));
    SW_TRY_STATUS(decoded);
  }
  for (Told& one : told) {
    if (one.delivery.state != outbox::DeliveryState::kFolded) continue;
    SW_TRY(one.digest, FindByKey(store, one.delivery.by));
  }
  std::sort(told.begin(), told.end(), [](const Told& a, const Told& b) {
    return std::tie(a.delivery.queued_at, a.delivery.row.key) <
           std::tie(b.delivery.queued_at, b.delivery.row.key);
  });
  return told;
}

void WriteTold(const Told& told, base::JsonWriter& json) {
  const Delivery& delivery = told.delivery;
  json.BeginObject().Key("id").String(DeliveryId(delivery.row.key));
  json.Key("kind").String(alert::Name(delivery.row.message.kind));
  json.Key("destination").String(delivery.row.destination);
  WriteOutcome(delivery, json);
  json.Key("by");
  delivery.by.empty() ? json.Null() : json.String(delivery.by);
  json.Key("digest");
  if (told.digest) {
    json.BeginObject();
    WriteOutcome(*told.digest, json);
    json.EndObject();
  } else {
    json.Null();
  }
  json.EndObject();
}

}  // namespace stockwatch::flow
