#include "run.h"

#include <cstdio>

#include "base/json_writer.h"

namespace stock_rmw_1 {
namespace {

using stockwatch::base::JsonWriter;

std::string Fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

const char* Name(Skew skew) {
  switch (skew) {
    case Skew::kUniform:
      return "uniform";
    case Skew::k8020:
      return "80-20";
    case Skew::kZipf:
      return "zipf";
  }
  return "";
}

const char* Name(Durability durability) {
  switch (durability) {
    case Durability::kD0:
      return "d0";
    case Durability::kD1:
      return "d1";
    case Durability::kD2:
      return "d2";
  }
  return "";
}

void Write(JsonWriter& json, std::string_view key, std::optional<double> value, int decimals) {
  json.Key(key);
  value ? json.Raw(Fixed(*value, decimals)) : json.Null();
}

void Write(JsonWriter& json, std::string_view key, const std::optional<Latency>& latency) {
  json.Key(key);
  if (!latency) {
    json.Null();
    return;
  }
  json.BeginObject();
  Write(json, "p50_ms", latency->p50_ms, 3);
  Write(json, "p99_ms", latency->p99_ms, 3);
  Write(json, "p999_ms", latency->p999_ms, 3);
  json.EndObject();
}

std::string Text(const char* name, const std::optional<Latency>& latency) {
  if (!latency) return {};
  return std::string("arrival to commit at ") + name + " of that rate: p50 " +
         Fixed(latency->p50_ms, 1) + " ms, p99 " + Fixed(latency->p99_ms, 1) + " ms, p99.9 " +
         Fixed(latency->p999_ms, 1) + " ms\n";
}

}  // namespace

std::string Figures::Json() const {
  std::string out;
  JsonWriter json(out);
  const Job& job = setup.job;
  const auto events = static_cast<double>(job.events);
  json.BeginObject();
  json.Key("job").String("stock-rmw-1");
  json.Key("events").Unsigned(job.events);
  json.Key("items").Unsigned(job.items);
  json.Key("skew").String(Name(job.skew));
  json.Key("durability").String(Name(setup.durability));
  json.Key("batch").Unsigned(setup.batch);
  Write(json, "events_per_second", events / seconds, 0);
  Write(json, "core_events_per_second", events / core_seconds, 0);
  Write(json, "decode_ns", decode_seconds / events * 1e9, 0);
  Write(json, "core_ns", core_seconds / events * 1e9, 0);
  Write(json, "images_ns", images_seconds / events * 1e9, 0);
  Write(json, "journal_ns", journal_seconds / events * 1e9, 0);
  Write(json, "background_cpu_ns", background_cpu_seconds / events * 1e9, 0);
  Write(json, "cpu_seconds_per_million", cpu_seconds / events * 1e6, 3);
  // Of the open loop at half the rate; without it those of a step.
  Write(json, "p50_ms", at_half ? at_half->p50_ms : step_p50_ms, 3);
  Write(json, "p99_ms", at_half ? at_half->p99_ms : step_p99_ms, 3);
  Write(json, "at_half", at_half);
  Write(json, "at_four_fifths", at_four_fifths);
  Write(json, "step_p50_ms", step_p50_ms, 3);
  Write(json, "step_p99_ms", step_p99_ms, 3);
  json.Key("rss_bytes").Unsigned(rss_bytes);
  Write(json, "bytes_per_item", bytes_per_item, 1);
  Write(json, "bytes_per_event", bytes_per_event, 1);
  json.Key("disk_bytes");
  disk_bytes ? json.Unsigned(*disk_bytes) : json.Null();
  Write(json, "recovery_seconds", recovery_seconds, 3);
  Write(json, "recovery_store_seconds", recovery_store_seconds, 3);
  json.Key("oracle").String(matches ? "match" : mismatch);
  json.EndObject();
  return out;
}

std::string Figures::Text() const {
  const Job& job = setup.job;
  const auto events = static_cast<double>(job.events);
  const auto ns = [&](double part) { return Fixed(part / events * 1e9, 0); };
  std::string text =
      "stock-rmw-1  " + std::to_string(job.events) + " events, " + std::to_string(job.items) +
      " items, " + Name(job.skew) + ", " + Name(setup.durability) + "\n" +
      Fixed(events / seconds / 1e6, 2) + " M events/s in all, " +
      Fixed(events / core_seconds / 1e6, 2) + " M events/s in the core\nns an event: decode " +
      ns(decode_seconds) + ", core " + ns(core_seconds) + ", images " + ns(images_seconds) +
      ", journal " + ns(journal_seconds) + "; background (CPU) " + ns(background_cpu_seconds) +
      "\n" + Fixed(cpu_seconds / events * 1e6, 2) + " CPU-seconds per million events\nstep of " +
      std::to_string(setup.batch) + ": p50 " + Fixed(step_p50_ms, 2) + " ms, p99 " +
      Fixed(step_p99_ms, 2) + " ms\n";
  text += stock_rmw_1::Text("half", at_half) + stock_rmw_1::Text("80 %", at_four_fifths);
  text += Fixed(static_cast<double>(rss_bytes) / 1e6, 0) + " MB resident, " +
          Fixed(bytes_per_item, 0) + " bytes an item before the first event\n";
  if (recovery_seconds) {
    text += Fixed(*bytes_per_event, 0) + " bytes written an event; the store takes " +
            Fixed(static_cast<double>(*disk_bytes) / 1e6, 0) + " MB; recovered in " +
            Fixed(*recovery_seconds, 2) + " s, " + Fixed(*recovery_store_seconds, 2) +
            " of them for the store\n";
  }
  return text + "oracle: " + (matches ? "match" : mismatch) + "\n";
}

}  // namespace stock_rmw_1
