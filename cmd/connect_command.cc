#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <utility>

#include "adapters/file_positions/file_position.h"
#include "adapters/mongo_source/connection.h"
#include "adapters/mongo_source/position_collection.h"
#include "app/connect.h"
#include "app/field_keys.h"
#include "app/mongo.h"
#include "app/parts.h"
#include "commands.h"
#include "settings_flag.h"
#include "signals.h"

namespace stockwatch::cmd {
namespace {

using base::Code;
using base::Error;

// How long a process that ends waits for the collection of places; that of the source comes on top.
constexpr std::chrono::milliseconds kPlacePatience{500};

// Where the place is kept, and what that needs.
struct Positions {
  std::unique_ptr<mongo_source::Connection> connection;  // before the store: it outlives it
  std::unique_ptr<ports::PositionStore> store;
};

std::string MachineName() {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  return host;
}

// Of this process alone.
std::string HolderName() {
  return MachineName() + ":" + std::to_string(getpid()) + ":" +
         std::to_string(std::random_device{}());
}

// `leaves`: whether the process is to end; then a collection that does not answer holds nobody up.
base::Result<Positions> OpenPositions(const ConnectFlags& flags, const mongo_source::Options& mongo,
                                      std::function<bool()> leaves) {
  Positions positions;
  if (!flags.position_collection) {
    const std::string path = flags.position.empty() ? flags.to + ".position" : flags.position;
    positions.store = std::make_unique<file_positions::FilePosition>(path);
    return positions;
  }
  const std::string& where = *flags.position_collection;
  const std::size_t dot = where.find('.');
  if (dot == 0 || dot == std::string::npos || dot + 1 == where.size()) {
    return Error{
        Code::kInvalidArgument,
        "--position-collection: names a database and a collection, DB.COLLECTION: " + where};
  }
  mongo_source::Options options = mongo;
  options.database = where.substr(0, dot);
  options.primary = true;
  auto farewell = std::make_shared<mongo_source::Farewell>(kPlacePatience, std::move(leaves));
  SW_TRY(positions.connection, mongo_source::Connection::Open(options, std::move(farewell)));
  positions.store = std::make_unique<mongo_source::PositionCollection>(
      positions.connection->link(),
      mongo_source::PositionCollection::Options{where.substr(dot + 1), flags.name, HolderName(),
                                                base::Duration::Seconds(flags.lease_seconds)});
  return positions;
}

base::Status Connect(const ConnectFlags& flags, const config::Settings& settings,
                     const Signals& signals, app::Log& log) {
  if (app::KindOf(flags.source) != app::SourceKind::kMongo) {
    return Error{Code::kInvalidArgument, "--source: mongo or a mongodb:// URI: " + flags.source};
  }
  SW_TRY(const mongo_source::Options mongo, app::MongoOptionsFrom(settings, flags.source));
  SW_TRY(auto seal, app::FieldSeal(settings));
  const decode::Decoder decoder(settings.decode, std::move(seal));
  bool told = false;  // to stop: a signal is told once
  mongo_source::MongoSource* reader = nullptr;
  const auto stops = [&] {
    told = told || signals.Taken() == app::Wish::kStop;
    if (told && reader != nullptr) reader->BeginStop();
    return told;
  };
  SW_TRY(const auto source, mongo_source::MongoSource::Open(mongo, app::TellerTo(log)));
  reader = source.get();
  // Ends before the source, which is asked to stop while the place is given back.
  SW_TRY(const Positions positions, OpenPositions(flags, mongo, stops));
  SW_TRY(const auto file, change_file::ChangeFile::Open(flags.to));
  app::Connector::Options options;
  options.file = MachineName() + ":" + std::filesystem::absolute(flags.to).string();
  options.heartbeat = mongo.heartbeat_log;
  options.beat = [&] { return app::BeatOf(*source); };
  return app::RunConnector({*source, *file, *positions.store, decoder, log}, options, flags.standby,
                           stops);
}

}  // namespace

ExitCode RunConnect(const ConnectFlags& flags) {
  const Signals signals;
  const auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  app::LogOptions log_options;
  if (isatty(STDERR_FILENO) == 1) log_options.format = app::LogFormat::kText;
  app::Log log(log_options, WallTime);
  const base::Status ended = Connect(flags, *settings, signals, log);
  if (ended.ok()) return ExitCode::kDone;
  log.Write(app::LogLevel::kError, "failed", ended.error().message);
  return ended.error().code == Code::kInvalidArgument ? ExitCode::kUsage : ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
