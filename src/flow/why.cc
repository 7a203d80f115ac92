#include "flow/why.h"

#include "domain/event/alert_id.h"
#include "flow/basis.h"
#include "flow/held_back.h"
#include "flow/item_moment.h"
#include "flow/listing.h"
#include "flow/rule_json.h"

namespace stockwatch::flow {
namespace {

using alert::Episode;
using alert::EpisodeRecord;
using base::JsonWriter;
using event::ConditionType;

constexpr int kDecimals = base::Quantity::kFormat.decimals;

void WriteOptionalTime(JsonWriter& json, std::string_view key,
                       const std::optional<base::Instant>& time) {
  json.Key(key);
  time ? json.Time(*time) : json.Null();
}

void WriteVersion(const threshold::RuleVersion& version, JsonWriter& json) {
  json.BeginObject().Key("id").String(version.rule.id);
  json.Key("version").Unsigned(version.version);
  json.Key("rule").Raw(RuleJson(version.rule)).EndObject();
}

void WriteHeldBack(const State& state, alert::EpisodeIndex index, JsonWriter& json) {
  const alert::HeldBack held = state.episodes.HeldBackBy(index);
  json.BeginObject().Key("muted_by");
  if (held.muted_by) {
    const Episode& stronger = state.episodes.at(*held.muted_by);
    json.BeginObject().Key("id").String(event::AlertIdText(stronger.id));
    json.Key("type").String(event::Name(stronger.type)).EndObject();
  } else {
    json.Null();
  }
  WriteOptionalTime(json, "snoozed_until", held.snoozed_until);
  json.Key("silenced_by");
  held.silenced_by != nullptr ? json.String(held.silenced_by->id) : json.Null();
  json.Key("flapping").Bool(state.episodes.at(index).flapping).EndObject();
}

void WriteFact(std::uint32_t number, const alert::Fact& fact, JsonWriter& json) {
  json.BeginObject().Key("number").Unsigned(number);
  json.Key("kind").String(alert::Name(fact.kind));
  json.Key("what").String(alert::WhatName(fact));
  json.Key("at").Time(fact.at);
  json.Key("engine_at").Time(fact.engine_at);
  if (fact.kind == alert::FactKind::kTransition) {
    json.Key("value").Decimal(fact.compared.value, kDecimals);
    json.Key("threshold").Decimal(fact.compared.threshold, kDecimals);
    json.Key("place").String(fact.place);
  }
  if (!fact.rule_id.empty()) {
    json.Key("rule").BeginObject().Key("id").String(fact.rule_id);
    json.Key("version").Unsigned(fact.rule_version).EndObject();
  }
  if (!fact.by.empty()) json.Key("by").String(fact.by);
  if (!fact.text.empty()) json.Key("text").String(fact.text);
  if (fact.basis) {
    json.Key("basis");
    WriteBasis(*fact.basis, json);
  }
  json.EndObject();
}

// How the last alert ended: recorded when it did.
void WriteEnded(const std::optional<EpisodeRecord>& ended, JsonWriter& json) {
  json.Key("last_ended");
  if (!ended) {
    json.Null();
    return;
  }
  json.BeginObject().Key("id").String(event::AlertIdText(ended->id));
  json.Key("state").String(alert::Name(ended->state));
  json.Key("opened_at").Time(ended->opened_at);
  json.Key("resolved_at").Time(ended->resolved_at);
  json.Key("cause").String(alert::Name(ended->cause));
  json.Key("value").Decimal(ended->value, kDecimals);
  json.Key("threshold").Decimal(ended->threshold, kDecimals).EndObject();
}

bool RunsOut(ConditionType type) {
  return type <= ConditionType::kProjectedStockout;
}

std::string_view Because(const State& state, key::ItemIndex index, ConditionType type,
                         const alert::Verdict& verdict) {
  const stock::Item& item = state.ledger.at(index);
  const alert::Subject subject = alert::Subject::OfItem(index);
  if (state.episodes.Active(subject, type)) return "open";
  if (state.episodes.OpensAt(subject, type)) return "pending";
  if (item.life == stock::Life::kRetired) return "retired";
  if (item.life != stock::Life::kOpened) return "unopened";
  if (type == ConditionType::kDrift) return "not_judged_by_figures";
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  if (!thresholds.enabled && type != ConditionType::kNegativeStock) return "disabled";
  if (item.discontinued && RunsOut(type)) return "discontinued";
  if ((verdict.off & alert::Bit(type)) != 0) return "no_threshold";
  return (verdict.clears & alert::Bit(type)) != 0 ? "does_not_hold" : "inside_margin";
}

}  // namespace

void WriteNotes(const alert::Notes* notes, JsonWriter& json) {
  if (notes == nullptr) {
    json.Null();
    return;
  }
  json.BeginObject().Key("acknowledged_by");
  const bool acknowledged = !notes->acknowledged_by.empty();
  acknowledged ? json.String(notes->acknowledged_by) : json.Null();
  json.Key("acknowledged_at");
  acknowledged ? json.Time(notes->acknowledged_at) : json.Null();
  json.Key("assignee");
  notes->assignee.empty() ? json.Null() : json.String(notes->assignee);
  WriteOptionalTime(json, "snoozed_until", notes->snoozed_until);
  json.Key("comments").BeginArray();
  for (const alert::Remark& remark : notes->comments) {
    json.BeginObject().Key("at").Time(remark.at);
    json.Key("author").String(remark.author);
    json.Key("text").String(remark.text).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteWhy(const State& state, const EpisodeRecord& episode, const Beside& beside,
              JsonWriter& json) {
  std::string line = AlertLine(episode);
  line.pop_back();
  json.Key("alert").Raw(line);
  json.Key("transitions").Unsigned(episode.transitions);
  WriteTelling(state, episode, json);
  json.Key("rule");
  const threshold::VersionIndex version =
      episode.origin ? state.rules.Find(episode.origin->rule_id, episode.origin->version)
                     : threshold::kNoVersion;
  if (version == threshold::kNoVersion) {
    json.Null();
  } else {
    WriteVersion(state.rules.Version(version), json);
  }
  json.Key("held_back");
  const auto index = state.episodes.Find(episode.id);
  if (index && alert::IsActive(episode.state)) {
    WriteHeldBack(state, *index, json);
  } else {
    json.Null();
  }
  json.Key("notes");
  WriteNotes(episode.notes ? &*episode.notes : nullptr, json);
  json.Key("closes_at");
  if (episode.state == alert::State::kResolved && beside.reopen_window) {
    json.Time(episode.resolved_at + *beside.reopen_window);
  } else {
    json.Null();
  }
  json.Key("facts").Unsigned(episode.timeline.size());
  json.Key("timeline").BeginArray();
  episode.timeline.ForEach(
      [&](std::uint32_t number, const alert::Fact& fact) { WriteFact(number, fact, json); });
  json.EndArray().Key("deliveries").BeginArray();
  for (const Told& one : beside.told) WriteTold(one, json);
  json.EndArray();
}

void WriteWhyNot(const State& state, key::ItemIndex index, ConditionType type,
                 const std::optional<EpisodeRecord>& ended, JsonWriter& json) {
  const stock::Item& item = state.ledger.at(index);
  threshold::Bounds dynamic;
  const alert::ItemMoment moment = MomentOf(state, index, state.now(), dynamic);
  const alert::Verdict verdict = alert::JudgeItem(moment);
  const alert::Subject subject = alert::Subject::OfItem(index);
  json.Key("type").String(event::Name(type));
  json.Key("because").String(Because(state, index, type, verdict));
  json.Key("alert");
  if (const auto active = state.episodes.Active(subject, type)) {
    json.BeginObject().Key("id").String(event::AlertIdText(state.episodes.at(*active).id));
    json.Key("state").String(alert::Name(state.episodes.at(*active).state));
    WriteTelling(state, EpisodeRecordOf(state, *active), json);
    json.Key("held_back");
    WriteHeldBack(state, *active, json);
    json.EndObject();
  } else {
    json.Null();
  }
  WriteOptionalTime(json, "opens_at", state.episodes.OpensAt(subject, type));
  const bool judged = (verdict.off & alert::Bit(type)) == 0 && item.life == stock::Life::kOpened;
  const auto compared = judged ? alert::CompareItem(moment, type) : std::nullopt;
  json.Key("value");
  compared ? json.Decimal(compared->value, kDecimals) : json.Null();
  json.Key("threshold");
  compared ? json.Decimal(compared->threshold, kDecimals) : json.Null();
  json.Key("rule");
  const threshold::VersionIndex origin = OriginOf(moment, type);
  if (origin == threshold::kNoVersion) {
    json.Null();
  } else {
    WriteVersion(state.rules.Version(origin), json);
  }
  WriteEnded(ended, json);
}

}  // namespace stockwatch::flow
