#include "ask.h"
#include "base/json_writer.h"
#include "base/percent.h"
#include "commands.h"

namespace stockwatch::cmd {
namespace {

const char* VerbOf(SourceAction action) {
  switch (action) {
    case SourceAction::kPause:
      return "pause";
    case SourceAction::kResume:
      return "resume";
    case SourceAction::kSnapshot:
      return "snapshot";
    default:
      return "seek";
  }
}

std::string BodyOf(const SourceFlags& flags) {
  std::string text;
  base::JsonWriter json(text);
  json.BeginObject();
  if (!flags.token.empty()) json.Key("token").String(flags.token);
  if (!flags.at.empty()) json.Key("at").String(flags.at);
  if (!flags.filter.empty()) json.Key("filter").Raw(flags.filter);
  json.EndObject();
  return text;
}

}  // namespace

ExitCode RunSource(const SourceFlags& flags) {
  const Server server{flags.server, flags.key_file};
  if (flags.action == SourceAction::kPosition) return Ended(Ask(server, "GET", "/api/v1/sources"));
  const std::string path = "/api/v1/sources/" + base::PercentEncoded(flags.id) + "/" +
                           VerbOf(flags.action) + WhyQuery(flags.reason);
  return Ended(Ask(server, "POST", path, BodyOf(flags)));
}

}  // namespace stockwatch::cmd
