#include <algorithm>

#include "sim/world.h"

namespace stockwatch::sim {
namespace {

using event::Image;
using event::Operation;
using event::RawDocument;
using event::RawValue;
using event::ValueType;
using Kind = Event::Kind;

void Add(RawDocument& document, std::string_view name, std::string_view text) {
  RawValue value;
  value.type = ValueType::kString;
  value.name = name;
  value.bytes = text;
  document.Add(value);
}

// Whole pieces as an integer, others as a double: both are read exactly.
void AddQuantity(RawDocument& document, std::string_view name, std::int64_t thousandths) {
  RawValue value;
  value.name = name;
  if (thousandths % 1000 == 0) {
    value.type = ValueType::kInt64;
    value.integer = thousandths / 1000;
  } else {
    value.type = ValueType::kDouble;
    value.number = static_cast<double>(thousandths) / 1000;
  }
  document.Add(value);
}

void AddId(RawDocument& document, const Event& event, const Item& item) {
  if (event.kind <= Kind::kDelete) return Add(document, "_id", item.document);
  AddQuantity(document, "_id", std::int64_t{event.token} * 1000);
}

std::uint32_t OpenDocument(RawDocument& document, std::string_view name) {
  RawValue value;
  value.type = ValueType::kDocument;
  value.name = name;
  return document.Open(value);
}

void AddFields(const World& world, const Event& event, RawDocument& document) {
  const Item& item = world.items[event.item];
  AddId(document, event, item);
  Add(document, "warehouse_id", world.warehouses[item.warehouse]);
  Add(document, "sku", item.sku);
  if (event.kind == Kind::kUndecodable) return Add(document, "type", "no such type");
  if (event.kind == Kind::kMovement) {
    Add(document, "type", event::kTransactionTypeNames[static_cast<std::size_t>(event.type)]);
    return AddQuantity(document, "quantity", event.on_hand);
  }
  Add(document, "department", document.Keep(DepartmentOf(event.category)));
  Add(document, "category", document.Keep(CategoryName(event.category)));
  Add(document, "brand", document.Keep(BrandOf(event.category)));
  if (event.discontinued) Add(document, "status", "discontinued");
  AddQuantity(document, "on_hand", event.on_hand);
  AddQuantity(document, "reserved", event.reserved);
}

}  // namespace

void Fill(const World& world, const Event& event, ports::RawInput& input) {
  input.Clear();
  if (event.kind == Kind::kUndecodable || event.kind == Kind::kUnreadable) {
    input.bytes = "bad input " + std::to_string(event.token);
  }
  if (event.kind == Kind::kUnreadable) {
    input.reject = event::Reject{event::Stage::kRead, "malformed JSON", "not a change"};
    return;
  }
  event::RawChange& change = input.change;
  RawDocument& document = change.event;
  const bool gone = event.kind == Kind::kDelete || event.kind == Kind::kRetention;
  change.operation = gone                          ? Operation::kDelete
                     : event.kind == Kind::kLookup ? Operation::kUpdate
                                                   : Operation::kInsert;
  change.image = gone ? Image::kNone : event.kind == Kind::kLookup ? Image::kLookup : Image::kExact;
  change.database = "shop";
  change.collection = event.kind <= Kind::kDelete ? "inventory" : "stock_transactions";
  const std::uint32_t root = OpenDocument(document, "");
  const std::uint32_t key = OpenDocument(document, "documentKey");
  change.document_key = document.size();
  AddId(document, event, world.items[event.item]);
  document.Close(key);
  if (!gone) {
    change.full_document = OpenDocument(document, "fullDocument");
    AddFields(world, event, document);
    document.Close(change.full_document);
  }
  document.Close(root);
  change.position = event.position;
  input.placed = world.placed;
  if (world.placed) return;
  change.position.ordinal = 0;
  change.token = document.Keep(std::to_string(event.token));
}

}  // namespace stockwatch::sim
