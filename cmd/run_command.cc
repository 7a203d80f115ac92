#include <unistd.h>

#include <ostream>

#include "adapters/console_notifier/patient_output.h"
#include "adapters/mongo_source/connection.h"
#include "app/channels.h"
#include "app/dispatcher.h"
#include "app/field_keys.h"
#include "app/live.h"
#include "app/mongo.h"
#include "app/parts.h"
#include "commands.h"
#include "config/load.h"
#include "secret.h"
#include "settings_flag.h"
#include "signals.h"

namespace stockwatch::cmd {
namespace {

using Source = decltype(app::LiveOptions::source);

// "shop", "-", MongoDB, or a file.
base::Result<Source> SourceFrom(const RunFlags& flags, const config::Settings& settings) {
  if (flags.standby && flags.source == "-") {
    return base::Error{base::Code::kInvalidArgument,
                       "--standby needs a source that can be read again, and standard input can "
                       "not: --source -"};
  }
  if (app::KindOf(flags.source) == app::SourceKind::kMongo) {
    SW_TRY(mongo_source::Options mongo, app::MongoOptionsFrom(settings, flags.source));
    SW_TRY_STATUS(mongo_source::Connection::Check(mongo));
    return Source(std::move(mongo));
  }
  if (flags.source != "shop") {
    file_source::Options file = app::FileOptionsFrom(settings.source, flags.source);
    file.follow = !flags.until_end || flags.source == "-";
    return Source(std::move(file));
  }
  shop::Options shop;
  shop.seed = flags.shop.seed;
  if (flags.shop.warehouses > 0) shop.warehouses = flags.shop.warehouses;
  if (flags.shop.items > 0) shop.items_per_warehouse = flags.shop.items;
  if (flags.shop.days > 0) shop.days = flags.shop.days;
  return Source(shop);
}

// Quiet: without those to the console.
base::Result<app::OpenChannels> Channels(const config::Settings& settings, bool quiet,
                                         std::ostream& console, const app::LinksUrl& links) {
  config::Settings some = settings;
  std::erase_if(some.channels, [&](const auto& entry) {
    return quiet && entry.second.type == config::ChannelType::kConsole;
  });
  if (quiet && some.channels.empty()) return app::OpenChannels();
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  return app::MakeChannels(some, console, terminal ? app::Colour::kAnsi : app::Colour::kNone,
                           links);
}

// Of the settings file as it is now; all of its mistakes in one message.
base::Result<std::vector<event::Rule>> RulesNow(const std::optional<std::string>& path) {
  std::string text;
  if (path) {
    SW_TRY(text, config::ReadSettingsFile(*path));
  }
  config::Loaded loaded = config::Load(text);
  if (loaded.ok()) return std::move(loaded.settings.flow.rules);
  std::string message = "the rules stay as they were";
  for (const base::Error& error : loaded.errors) message += "; " + error.message;
  return base::Error{base::Code::kInvalidArgument, message};
}

// Once, at the first start: on the console, or into a file that only its owner reads.
base::Status ShowSecret(const RunFlags& flags, const std::string& secret) {
  if (flags.key_file) return app::WriteSecretFile(*flags.key_file, secret);
  return PrintSecret(secret);
}

ExitCode Refused(app::Log& log, const base::Error& error, ExitCode code) {
  log.Write(app::LogLevel::kError, "refused", error.message);
  return code;
}

}  // namespace

ExitCode RunRun(const RunFlags& flags) {
  const Signals signals;
  auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  app::LogOptions log_options;
  if (isatty(STDERR_FILENO) == 1) log_options.format = app::LogFormat::kText;
  app::Log log(log_options, WallTime);
  app::LinksUrl links(settings->links_url);
  console_notifier::PatientOutput output(STDOUT_FILENO);
  std::ostream console(&output);
  auto channels = Channels(*settings, flags.quiet, console, links);
  if (!channels.ok()) return Refused(log, channels.error(), ExitCode::kUsage);
  settings->flow.destinations = channels.value().destinations;
  settings->flow.delivery.channels = channels.value().options;
  app::Dispatcher dispatcher(std::move(channels.value().channels));
  app::LiveOptions options;
  auto source = SourceFrom(flags, *settings);
  if (!source.ok()) return Refused(log, source.error(), ExitCode::kUsage);
  options.source = std::move(source).value();
  options.store.folder = flags.store;
  options.store.free_bytes_min = flags.free_bytes_min;
  options.decode = settings->decode;
  auto seal = app::FieldSeal(*settings);
  if (!seal.ok()) return Refused(log, seal.error(), ExitCode::kUsage);
  options.seal = std::move(seal).value();
  options.flow = settings->flow;
  options.http.port = flags.port;
  options.api = settings->api;
  options.source_id = settings->source.id;
  options.ahead_max = settings->source.ahead_max;
  options.show_secret = [&](const std::string& secret) { return ShowSecret(flags, secret); };
  options.listens = [&links](const std::string& address, std::uint16_t port) {
    links.Listens(address, port);
  };
  options.ends_with_source = flags.until_end;
  bool stopped = false;  // while it stood by
  if (flags.standby) {
    options.stands_by = [&] {
      stopped = signals.Taken() == app::Wish::kStop;
      return !stopped;
    };
  }
  options.pace = {flags.speed, flags.lead_days};
  auto live = app::Live::Open(std::move(options), &dispatcher, log);
  if (!live.ok() && stopped) return ExitCode::kDone;
  if (!live.ok()) return Refused(log, live.error(), ExitCode::kFailed);
  const auto rules = [&] { return RulesNow(flags.config); };
  const auto ended = live.value()->Run([&] { return signals.Taken(); }, rules);
  output.Stop();
  return ended.ok() ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
