#include "flow/listing.h"

#include <algorithm>
#include <tuple>

#include "base/json_writer.h"
#include "domain/alert/episode_record.h"
#include "domain/event/alert_id.h"
#include "flow/held_back.h"

namespace stockwatch::flow {
namespace {

using alert::EpisodeRecord;
using base::JsonWriter;

constexpr int kDecimals = base::Quantity::kFormat.decimals;

void WriteSubject(const EpisodeRecord& episode, JsonWriter& json) {
  json.Key("subject").BeginObject();
  if (const auto* item = std::get_if<alert::ItemSubject>(&episode.subject)) {
    json.Key("warehouse_id").String(item->warehouse);
    json.Key("sku").String(item->sku);
  } else if (const auto* component = std::get_if<alert::Component>(&episode.subject)) {
    json.Key(alert::Name(component->kind)).String(component->name);
  } else {
    const auto& node = std::get<alert::NodeSubject>(episode.subject);
    json.Key("tree").String(stock::Name(node.tree));
    json.Key("path").BeginArray();
    for (const std::string& name : node.path) json.String(name);
    json.EndArray();
  }
  json.EndObject();
}

void WriteRule(const EpisodeRecord& episode, JsonWriter& json) {
  json.Key("rule");
  if (!episode.origin) {
    json.Null();
    return;
  }
  json.BeginObject().Key("id").String(episode.origin->rule_id);
  json.Key("version").Unsigned(episode.origin->version).EndObject();
}

}  // namespace

std::string AlertLine(const EpisodeRecord& episode) {
  std::string line;
  JsonWriter json(line);
  const bool was_resolved = episode.resolved_at != base::Instant();
  json.BeginObject();
  json.Key("id").String(event::AlertIdText(episode.id));
  json.Key("type").String(event::Name(episode.type));
  json.Key("state").String(alert::Name(episode.state));
  json.Key("severity").String(event::Name(episode.severity));
  WriteSubject(episode, json);
  json.Key("opened_at").Time(episode.opened_at);
  json.Key("resolved_at");
  was_resolved && !alert::IsActive(episode.state) ? json.Time(episode.resolved_at) : json.Null();
  json.Key("reopened").Unsigned(episode.reopened);
  json.Key("value").Decimal(episode.value, kDecimals);
  json.Key("threshold").Decimal(episode.threshold, kDecimals);
  WriteRule(episode, json);
  json.Key("now").Decimal(episode.now, kDecimals);
  json.Key("worst").Decimal(episode.worst, kDecimals);
  json.Key("count").Unsigned(episode.count);
  json.Key("cause");
  was_resolved ? json.String(alert::Name(episode.cause)) : json.Null();
  json.EndObject();
  line += '\n';
  return line;
}

std::string AlertLine(const State& state, const EpisodeRecord& episode) {
  std::string line = AlertLine(episode);
  line.resize(line.size() - 2);  // "}\n"
  std::string telling;
  JsonWriter json(telling);
  json.BeginObject();
  WriteTelling(state, episode, json);
  json.EndObject();
  return line + "," + telling.substr(1) + "\n";
}

std::string SilenceLine(const event::Silence& silence, base::Instant engine_now) {
  std::string line;
  JsonWriter json(line);
  json.BeginObject().Key("id").String(silence.id);
  json.Key("state").String(silence.InForceAt(engine_now) ? "in_force" : "to_come");
  json.Key("scope").BeginObject();
  const event::RuleScope& scope = silence.scope;
  const std::pair<std::string_view, const std::string&> names[] = {
      {"warehouse_id", scope.warehouse_id}, {"department", scope.department},
      {"category", scope.category},         {"brand", scope.brand},
      {"product_id", scope.product_id},     {"sku", scope.sku}};
  for (const auto& [name, value] : names) {
    if (!value.empty()) json.Key(name).String(value);
  }
  json.EndObject().Key("types").BeginArray();
  for (const event::ConditionType type : silence.types) json.String(event::Name(type));
  json.EndArray();
  json.Key("from").Time(silence.from);
  json.Key("until").Time(silence.until);
  json.Key("author").String(silence.author);
  json.Key("reason").String(silence.reason);
  json.EndObject();
  line += '\n';
  return line;
}

base::Result<std::vector<EpisodeRecord>> ReadEpisodes(const State& state,
                                                      ports::StateStore& store) {
  std::vector<EpisodeRecord> episodes;
  base::Status decoded;
  SW_TRY_STATUS(
      store.ReadFamily(ports::Family::kEpisode, [&](std::string_view, std::string_view record) {
        auto episode = alert::DecodeEpisode(record);
        if (!episode.ok()) {
          decoded = episode.error();
        } else if (episode.value().state == alert::State::kClosed) {
          episodes.push_back(std::move(episode).value());
        }
      }));
  SW_TRY_STATUS(decoded);
  // The others have gone on since they were stored.
  state.episodes.ForEach([&](const alert::Episode& episode, const alert::Notes* notes) {
    episodes.push_back(EpisodeRecordOf(state, episode, notes));
  });
  std::sort(episodes.begin(), episodes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.opened_at, a.id) < std::tie(b.opened_at, b.id);
  });
  return episodes;
}

base::Status WriteAlerts(const State& state, ports::StateStore& store, const LineSink& sink) {
  SW_TRY(const auto episodes, ReadEpisodes(state, store));
  for (const EpisodeRecord& episode : episodes) sink(AlertLine(episode));
  return {};
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
