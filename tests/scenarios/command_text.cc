#include "command_text.h"

#include <map>
#include <stdexcept>

#include "flow/listing.h"
#include "scenario_file.h"

namespace stockwatch::scenario {
namespace {

using List = std::vector<std::string>;
using Fields = std::map<std::string, std::string>;

[[noreturn]] void Wrong(const std::string& what) {
  throw std::invalid_argument(what);
}

Fields FieldsOf(const List& words, std::size_t from) {
  Fields fields;
  for (std::size_t i = from; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (equals == std::string::npos) Wrong("no key=value: " + words[i]);
    fields[words[i].substr(0, equals)] = words[i].substr(equals + 1);
  }
  return fields;
}

base::Instant TimeOf(const Fields& fields, const std::string& key) {
  const auto found = fields.find(key);
  const auto time = found == fields.end() ? std::nullopt : ParseAxisTime(found->second);
  if (!time) Wrong("no time " + key + "=");
  return base::Instant::Seconds(*time);
}

event::ConditionType TypeOf(const std::string& name) {
  const auto type = event::ConditionTypeFromName(name);
  if (!type) Wrong("no condition: " + name);
  return *type;
}

// The latest alert of its kind.
event::AlertId AlertOf(const std::string& type, const std::string& item, const flow::State& state,
                       ports::StateStore& store) {
  std::optional<alert::EpisodeRecord> latest;
  const auto episodes = flow::ReadEpisodes(state, store);
  for (const alert::EpisodeRecord& episode : episodes.value()) {
    const auto* subject = std::get_if<alert::ItemSubject>(&episode.subject);
    if (subject == nullptr || subject->warehouse + "/" + subject->sku != item) continue;
    if (episode.type != TypeOf(type)) continue;
    if (!latest || latest->opened_at < episode.opened_at) latest = episode;
  }
  if (!latest) Wrong("there is no such alert");
  return latest->id;
}

event::CommandBody AlertBody(const List& words, const Fields& fields, const event::AlertId& id) {
  const std::string& verb = words[0];
  if (verb == "ack") return event::Acknowledge{id};
  if (verb == "unack") return event::Unacknowledge{id};
  if (verb == "snooze") return event::Snooze{id, TimeOf(fields, "until")};
  if (verb == "unsnooze") return event::Unsnooze{id};
  if (verb == "resolve") return event::Resolve{id};
  if (verb == "comment") return event::Comment{id, fields.at("text")};
  return event::Assign{id, fields.at("to")};
}

// silence S1 {warehouse_id: W1} types=low_stock until=10:00:00
event::Silence SilenceOf(std::string_view event, const flow::State& state) {
  const auto open = event.find('{');
  const auto close = event.find('}');
  if (open == std::string_view::npos || close == std::string_view::npos) {
    Wrong("silence without scope");
  }
  event::Silence silence;
  silence.id = Words(event)[1];
  const std::map<std::string, std::string*> levels{
      {"warehouse_id:", &silence.scope.warehouse_id}, {"department:", &silence.scope.department},
      {"category:", &silence.scope.category},         {"brand:", &silence.scope.brand},
      {"product_id:", &silence.scope.product_id},     {"sku:", &silence.scope.sku}};
  const List scope = Words(event.substr(open + 1, close - open - 1));
  for (std::size_t i = 0; i + 1 < scope.size(); i += 2) {
    *levels.at(scope[i]) = scope[i + 1].substr(0, scope[i + 1].find(','));
  }
  const Fields fields = FieldsOf(Words(event.substr(close + 1)), 0);
  if (fields.contains("types")) silence.types.push_back(TypeOf(fields.at("types")));
  silence.from = fields.contains("from") ? TimeOf(fields, "from") : state.engine_time;
  silence.until = TimeOf(fields, "until");
  return silence;
}

}  // namespace

std::optional<event::Command> CommandText::Of(std::string_view event, const flow::State& state,
                                              ports::StateStore& store) {
  const List words = Words(event);
  constexpr std::string_view kOfAlerts = " ack unack snooze unsnooze resolve comment assign ";
  const bool of_alert = kOfAlerts.find(" " + words.at(0) + " ") != std::string_view::npos;
  if (!of_alert && words[0] != "silence") return std::nullopt;
  event::Command command;
  command.key = "command-" + std::to_string(++commands_);
  command.author = command.principal = "anna";
  command.origin = "scenario";
  if (of_alert) {
    if (words.size() < 3) Wrong("no alert");
    const Fields fields = FieldsOf(words, 3);
    if (fields.contains("seen")) {
      command.seen = static_cast<std::uint32_t>(std::stoul(fields.at("seen")));
    }
    if (fields.contains("key")) command.key = fields.at("key");
    command.body = AlertBody(words, fields, AlertOf(words[1], words[2], state, store));
  } else if (words.size() == 3 && words[2] == "ends") {
    command.body = event::EndSilence{words[1]};
  } else {
    command.body = event::AddSilence{SilenceOf(event, state)};
  }
  return command;
}

std::string RefusalText(const base::Error& error) {
  switch (error.code) {
    case base::Code::kAborted:
    case base::Code::kAlreadyExists:
      return "refused 409";
    case base::Code::kNotFound:
      return "refused 404";
    case base::Code::kInvalidArgument:
      return "refused 400";
    default:
      return "refused: " + error.message;
  }
}

}  // namespace stockwatch::scenario
