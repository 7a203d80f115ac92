#include "flow/canonical.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/digest.h"
#include "base/json_values.h"
#include "flow/planning.h"

namespace stockwatch::flow {
namespace {

using base::JsonWriter;
using base::WriteMoney;
using base::WriteQuantity;
using key::ItemIndex;

std::vector<ItemIndex> LivingItems(const State& state) {
  std::vector<ItemIndex> items;
  for (ItemIndex i = 0; i < state.ledger.size(); ++i) {
    if (IsLiving(state, i)) items.push_back(i);
  }
  std::sort(items.begin(), items.end(), [&](ItemIndex a, ItemIndex b) {
    return state.directory.Key(a) < state.directory.Key(b);
  });
  return items;
}

}  // namespace

bool IsLiving(const State& state, ItemIndex index) {
  const stock::Item& item = state.ledger.at(index);
  return item.group != stock::kNoSlab && item.life != stock::Life::kRetired;
}

void WriteItemMembers(const State& state, ItemIndex index, JsonWriter& json) {
  const stock::Item& item = state.ledger.at(index);
  const event::ItemKey key = state.directory.Key(index);
  const stock::Shown shown = state.ledger.ShownOf(item);
  static const stock::Description kNothing;
  const stock::Description* known = state.ledger.FindDescription(item);
  const stock::Description& description = known == nullptr ? kNothing : *known;
  json.Key("warehouse_id").String(key.warehouse.text());
  json.Key("sku").String(key.sku.text());
  json.Key("product_id").String(state.names.Text(item.product));
  json.Key("brand").String(state.names.Text(state.rollups.Brand(item.group)));
  json.Key("category").String(state.names.Text(state.rollups.Category(item.group)));
  json.Key("department").String(state.names.Text(state.rollups.Department(item.group)));
  json.Key("name");
  description.name.empty() ? json.Null() : json.String(description.name);
  WriteQuantity(json, "on_hand", shown.on_hand);
  WriteQuantity(json, "reserved", shown.reserved);
  WriteQuantity(json, "inbound", shown.inbound);
  WriteQuantity(json, "available", shown.available());
  json.Key("position").BeginObject();
  json.Key("t").Unsigned(item.top.seconds);
  json.Key("i").Unsigned(item.top.increment);
  json.Key("n").Unsigned(item.top.ordinal).EndObject();
  json.Key("status").String(item.discontinued ? "discontinued" : "active");
  json.Key("opened").Bool(item.life == stock::Life::kOpened);
  WriteMoney(json, "price", description.shown_price());
  WriteMoney(json, "cost", description.cost);
}

namespace {

void WriteItem(const State& state, ItemIndex index, std::string& line) {
  JsonWriter json(line);
  json.BeginObject();
  WriteItemMembers(state, index, json);
  json.EndObject();
  line += '\n';
}

// A node by its names; of products and SKUs the figures are added up here.
using Path = std::vector<std::string_view>;
using Nodes = std::map<Path, stock::Totals>;

Nodes NodesOf(const State& state, stock::Tree tree) {
  Nodes nodes;
  for (stock::NodeIndex i = 0; i < state.rollups.size(); ++i) {
    const stock::Node& node = state.rollups.at(i);
    if (node.tree == tree && node.totals.items > 0) nodes[state.rollups.Path(i)] = node.totals;
  }
  for (ItemIndex i = 0; i < state.ledger.size(); ++i) {
    if (!IsLiving(state, i)) continue;
    const stock::Item& item = state.ledger.at(i);
    const stock::Contribution contribution = ContributionOf(state, item);
    const stock::NodeIndex brand =
        tree == stock::Tree::kWarehouse ? item.group : state.rollups.at(item.group).twin;
    Path path = state.rollups.Path(brand);
    path.push_back(state.names.Text(item.product));
    nodes[path].Add(contribution);
    path.push_back(state.directory.Key(i).sku.text());
    nodes[path].Add(contribution);
  }
  return nodes;
}

}  // namespace

void WriteNodeMembers(stock::Tree tree, const std::vector<std::string_view>& path,
                      const stock::Totals& totals, JsonWriter& json) {
  json.Key("tree").String(stock::Name(tree));
  json.Key("path").BeginArray();
  for (const std::string_view name : path) json.String(name);
  json.EndArray();
  json.Key("items").Integer(totals.items);
  WriteQuantity(json, "on_hand", totals.on_hand);
  WriteQuantity(json, "available", totals.available());
  json.Key("unopened").Integer(totals.unopened);
  json.Key("out_of_stock").Integer(totals.out_of_stock);
  json.Key("critical").Integer(totals.critical);
  json.Key("low").Integer(totals.low);
  json.Key("over").Integer(totals.over);
  WriteQuantity(json, "reserved", totals.reserved);
  WriteQuantity(json, "inbound", totals.inbound);
  json.Key("value").BeginObject();
  for (const stock::Totals::Value& value : totals.values) {
    json.Key(value.currency.text()).Decimal(value.ten_thousandths, base::Money::kFormat.decimals);
  }
  json.EndObject();
  json.Key("not_valued").Integer(totals.not_valued);
}

namespace {

void WriteNode(stock::Tree tree, const Path& path, const stock::Totals& totals, std::string& line) {
  JsonWriter json(line);
  json.BeginObject();
  WriteNodeMembers(tree, path, totals, json);
  json.EndObject();
  line += '\n';
}

}  // namespace

void WriteItems(const State& state, const LineSink& sink) {
  std::string line;
  for (const ItemIndex index : LivingItems(state)) {
    line.clear();
    WriteItem(state, index, line);
    sink(line);
  }
}

void WriteRollUps(const State& state, const LineSink& sink) {
  std::string line;
  for (const stock::Tree tree : {stock::Tree::kGlobal, stock::Tree::kWarehouse}) {
    for (const auto& [path, totals] : NodesOf(state, tree)) {
      line.clear();
      WriteNode(tree, path, totals, line);
      sink(line);
    }
  }
}

namespace {

std::string DateOf(demand::Day day) {
  std::string text;
  base::AppendInstant(text, demand::BeginOf(day));
  return text.substr(0, text.find('T'));
}

std::string HourText(demand::Hour hour) {
  std::string text;
  base::AppendInstant(text, base::Instant::Seconds(hour * 3600));
  return text;
}

// The buckets first..last that are not empty, by their name.
template <typename Bucket, typename Sold, typename Name>
void WriteRing(std::string_view ring, Bucket first, Bucket last, const Sold& sold, const Name& name,
               JsonWriter& json) {
  json.Key(ring).BeginObject();
  for (Bucket bucket = first; bucket <= last; ++bucket) {
    const base::Quantity quantity = sold(bucket);
    if (quantity != base::Quantity()) WriteQuantity(json, name(bucket), quantity);
  }
  json.EndObject();
}

void WriteRings(const event::ItemKey& key, const demand::Rings& rings, std::string& line) {
  constexpr int kThursday = 3;  // the epoch's place in its week
  const demand::Day today = rings.day();
  const demand::Week week = demand::WeekOf(today);
  JsonWriter json(line);
  json.BeginObject();
  json.Key("warehouse_id").String(key.warehouse.text());
  json.Key("sku").String(key.sku.text());
  json.Key("first_sale").String(DateOf(rings.first_sale_day()));
  WriteRing(
      "hours", rings.hour() - demand::kHours, rings.hour(),
      [&](demand::Hour hour) { return rings.InHour(hour); }, HourText, json);
  WriteRing(
      "days", today - demand::kDays, today, [&](demand::Day day) { return rings.InDay(day); },
      DateOf, json);
  WriteRing(
      "weeks", week - demand::kWeeks, week, [&](demand::Week w) { return rings.InWeek(w); },
      [](demand::Week w) { return DateOf(w * 7 - kThursday); }, json);
  json.Key("without_stock").BeginArray();
  for (demand::Day day = std::max(today - demand::kDays, rings.first_sale_day()); day < today;
       ++day) {
    if (rings.EndedWithoutStock(day) && rings.InDay(day) == base::Quantity()) {
      json.String(DateOf(day));
    }
  }
  json.EndArray().EndObject();
  line += '\n';
}

}  // namespace

void WriteDemand(const State& state, const LineSink& sink) {
  std::string line;
  for (const ItemIndex index : LivingItems(state)) {
    const stock::Item& item = state.ledger.at(index);
    if (item.demand == stock::kNoSlab || !state.rings[item.demand].HasSale()) continue;
    line.clear();
    WriteRings(state.directory.Key(index), RingsNow(state, item), line);
    sink(line);
  }
}

std::string Digest(const State& state) {
  base::Sha256 digest;
  std::string header;
  JsonWriter json(header);
  json.BeginObject().Key("canonical").Integer(2).Key("source_time");
  state.source_time ? json.Time(*state.source_time) : json.Null();
  json.EndObject();
  header += '\n';
  digest.Update(header);
  const LineSink sink = [&](std::string_view line) { digest.Update(line); };
  WriteItems(state, sink);
  WriteRollUps(state, sink);
  WriteDemand(state, sink);
  return base::Hex(digest.Finish());
}

}  // namespace stockwatch::flow
