#include "app/look/history.h"

#include <algorithm>

#include "base/json_writer.h"
#include "domain/stock/fold.h"
#include "ports/change_source.h"

namespace stockwatch::look {
namespace {

using base::JsonWriter;

void WriteQuantity(JsonWriter& json, std::string_view key, base::Quantity quantity) {
  json.Key(key).Decimal(quantity.thousandths(), base::Quantity::kFormat.decimals);
}

base::Status CheckReaches(const std::vector<stock::HistoryRow>& rows, base::Instant at) {
  const auto begin = std::find_if(rows.begin(), rows.end(),
                                  [](const stock::HistoryRow& row) { return row.begins; });
  if (begin == rows.end()) return {};
  const base::Instant since = base::Instant::Seconds(begin->position.seconds);
  if (at >= since) return {};
  std::string message = "at: older changes are not kept one by one: the history begins at ";
  base::AppendInstant(message, since);
  return base::Error{base::Code::kNotFound, message};
}

}  // namespace

std::string HistoryRowLine(const stock::HistoryRow& row) {
  std::string line;
  JsonWriter json(line);
  json.BeginObject();
  json.Key("position").BeginObject();
  json.Key("t").Unsigned(row.position.seconds);
  json.Key("i").Unsigned(row.position.increment);
  json.Key("n").Unsigned(row.position.ordinal).EndObject();
  json.Key("type").String(stock::Name(row.kind));
  WriteQuantity(json, "quantity", row.stated.on_hand);
  json.Key("reference");
  row.reference.empty() ? json.Null() : json.String(row.reference);
  json.Key("occurred_at").Time(row.occurred_at);
  WriteQuantity(json, "on_hand", row.result);
  if (row.begins) json.Key("begins").Bool(true);
  if (ports::IsOfSnapshot(row.position)) json.Key("snapshot").Bool(true);
  json.EndObject();
  return line += '\n';
}

std::string FiguresLine(flow::State& state, key::ItemIndex item, const HistoryQuestion& question,
                        std::vector<stock::HistoryRow>& rows) {
  const auto keep = static_cast<std::uint32_t>(state.options.history_keep.micros() / 1'000'000);
  const stock::Folded folded = stock::Fold(rows, state.RulesOf(item), keep);
  std::string line;
  JsonWriter json(line);
  const bool there = folded.life == stock::Life::kOpened;
  json.BeginObject();
  json.Key("warehouse_id").String(question.warehouse_id);
  json.Key("sku").String(question.sku);
  json.Key("at").Time(*question.at);
  json.Key("state").String(there                                  ? "opened"
                           : folded.life == stock::Life::kRetired ? "retired"
                                                                  : "unopened");
  WriteQuantity(json, "on_hand", folded.sums.on_hand);
  WriteQuantity(json, "reserved", std::max(base::Quantity(), folded.sums.reserved));
  WriteQuantity(json, "inbound", folded.references.Shown(folded.sums.inbound));
  json.EndObject();
  return line += '\n';
}

base::Result<std::vector<stock::HistoryRow>> ReadHistory(flow::State& state,
                                                         const HistoryQuestion& question,
                                                         key::ItemIndex& item) {
  item = state.directory.Find({event::WarehouseIdView::Trusted(question.warehouse_id),
                               event::SkuView::Trusted(question.sku)});
  if (item == key::kNoItem) {
    return base::Error{base::Code::kNotFound,
                       "there is no item " + question.warehouse_id + "/" + question.sku};
  }
  auto& rows = state.ledger.ReadHistory(item);
  SW_TRY_STATUS(state.history.status());
  stock::SortByPosition(rows);
  if (question.at) {
    SW_TRY_STATUS(CheckReaches(rows, *question.at));
    std::erase_if(rows, [&](const stock::HistoryRow& row) {
      return base::Instant::Seconds(row.position.seconds) > *question.at;
    });
  }
  return std::vector<stock::HistoryRow>(rows.begin(), rows.end());
}

base::Status WriteHistory(flow::State& state, const HistoryQuestion& question,
                          const flow::LineSink& sink) {
  key::ItemIndex item = key::kNoItem;
  SW_TRY(auto rows, ReadHistory(state, question, item));
  if (question.at) {
    sink(FiguresLine(state, item, question, rows));
    return {};
  }
  for (const stock::HistoryRow& row : rows) sink(HistoryRowLine(row));
  return {};
}

}  // namespace stockwatch::look
