#include "flow/listing.h"

#include <algorithm>

#include "base/digest.h"
#include "base/json_writer.h"

namespace stockwatch::flow {
namespace {

using alert::Episode;
using base::JsonWriter;

constexpr int kDecimals = base::Quantity::kFormat.decimals;

void WriteSubject(const State& state, const Episode& episode, JsonWriter& json) {
  json.Key("subject").BeginObject();
  if (episode.subject.kind == alert::Subject::Kind::kItem) {
    json.Key("warehouse_id").String(episode.item.warehouse.text());
    json.Key("sku").String(episode.item.sku.text());
  } else {
    const stock::NodeIndex node = episode.subject.index;
    json.Key("tree").String(stock::Name(state.rollups.at(node).tree));
    json.Key("path").BeginArray();
    for (const std::string_view name : state.rollups.Path(node)) json.String(name);
    json.EndArray();
  }
  json.EndObject();
}

void WriteRule(const State& state, const Episode& episode, JsonWriter& json) {
  json.Key("rule");
  if (episode.origin == threshold::kNoVersion) {
    json.Null();
    return;
  }
  const threshold::RuleVersion& version = state.rules.Version(episode.origin);
  json.BeginObject().Key("id").String(version.rule.id);
  json.Key("version").Unsigned(version.version).EndObject();
}

std::string AlertLine(const State& state, const Episode& episode) {
  std::string line;
  JsonWriter json(line);
  const bool was_resolved = episode.resolved_at != base::Instant();
  json.BeginObject();
  json.Key("id").String(base::Hex(
      std::string_view(reinterpret_cast<const char*>(episode.id.data()), episode.id.size())));
  json.Key("type").String(event::Name(episode.type));
  json.Key("state").String(alert::Name(episode.state));
  json.Key("severity").String(event::Name(episode.severity));
  WriteSubject(state, episode, json);
  json.Key("opened_at").Time(episode.opened_at);
  json.Key("resolved_at");
  was_resolved && !episode.active() ? json.Time(episode.resolved_at) : json.Null();
  json.Key("reopened").Unsigned(episode.reopened);
  json.Key("value").Decimal(episode.value, kDecimals);
  json.Key("threshold").Decimal(episode.threshold, kDecimals);
  WriteRule(state, episode, json);
  json.Key("now").Decimal(episode.now, kDecimals);
  json.Key("worst").Decimal(episode.worst, kDecimals);
  json.Key("count").Unsigned(episode.count);
  json.Key("cause");
  was_resolved ? json.String(alert::Name(episode.cause)) : json.Null();
  json.EndObject();
  line += '\n';
  return line;
}

}  // namespace

void WriteAlerts(const State& state, const LineSink& sink) {
  std::vector<alert::EpisodeIndex> order(state.episodes.size());
  for (alert::EpisodeIndex i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](alert::EpisodeIndex a, alert::EpisodeIndex b) {
    const Episode& first = state.episodes.at(a);
    const Episode& second = state.episodes.at(b);
    if (first.opened_at != second.opened_at) return first.opened_at < second.opened_at;
    return first.id < second.id;
  });
  for (const alert::EpisodeIndex index : order) {
    sink(AlertLine(state, state.episodes.at(index)));
  }
}

std::string DeadLetterLine(const event::DeadLetter& letter) {
  std::string line;
  JsonWriter json(line);
  json.BeginObject();
  json.Key("id").String(letter.id);
  json.Key("reason").String(letter.reason);
  json.Key("stage").String(event::kStageNames[static_cast<std::size_t>(letter.stage)]);
  json.Key("position");
  if (letter.position) {
    json.BeginObject();
    json.Key("t").Unsigned(letter.position->seconds);
    json.Key("i").Unsigned(letter.position->increment);
    json.Key("n").Unsigned(letter.position->ordinal);
    json.EndObject();
  } else {
    json.Null();
  }
  json.Key("line");
  letter.line > 0 ? json.Unsigned(letter.line) : json.Null();
  json.Key("bytes_sha256").String(letter.bytes_sha256);
  json.Key("size").Unsigned(letter.size);
  json.Key("at");
  letter.at ? json.Time(*letter.at) : json.Null();
  json.Key("message").String(letter.message);
  json.EndObject();
  line += '\n';
  return line;
}

}  // namespace stockwatch::flow
