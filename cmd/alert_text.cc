#include "alert_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "json_document.h"

namespace stockwatch::cmd {
namespace {

using Part = JsonDocument::Part;

constexpr std::size_t kIdDigits = 12;  // enough for `alerts why` and the others
constexpr std::size_t kColumns = 9;
using Row = std::array<std::string, kColumns>;

// "muted by 0123…", "snoozed by ann until …"
std::string HoldText(const Part& hold) {
  std::string text = hold["reason"].text();
  const bool muted = text == "muted";
  const std::string by = hold["by"].text();
  if (!by.empty()) text += " by " + (muted ? by.substr(0, kIdDigits) : by);
  if (hold["until"].there()) text += " until " + hold["until"].text();
  return text;
}

std::string HoldsText(const Part& holds) {
  std::string text;
  holds.ForEach([&](const Part& hold) {
    if (!text.empty()) text += ", ";
    text += HoldText(hold);
  });
  return text;
}

Row AlertRow(const Part& alert) {
  return {alert["id"].text().substr(0, kIdDigits),
          alert["state"].text(),
          alert["severity"].text(),
          alert["type"].text(),
          alert["subject"].text(),
          alert["now"].text(),
          alert["threshold"].text(),
          alert["opened_at"].text(),
          HoldsText(alert["held_back_by"])};
}

// A figure with its name where it is there: ", lead time 7".
void Add(std::string& text, std::string_view name, const Part& figure) {
  if (figure.there()) text.append(", ").append(name).append(" ").append(figure.text());
}

std::string BasisText(const Part& basis) {
  std::string text = basis["daily"].text() + " a day ± " + basis["deviation"].text() + " (" +
                     basis["pattern"].text() + ", " + basis["teaching_days"].text() + " days)";
  Add(text, "season", basis["season_factor"]);
  Add(text, "sold in a day", basis["sold_day"]);
  Add(text, "days of cover", basis["days_of_cover"]);
  if (basis["stockout_at"].there()) {
    text += ", runs out " + basis["stockout_at"].text() + " (" + basis["stockout_early"].text() +
            " to " + basis["stockout_late"].text() + ")";
  }
  Add(text, "receipt expected", basis["expected_receipt_at"]);
  Add(text, "lead time", basis["lead_time_days"]);
  Add(text, "±", basis["lead_time_sd_days"]);
  Add(text, "service level", basis["service_level"]);
  Add(text, "safety stock", basis["safety_stock"]);
  Add(text, "reorder point", basis["reorder_point"]);
  Add(text, "of the day before", basis["day_before"]);
  Add(text, "floor", basis["low_floor"]);
  Add(text, "ceiling", basis["low_ceiling"]);
  Add(text, "limited by", basis["limited_by"]);
  return text;
}

void AddRule(std::string& text, const Part& rule) {
  if (rule.there()) text += ", rule " + rule["id"].text() + " v" + rule["version"].text();
}

// What came about by figures; what people, rules or time did compared none.
bool HasCompared(const Part& fact) {
  const std::string what = fact["what"].text();
  return what == "opened" || what == "reopened" ||
         (what == "resolved" && fact["text"].text() == "cleared");
}

// What was foreseen has come: the item is out, and the cause "cleared" would say the contrary.
std::string CauseText(const Part& fact, std::string_view type) {
  const bool ran_out = type == "projected_stockout" && fact["what"].text() == "resolved" &&
                       fact["text"].text() == "cleared" && fact["value"].text() == "0";
  return ran_out ? "the item has run out" : fact["text"].text();
}

std::string FactText(const Part& fact, std::string_view type) {
  std::string text = fact["at"].text() + "  ";
  const std::string kind = fact["kind"].text();
  const bool transition = kind == "transition";
  if (!transition && kind != "done") text += kind == "told" ? "told: " : "held back: ";
  text += fact["what"].text();
  if (transition && HasCompared(fact)) {
    text += ": " + fact["value"].text() + " against " + fact["threshold"].text();
  }
  AddRule(text, fact["rule"]);
  if (fact["by"].there()) text += ", by " + fact["by"].text();
  const std::string rest = transition ? CauseText(fact, type) : fact["text"].text();
  if (!rest.empty()) text += ": " + rest;
  if (fact["basis"].there()) text += "\n      " + BasisText(fact["basis"]);
  return text;
}

std::string DeliveryText(const Part& delivery) {
  std::string text = delivery["destination"].text() + ": " + delivery["kind"].text() + " " +
                     delivery["state"].text();
  if (delivery["ended_at"].there()) text += " " + delivery["ended_at"].text();
  text += ", attempts " + delivery["attempts"].text();
  Add(text, "because", delivery["reason"]);
  Add(text, "again at", delivery["due"]);
  if (delivery["digest"].there()) text += ", in a digest " + delivery["digest.state"].text();
  return text;
}

// The whole id: `deliveries replay` wants it.
Row DeliveryRow(const Part& delivery) {
  const bool digest = delivery["kind"].text() == "digest";
  std::string course = "attempts " + delivery["attempts"].text();
  Add(course, "because", delivery["reason"]);
  Add(course, "again at", delivery["due"]);
  Add(course, "ended", delivery["ended_at"]);
  return {delivery["id"].text(),
          delivery["state"].text(),
          delivery["destination"].text(),
          delivery["kind"].text(),
          delivery["severity"].text(),
          digest ? "" : delivery["type"].text(),
          delivery["subject"].text(),
          delivery["at"].text(),
          course};
}

// A row for each line of JSON, below the heads of the columns.
base::Result<std::string> TableOf(const Row& heads, std::string_view lines,
                                  Row (*row_of)(const Part& line)) {
  std::vector<Row> rows{heads};
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    SW_TRY(const JsonDocument line, JsonDocument::Read(std::string(lines.substr(0, end))));
    rows.push_back(row_of(line.root()));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i) {
      line.append(row[i]).append(widths[i] - row[i].size() + 2, ' ');
    }
    table.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
  }
  return table;
}

}  // namespace

