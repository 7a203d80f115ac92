#include "app/live.h"

#include <thread>
#include <utility>

#include "adapters/http_server/http_server.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/system_clock/system_clock.h"
#include "adapters/system_entropy/system_entropy.h"
#include "app/api.h"
#include "app/health_pages.h"
#include "app/metrics_page.h"
#include "app/mongo.h"
#include "app/mongo_teller.h"
#include "app/parts.h"
#include "app/settler.h"
#include "app/standby.h"

namespace stockwatch::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdlePause{10};
constexpr milliseconds kStandbyPause{100};
constexpr std::chrono::seconds kMetricsPause{1};
// How long an engine whose source has failed goes on telling.
constexpr std::chrono::seconds kFarewell{2};
// How long an engine that ends waits for receivers' answers; what they answer later is asked again
// by the next one. As the timeout of a channel without a setting.
constexpr std::chrono::seconds kAnswersPatience{10};

struct OpenedSource {
  std::unique_ptr<ports::ChangeSource> source;
  mongo_source::MongoSource* mongo = nullptr;     // the same; nullptr: it is another kind
  const file_source::FileSource* file = nullptr;  // likewise
};

base::Result<OpenedSource> OpenSource(const LiveOptions& options, ports::Clock& clock, Log& log) {
  if (const auto* mongo = std::get_if<mongo_source::Options>(&options.source)) {
    SW_TRY(auto opened, mongo_source::MongoSource::Open(*mongo, TellerTo(log)));
    mongo_source::MongoSource* const pointer = opened.get();
    return OpenedSource{std::move(opened), pointer};
  }
  if (const auto* shop = std::get_if<shop::Options>(&options.source)) {
    SW_TRY_STATUS(shop->Validate());
    return OpenedSource{std::make_unique<shop_source::ShopSource>(*shop, options.pace, clock)};
  }
  auto lines = std::get<file_source::Options>(options.source);
  lines.tell = TellerTo(log);
  SW_TRY(auto file, file_source::FileSource::Open(std::move(lines)));
  const file_source::FileSource* const pointer = file.get();
  return OpenedSource{std::move(file), nullptr, pointer};
}

// A generated shop makes up its time, and mostly runs ahead.
base::Duration AheadMax(const LiveOptions& options) {
  return std::holds_alternative<shop::Options>(options.source) ? base::Duration()
                                                               : options.ahead_max;
}

}  // namespace

struct Live::Parts {
  Parts(LiveOptions the_options, Log& the_log) : options(std::move(the_options)), log(the_log) {}

  LiveOptions options;
  Log& log;
  system_clock::SystemClock clock;
  OpenedSource source;
  std::unique_ptr<Standby> standby;  // until the server of the engine listens
  std::unique_ptr<rocksdb_store::RocksdbStore> store;
  std::optional<flow::Pipeline> pipeline;
  Desk desk;
  Health health;
  std::optional<Api> api;
  std::unique_ptr<http_server::HttpServer> server;
  std::optional<Settler> settler;
  std::jthread serving;
  std::chrono::steady_clock::time_point metrics_at;
  std::uint64_t dead_letters_told = 0;
  std::uint64_t undeliverable_told = 0;
  std::uint64_t ahead_told = 0;
  bool told_ahead = false;            // that the source's own time is
  bool told_wall = false;             // that the wall clock is
  std::optional<MongoTeller> teller;  // of a MongoDB source

  base::Status OpenStore();
  base::Result<access::Key> AdminKey();
  base::Result<bool> Step();
  void Tell();
  void TellOfTime();
  void TellOfWall();
  void TellUndeliverable();
  void TellMetrics();
  void TellOfMongo(std::chrono::steady_clock::time_point now, std::string& metrics);
  void Reload(const Rules& reload);
  base::Status TellTheRest(const std::function<Wish()>& wish);
  void TellOfFailure();
  base::Status AwaitAnswers();
  base::Status Stop();
  base::Status Loop(const std::function<Wish()>& wish, const Rules& reload);
};

