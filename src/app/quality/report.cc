#include "app/quality/report.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/quality/hindsight.h"
#include "app/quality/informed.h"
#include "base/json_writer.h"

namespace stockwatch::quality {
namespace {

constexpr std::array<const char*, 6> kOrder{"smooth", "erratic",      "intermittent",
                                            "lumpy",  "unclassified", "all"};

constexpr double kPrecisionMin = 0.9;  // the mark

double Percent(const Share& share) {
  return 100.0 * static_cast<double>(share.part) / static_cast<double>(share.whole);
}

std::string Cell(const Share& share) {
  if (share.whole == 0) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.1f (%llu)", Percent(share),
                static_cast<unsigned long long>(share.whole));
  return text;
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void AppendRow(std::string& out, const char* name, const char* method, const Foresight& f) {
  char row[256];
  char hours[32] = "-";
  if (!f.hours.empty()) std::snprintf(hours, sizeof hours, "%.0f", Median(f.hours));
  std::snprintf(row, sizeof row, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", name, method,
                Cell(f.precision).c_str(), Cell(f.recall).c_str(),
                Cell(f.settled_precision).c_str(), Cell(f.settled_recall).c_str(), hours,
                Cell(f.coverage).c_str());
  out += row;
}

void WriteShare(base::JsonWriter& json, const char* name, const Share& share) {
  json.Key(name).BeginObject();
  json.Key("good").Unsigned(share.part);
  json.Key("of").Unsigned(share.whole);
  json.EndObject();
}

void WriteForesight(base::JsonWriter& json, const char* name, const Foresight& f) {
  json.Key(name).BeginObject();
  WriteShare(json, "precision", f.precision);
  WriteShare(json, "recall", f.recall);
  WriteShare(json, "precision_after_a_day", f.settled_precision);
  WriteShare(json, "recall_after_a_day", f.settled_recall);
  WriteShare(json, "coverage", f.coverage);
  json.Key("median_lead_hours");
  if (f.hours.empty()) {
    json.Null();
  } else {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", Median(f.hours));
    json.Raw(text);
  }
  json.EndObject();
}

}  // namespace

void Foresight::Add(const Foresight& other) {
  precision.Add(other.precision);
  recall.Add(other.recall);
  settled_precision.Add(other.settled_precision);
  settled_recall.Add(other.settled_recall);
  coverage.Add(other.coverage);
  hours.insert(hours.end(), other.hours.begin(), other.hours.end());
}

void Foresight::AddUnforeseen(const Foresight& other) {
  recall.whole += other.recall.whole;
  settled_recall.whole += other.settled_recall.whole;
}

void ClassReport::Add(const ClassReport& other) {
  items += other.items;
  out_recall.Add(other.out_recall);
  out_duplicates += other.out_duplicates;
  ours.Add(other.ours);
  naive.Add(other.naive);
  levels.insert(levels.end(), other.levels.begin(), other.levels.end());
}

void Report::Add(const Report& other) {
  for (const auto& [name, report] : other.classes) classes[name].Add(report);
  changes += other.changes;
  refused += other.refused;
}

std::string Report::Text() const {
  std::string out =
      "| class | items | out_of_stock: recall % (stock-outs) | duplicates |\n|---|---|---|---|\n";
  for (const char* name : kOrder) {
    const auto found = classes.find(name);
    if (found == classes.end()) continue;
    out.append("| ").append(name).append(" | ").append(std::to_string(found->second.items));
    out.append(" | ").append(Cell(found->second.out_recall)).append(" | ");
    out.append(std::to_string(found->second.out_duplicates)).append(" |\n");
  }
  out +=
      "\n| class | forecast | precision % (alerts) | recall % (stock-outs) | precision after a day "
      "with stock | recall after a day with stock | median lead, hours | coverage of the 80 % "
      "interval (moments) |\n|---|---|---|---|---|---|---|---|\n";
  for (const char* name : kOrder) {
    const auto found = classes.find(name);
    if (found == classes.end()) continue;
    AppendRow(out, name, "stockwatch", found->second.ours);
    AppendRow(out, name, "28-day mean", found->second.naive);
    AppendRow(out, name, "demand known, levels",
              InformedLevels(found->second.levels, kPrecisionMin));
    AppendRow(out, name, "best levels in hindsight",
              BestLevels(found->second.levels, kPrecisionMin));
  }
  return out;
}

std::string Report::Json() const {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  json.Key("changes").Unsigned(changes);
  json.Key("refused").Unsigned(refused);
  json.Key("classes").BeginObject();
  for (const auto& [name, report] : classes) {
    json.Key(name).BeginObject();
    json.Key("items").Unsigned(report.items);
    WriteShare(json, "out_of_stock_recall", report.out_recall);
    json.Key("out_of_stock_duplicates").Unsigned(report.out_duplicates);
    WriteForesight(json, "projected_stockout", report.ours);
    WriteForesight(json, "naive", report.naive);
    WriteForesight(json, "informed", InformedLevels(report.levels, kPrecisionMin));
    WriteForesight(json, "hindsight", BestLevels(report.levels, kPrecisionMin));
    json.EndObject();
  }
  json.EndObject();
  json.EndObject();
  return out;
}

}  // namespace stockwatch::quality