base::Result<std::string> AlertTable(std::string_view lines) {
  return TableOf(
      {"ID", "STATE", "SEVERITY", "TYPE", "SUBJECT", "NOW", "THRESHOLD", "SINCE", "HELD BACK"},
      lines, AlertRow);
}

base::Result<std::string> DeliveryTable(std::string_view lines) {
  return TableOf({"ID", "STATE", "DESTINATION", "KIND", "SEVERITY", "TYPE", "SUBJECT", "AT",
                  "WHAT BECAME OF IT"},
                 lines, DeliveryRow);
}

base::Result<std::string> WhyText(std::string answer) {
  SW_TRY(const JsonDocument document, JsonDocument::Read(std::move(answer)));
  const Part root = document.root();
  const Part alert = root["alert"];
  std::string text = alert["type"].text() + " of " + alert["subject"].text() + ": " +
                     alert["state"].text() + ", " + alert["severity"].text() + ", since " +
                     alert["opened_at"].text() + "\n";
  text += "  " + alert["value"].text() + " at opening, now " + alert["now"].text() + ", worst " +
          alert["worst"].text() + "; threshold " + alert["threshold"].text();
  AddRule(text, alert["rule"]);
  text += "\n  told: " + std::string(root["told"].text() == "true" ? "yes" : "nobody");
  const std::string holds = HoldsText(root["held_back_by"]);
  if (!holds.empty()) text += "; held back: " + holds;
  text += "\nWhat happened\n";
  const std::string type = alert["type"].text();
  root["timeline"].ForEach([&](const Part& fact) { text += "  " + FactText(fact, type) + "\n"; });
  text += "What became of its notices\n";
  bool any = false;
  root["deliveries"].ForEach([&](const Part& delivery) {
    any = true;
    text += "  " + DeliveryText(delivery) + "\n";
  });
  if (!any) text += "  there are none\n";
  return text;
}

}  // namespace stockwatch::cmd