Live::Live(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Live::~Live() {
  parts_->desk.Close();
  if (parts_->server) parts_->server->Stop();
}

base::Result<std::unique_ptr<Live>> Live::Open(LiveOptions options, ports::Notifier* notifier,
                                               Log& log) {
  auto parts = std::make_unique<Parts>(std::move(options), log);
  Parts& p = *parts;
  SW_TRY(p.source, OpenSource(p.options, p.clock, log));
  SW_TRY_STATUS(p.OpenStore());
  p.pipeline.emplace(p.options.flow, p.options.decode,
                     flow::Pipeline::Parts{*p.source.source, *p.store, notifier, &p.clock,
                                           p.options.seal, AheadMax(p.options)},
                     p.source.mongo != nullptr ? EjsonWriter() : RedactingWriter(p.options.decode));
  SW_TRY_STATUS(p.pipeline->Start());
  config::SourceOptions lines;
  if (const auto* file = std::get_if<file_source::Options>(&p.options.source)) {
    lines.line_bytes_max = file->line_bytes_max;
    lines.depth_max = file->depth_max;
    lines.update_images = file->update_images == change_event::UpdateImages::kStored
                              ? event::Image::kExact
                              : event::Image::kLookup;
  }
  if (p.standby) p.options.http.port = p.standby->port();
  p.standby.reset();
  SW_TRY(p.server, http_server::HttpServer::Open(
                       p.options.http, [&p](const auto& request) { return p.api->Answer(request); },
                       [&p](const auto& request) { return AnswerHealth(p.health, request); }));
  if (p.options.listens) p.options.listens(p.options.http.address, p.server->port());
  // Not before it is sure that the engine runs: the key is shown once.
  SW_TRY(const access::Key admin, p.AdminKey());
  p.api.emplace(p.desk, admin,
                api::Engine{*p.pipeline, *p.store, p.options.store.folder, LineParser(lines),
                            p.options.api, p.options.source_id,
                            p.source.mongo != nullptr ? std::optional(ControlOf(*p.source.mongo))
                                                      : std::nullopt});
  if (p.source.mongo != nullptr) {
    p.teller.emplace(*p.source.mongo, std::get<mongo_source::Options>(p.options.source), log,
                     p.health);
  }
  const flow::State& state = p.pipeline->state();
  p.dead_letters_told = state.changes.dead_lettered;
  if (p.pipeline->delivery() != nullptr) {
    p.undeliverable_told = p.pipeline->delivery()->counts().dead_lettered;
  }
  log.Write(LogLevel::kInfo, "recovered", "the store is open",
            {{"store", p.options.store.folder},
             {"epoch", p.store->epoch()},
             {"records_replayed", p.store->recovery().records_replayed},
             {"bytes_torn", p.store->recovery().bytes_torn},
             {"items", state.directory.size()},
             {"changes_read", state.changes.read}});
  return std::unique_ptr<Live>(new Live(std::move(parts)));
}

// As a standby only when no other engine has it any more.
base::Status Live::Parts::OpenStore() {
  base::Status listens;
  if (options.stands_by) {
    options.store.waits_for = [&](const std::string& holder) {
      if (!standby) {
        auto opened = Standby::Open(options.http, log);
        if (!opened.ok()) {
          listens = std::move(opened).error();
          return false;
        }
        standby = std::move(opened).value();
      }
      standby->WaitFor(holder);
      std::this_thread::sleep_for(kStandbyPause);
      return options.stands_by();
    };
  }
  auto opened = rocksdb_store::RocksdbStore::Open(options.store);
  SW_TRY_STATUS(std::move(listens));
  SW_TRY(store, std::move(opened));
  if (!standby) return {};
  log.Write(LogLevel::kInfo, "took_over", "the store is this engine's now");
  // What was opened before may be another file by now.
  SW_TRY(source, OpenSource(options, clock, log));
  return {};
}

// Made at the first start, with the batch that the start stores.
base::Result<access::Key> Live::Parts::AdminKey() {
  SW_TRY(const auto known, ReadAdminKey(*store));
  if (known) return *known;
  system_entropy::SystemEntropy entropy;
  flow::State& state = pipeline->state();
  SW_TRY(access::Key made, MakeAdminKey({entropy,
                                         options.show_secret,
                                         state.engine_time,
                                         {"engine", "first start", {}},
                                         std::nullopt},
                                        state.audit, state.batch));
  SW_TRY_STATUS(pipeline->Stop());
  log.Write(LogLevel::kInfo, "admin_key_made", "every change by the API needs the admin key");
  return made;
}

std::uint16_t Live::port() const {
  return parts_->server->port();
}

// False: the source has ended.
base::Result<bool> Live::Parts::Step() {
  SW_TRY(const flow::Pipeline::Stepped stepped, pipeline->Step());
  Tell();
  desk.Answer();
  if (stepped == flow::Pipeline::Stepped::kWorked) return true;
  if (stepped == flow::Pipeline::Stepped::kEnded && options.ends_with_source) return false;
  desk.WaitForQuestion(kIdlePause);
  return true;
}

void Live::Parts::Tell() {
  const flow::ChangeCounts& changes = pipeline->state().changes;
  if (changes.dead_lettered > dead_letters_told) {
    log.Write(
        LogLevel::kWarning, "dead_lettered", "changes that cannot be taken were kept",
        {{"count", changes.dead_lettered - dead_letters_told}, {"total", changes.dead_lettered}});
    dead_letters_told = changes.dead_lettered;
  }
  TellOfTime();
  TellOfWall();
  TellUndeliverable();
  TellMetrics();
  if (source.file != nullptr) health.SetSource(source.file->trouble());
  // Last: the first step makes ready, unless something is known to be wrong with the source.
  health.Stepped(changes.read);
}

void Live::Parts::TellMetrics() {
  const auto now = std::chrono::steady_clock::now();
  if (now - metrics_at < kMetricsPause) return;
  metrics_at = now;
  std::string metrics = StandbyMetricsText(false) + CommitMetricsText(pipeline->commits()) +
                        ClockMetricsText(*pipeline->engine_time()) +
                        MetricsText(pipeline->state(), pipeline->delivery());
  if (source.mongo != nullptr) TellOfMongo(now, metrics);
  health.SetMetrics(std::move(metrics));
}

// Readiness knows nothing of it: the engine does what it should, the source does not.
void Live::Parts::TellOfTime() {
  const std::uint64_t refused = pipeline->refused_ahead();
  if (refused > ahead_told) {
    log.Write(LogLevel::kError, "source_ahead",
              "changes from further ahead of the clock than source.ahead_max are dead letters",
              {{"count", refused - ahead_told}});
    ahead_told = refused;
  }
  const bool ahead = pipeline->watermark_ahead();
  if (ahead && !told_ahead) {
    log.Write(LogLevel::kError, "source_ahead",
              "the source says that its time is further ahead of the clock than source.ahead_max: "
              "it is not followed");
  }
  told_ahead = ahead;
}

void Live::Parts::TellOfWall() {
  const std::int64_t seconds = pipeline->engine_time()->ahead().micros() / 1'000'000;
  const bool ahead = seconds > 0;
  if (ahead && !told_wall) {
    log.Write(
        LogLevel::kError, "clock_ahead",
        "the wall clock has leapt ahead: engine time follows it in an hour, or by clock adopt",
        {{"seconds", seconds}});
  }
  if (!ahead && told_wall) {
    log.Write(LogLevel::kInfo, "clock_agrees", "engine time and the wall clock agree again");
  }
  told_wall = ahead;
}

// What a receiver will never be told is told to whoever watches the log and the metrics.
void Live::Parts::TellUndeliverable() {
  if (pipeline->delivery() == nullptr) return;
  const std::uint64_t undeliverable = pipeline->delivery()->counts().dead_lettered;
  if (undeliverable > undeliverable_told) {
    log.Write(LogLevel::kError, "undeliverable", "notices were given up: deliveries list",
              {{"count", undeliverable - undeliverable_told}, {"total", undeliverable}});
  }
  undeliverable_told = undeliverable;  // less, where some are tried again
}

void Live::Parts::TellOfMongo(std::chrono::steady_clock::time_point now, std::string& metrics) {
  const MongoReport report{source.mongo->status(), source.mongo->queue_bytes(),
                           pipeline->vanished(), source.mongo->read_to_commit(),
                           source.mongo->lag()};
  metrics += MongoMetricsText(report);
  teller->Tell(report.status, now);
}

void Live::Parts::Reload(const Rules& reload) {
  auto rules = reload();
  if (!rules.ok()) {
    log.Write(LogLevel::kError, "reload_refused", rules.error().message);
    return;
  }
  pipeline->TakeSettings(rules.value());
  log.Write(LogLevel::kInfo, "reloaded", "the rules of the settings are in force",
            {{"rules", rules.value().size()}});
}

base::Status Live::Parts::Loop(const std::function<Wish()>& wish, const Rules& reload) {
  while (true) {
    const Wish wished = wish();
    if (wished == Wish::kStop) return {};
    if (wished == Wish::kReload) Reload(reload);
    SW_TRY(const bool more, Step());
    if (!more) return TellTheRest(wish);
  }
}

// The source has ended: what receivers take at once they still get.
base::Status Live::Parts::TellTheRest(const std::function<Wish()>& wish) {
  while (!pipeline->IsTold() && wish() != Wish::kStop) {
    SW_TRY_STATUS(pipeline->Stop());
    Tell();
    desk.Answer();
    desk.WaitForQuestion(kIdlePause);
  }
  return {};
}

// The source has failed: what alerts say of that goes out where it is taken at once. The rest is in
// the store, unless that is what failed.
void Live::Parts::TellOfFailure() {
  const auto until = std::chrono::steady_clock::now() + kFarewell;
  while (pipeline->Stop().ok() && !pipeline->IsTold() && std::chrono::steady_clock::now() < until) {
    desk.Answer();
    desk.WaitForQuestion(kIdlePause);
  }
  (void)AwaitAnswers();  // why it ends is told already
}

base::Status Live::Parts::Stop() {
  if (source.mongo != nullptr) source.mongo->BeginStop();
  return AwaitAnswers();
}

// Nothing more is handed to receivers; what they answer is stored, so that none of it goes again.
base::Status Live::Parts::AwaitAnswers() {
  pipeline->Hush();
  const auto until = std::chrono::steady_clock::now() + kAnswersPatience;
  while (true) {
    SW_TRY_STATUS(pipeline->Stop());
    const bool waits = pipeline->delivery() != nullptr && pipeline->delivery()->in_flight() > 0;
    if (!waits || std::chrono::steady_clock::now() > until) return {};
    desk.Answer();
    desk.WaitForQuestion(kIdlePause);
  }
}

base::Status Live::Run(const std::function<Wish()>& wish, const Rules& reload) {
  Parts& p = *parts_;
  p.settler.emplace(*p.store);
  p.serving = std::jthread([&server = *p.server] { server.Run(); });
  p.log.Write(LogLevel::kInfo, "started", "taking changes", {{"port", p.server->port()}});
  base::Status ended = p.Loop(wish, reload);
  p.health.Stopping();
  if (ended.ok()) {
    ended = p.Stop();
  } else {
    p.TellOfFailure();
  }
  if (!ended.ok()) {
    p.health.Failed(ended.error().message);
    p.log.Write(LogLevel::kError, "failed", ended.error().message);
  }
  if (p.source.mongo != nullptr) p.source.mongo->Stop();
  p.desk.Close();
  p.server->Stop();
  p.serving.join();
  p.settler.reset();
  if (ended.ok()) {
    p.log.Write(LogLevel::kInfo, "stopped", "everything that was taken is stored",
                {{"changes_read", p.pipeline->state().changes.read}});
  }
  return ended;
}

}  // namespace stockwatch::app
