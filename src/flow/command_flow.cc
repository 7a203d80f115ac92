#include "flow/command_flow.h"

#include "base/digest.h"
#include "base/overloaded.h"
#include "domain/alert/silence_record.h"
#include "domain/event/alert_id.h"
#include "flow/listing.h"
#include "flow/publish.h"
#include "flow/timeline.h"
#include "flow/why.h"

namespace stockwatch::flow {
namespace {

using base::Code;
using base::Error;
using base::Status;
using Condition = alert::EpisodeBook::Condition;

}  // namespace

base::Result<Commanded> CommandFlow::Take(const event::Command& command) {
  SW_TRY_STATUS(event::ValidateCommand(command));
  const base::Sha256Bytes says = base::Sha256Of(event::CanonicalText(command));
  if (const auto said = memory_.Find(command.key)) {
    if (*said == says) return Commanded::kRepeated;
    return Error{Code::kAlreadyExists,
                 "another command was given under the key \"" + command.key + "\""};
  }
  SW_TRY_STATUS(memory_.CheckRoom());
  std::string before = SubjectJson(command.body);
  SW_TRY_STATUS(Do(command));
  memory_.Add(command.key, says, state_.engine_time, state_.batch);
  if (const event::AlertId* id = event::AlertOf(command.body)) {
    if (const auto episode = state_.episodes.Find(*id)) {
      NoteDeed(state_, *episode, command);
      state_.touched_episodes.push_back(*episode);
    }
  }
  Publish(state_, outcome_);
  Audit(command, std::move(before));
  return Commanded::kDone;
}

std::string CommandFlow::SubjectJson(const event::CommandBody& body) const {
  if (const event::AlertId* id = event::AlertOf(body)) {
    const auto episode = state_.episodes.Find(*id);
    return episode ? AlertJson(*episode) : std::string();
  }
  const auto* add = std::get_if<event::AddSilence>(&body);
  const std::string& id = add != nullptr ? add->silence.id : std::get<event::EndSilence>(body).id;
  for (const event::Silence& silence : state_.silences.all()) {
    if (silence.id != id) continue;
    std::string line = SilenceLine(silence, state_.engine_time);
    line.pop_back();
    return line;
  }
  return {};
}

std::string CommandFlow::AlertJson(alert::EpisodeIndex index) const {
  const alert::Episode& episode = state_.episodes.at(index);
  std::string text;
  base::JsonWriter json(text);
  json.BeginObject().Key("state").String(alert::Name(episode.state));
  json.Key("transitions").Unsigned(episode.transitions);
  json.Key("notes");
  WriteNotes(state_.episodes.FindNotes(index), json);
  json.EndObject();
  return text;
}

void CommandFlow::Audit(const event::Command& command, std::string before) {
  const event::AlertId* id = event::AlertOf(command.body);
  std::string kind = id != nullptr ? "alert." : "silence.";
  std::string subject;
  if (id != nullptr) {
    kind += event::Name(command.body);
    subject = event::AlertIdText(*id);
  } else if (const auto* add = std::get_if<event::AddSilence>(&command.body)) {
    kind += "add";
    subject = add->silence.id;
  } else {
    kind += "end";
    subject = std::get<event::EndSilence>(command.body).id;
  }
  state_.audit.Append(state_.engine_time, {command.principal, command.origin, command.reason},
                      std::move(kind), std::move(subject), std::move(before),
                      SubjectJson(command.body));
}

Status CommandFlow::Do(const event::Command& command) {
  if (const auto* add = std::get_if<event::AddSilence>(&command.body)) {
    return AddSilence(add->silence, command);
  }
  if (const auto* end = std::get_if<event::EndSilence>(&command.body)) return EndSilence(end->id);
  return DoToAlert(command.body, {state_.now(), state_.engine_time, command.author, command.seen});
}

Status CommandFlow::DoToAlert(const event::CommandBody& body, const alert::Deed& deed) {
  alert::EpisodeBook& book = state_.episodes;
  return std::visit(
      base::Overloaded{
          [&](const event::Acknowledge& c) { return book.Acknowledge(c.alert, deed, outcome_); },
          [&](const event::Unacknowledge& c) {
            return book.Unacknowledge(c.alert, deed, outcome_);
          },
          [&](const event::Snooze& c) { return book.Snooze(c.alert, c.until, deed); },
          [&](const event::Unsnooze& c) { return book.Unsnooze(c.alert, deed, outcome_); },
          [&](const event::Resolve& c) {
            const auto episode = book.Find(c.alert);
            const Condition condition =
                episode ? ConditionOf(book.at(*episode)) : Condition::kDoesNot;
            return book.ResolveManually(c.alert, condition, deed, outcome_);
          },
          [&](const event::Comment& c) { return book.Comment(c.alert, c.text, deed); },
          [&](const event::Assign& c) { return book.Assign(c.alert, c.assignee, deed); },
          [](const auto&) { return Status(Error{Code::kInvalidArgument, "not about an alert"}); }},
      body);
}

alert::ConditionMask CommandFlow::HoldsNow(alert::Subject subject) const {
  switch (subject.kind) {
    case alert::Subject::Kind::kItem:
      return judges_.items.HoldsNow(subject.index);
    case alert::Subject::Kind::kNode:
      return judges_.nodes.HoldsNow(subject.index);
    case alert::Subject::Kind::kComponent:
      return judges_.components.HoldsNow();
  }
  return 0;
}

Condition CommandFlow::ConditionOf(const alert::Episode& episode) {
  if (!episode.active()) return Condition::kDoesNot;
  const bool holds = (HoldsNow(episode.subject) & alert::Bit(episode.type)) != 0;
  return holds ? Condition::kHolds : Condition::kDoesNot;
}

Status CommandFlow::AddSilence(event::Silence silence, const event::Command& command) {
  silence.author = command.author;
  silence.reason = command.reason;
  if (silence.until <= state_.engine_time) {
    return Error{Code::kInvalidArgument, "field \"until\" has passed"};
  }
  std::string record;
  alert::EncodeSilence(silence, record);
  const std::string id = silence.id;
  SW_TRY_STATUS(state_.silences.Add(std::move(silence)));
  state_.batch.Put(ports::Family::kSilence, id, record);
  state_.episodes.SilencesChanged(state_.now(), outcome_);
  return {};
}

Status CommandFlow::EndSilence(std::string_view id) {
  if (!state_.silences.End(id)) {
    return Error{Code::kNotFound, "no such silence, or it has ended: " + std::string(id)};
  }
  state_.batch.Remove(ports::Family::kSilence, id);
  state_.episodes.SilencesChanged(state_.now(), outcome_);
  return {};
}

void CommandFlow::OnEngineTime() {
  memory_.Forget(state_.engine_time, state_.batch);
  state_.silences.Expire(state_.engine_time, [&](const std::string& id) {
    state_.batch.Remove(ports::Family::kSilence, id);
  });
  state_.episodes.MoveEngineTime(state_.engine_time, state_.now(), outcome_);
  Publish(state_, outcome_);
}

Status CommandFlow::RestoreSilence(std::string_view record) {
  SW_TRY(event::Silence silence, alert::DecodeSilence(record));
  return state_.silences.Add(std::move(silence));
}

}  // namespace stockwatch::flow
