#include <cstdio>

#include "adapters/mongo_source/connection.h"
#include "app/channels.h"
#include "app/field_keys.h"
#include "app/mongo.h"
#include "base/json_writer.h"
#include "commands.h"
#include "config/load.h"

namespace stockwatch::cmd {
namespace {

base::Status CheckMongo(const config::Settings& settings) {
  SW_TRY(const mongo_source::Options options, app::MongoOptionsFrom(settings, "mongo"));
  return mongo_source::Connection::Check(options);
}

// What settings name is read and judged here as at a start: keys, secrets, the URI of MongoDB.
std::vector<base::Error> CheckWhatIsNamed(const config::Settings& settings) {
  std::vector<base::Error> errors = app::CheckSecrets(settings);
  if (const auto seal = app::FieldSeal(settings); !seal.ok()) errors.push_back(seal.error());
  const config::MongoSettings& mongo = settings.source.mongo;
  if (!mongo.uri_file.empty() || !mongo.uri_env.empty()) {
    if (const auto good = CheckMongo(settings); !good.ok()) errors.push_back(good.error());
  }
  return errors;
}

}  // namespace

ExitCode RunCheck(const CheckFlags& flags) {
  std::string text;
  std::vector<base::Error> errors;
  std::size_t rules = 0;
  if (flags.config) {
    auto read = config::ReadSettingsFile(*flags.config);
    if (read.ok()) {
      text = std::move(read).value();
    } else {
      errors.push_back(read.error());
    }
  }
  if (errors.empty()) {
    config::Loaded loaded = config::Load(text);
    errors = std::move(loaded.errors);
    rules = loaded.settings.flow.rules.size();
    if (errors.empty()) errors = CheckWhatIsNamed(loaded.settings);
  }
  if (flags.output == Output::kJson) {
    std::string out;
    base::JsonWriter json(out);
    json.BeginObject().Key("ok").Bool(errors.empty()).Key("errors").BeginArray();
    for (const base::Error& error : errors) json.String(error.message);
    json.EndArray().EndObject();
    std::puts(out.c_str());
  } else {
    const char* path = flags.config ? flags.config->c_str() : "defaults";
    for (const base::Error& error : errors) {
      std::fprintf(stderr, "%s: %s\n", path, error.message.c_str());
    }
    if (errors.empty()) {
      std::printf("settings are good: %zu threshold rules\n", rules);
    } else {
      std::fprintf(stderr, "%zu mistake%s\n", errors.size(), errors.size() == 1 ? "" : "s");
    }
  }
  return errors.empty() ? ExitCode::kDone : ExitCode::kUsage;
}

}  // namespace stockwatch::cmd
