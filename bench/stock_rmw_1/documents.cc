#include "documents.h"
#include "base/assertion.h"
#include "run.h"
#include "wire/bson/bson_writer.h"

namespace stock_rmw_1 {
namespace {

using stockwatch::event::RawDocument;
using stockwatch::event::RawValue;
using stockwatch::event::ValueType;

class Builder {
 public:
  Builder() {
    RawValue root;
    root.type = ValueType::kDocument;
    root_ = document_.Open(root);
  }
  void Text(std::string_view name, std::string text) {
    RawValue value;
    value.name = name;
    value.type = ValueType::kString;
    value.bytes = document_.Keep(std::move(text));
    document_.Add(value);
  }
  void Integer(std::string_view name, ValueType type, std::int64_t integer) {
    RawValue value;
    value.name = name;
    value.type = type;
    value.integer = integer;
    document_.Add(value);
  }
  std::string Bson() {
    document_.Close(root_);
    std::string bytes;
    const auto written = stockwatch::bson::WriteBson(document_, 0, bytes);
    SW_ASSERT(written.ok(), "a document of our own making");
    return bytes;
  }

 private:
  RawDocument document_;
  std::uint32_t root_ = 0;
};

std::string Warehouse(std::uint64_t item) {
  return "W" + std::to_string(item % 20);
}

}  // namespace

std::string TransactionDocument(const Event& event) {
  Builder builder;
  builder.Text("_id", "T-" + std::to_string(event.number));
  builder.Text("warehouse_id", Warehouse(event.item));
  builder.Text("sku", std::to_string(event.item));
  builder.Text("type", event.receipt ? "receipt" : "sale");
  builder.Integer("quantity", ValueType::kInt32, event.quantity);
  builder.Integer("occurred_at", ValueType::kDate, event.occurred_micros / 1000);
  builder.Integer("schema_version", ValueType::kInt32, 1);
  return builder.Bson();
}

std::string InventoryDocument(std::uint64_t item) {
  Builder builder;
  builder.Text("_id", std::to_string(item));
  builder.Text("warehouse_id", Warehouse(item));
  builder.Text("sku", std::to_string(item));
  builder.Text("product_id", std::to_string(item / 4));
  builder.Text("brand", std::to_string(item % 1000));
  builder.Text("category", std::to_string(item % 200));
  builder.Text("department", std::to_string(item % 10));
  builder.Integer("on_hand", ValueType::kInt32, kOpeningStock);
  return builder.Bson();
}

}  // namespace stock_rmw_1
