#pragma once

#include "base/json_writer.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::outbox {

// What a Message or a DigestLine is about, as notices and lists show it: "subject": {…}.
template <typename About>
void WriteSubject(base::JsonWriter& json, const About& of) {
  json.Key("subject").BeginObject();
  if (of.component) {
    json.Key(alert::Name(of.component->kind)).String(of.component->name);
  } else if (!of.sku.empty()) {
    json.Key("warehouse_id").String(of.warehouse_id);
    json.Key("sku").String(of.sku);
  } else if (!of.tree.empty()) {
    json.Key("tree").String(of.tree);
    json.Key("path").BeginArray();
    for (const std::string& name : of.path) json.String(name);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace stockwatch::outbox
