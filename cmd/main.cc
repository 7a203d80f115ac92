// stockwatch: flags -> Options -> app. The only unit that knows CLI11.

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

#include "alert_flags.h"
#include "app/metrics_page.h"
#include "cli_page.h"
#include "commands.h"
#include "config/load.h"
#include "connect_flags.h"
#include "engine_flags.h"
#include "offline_flags.h"

#ifndef SW_VERSION
#error "SW_VERSION comes from the build"
#endif

namespace stockwatch::cmd {
namespace {

// What the command line asks for.
struct Wanted {
  ReplayFlags replay;
  CheckFlags check;
  DoctorFlags doctor;
  ConnectFlags connect;
  DecryptFlags decrypt;
  ChannelFlags channels;
  ExplainFlags explain;
  ShopFlags shop;
  QualityFlags quality;
  BenchFlags bench;
  RunFlags run;
  StoreFlags store;
  std::optional<StoreAction> store_action;
  AlertFlags alert;
  std::optional<AlertAction> alert_action;
  SourceFlags source;
  std::optional<SourceAction> source_action;
  ClockFlags clock;
  std::optional<ClockAction> clock_action;
  std::string page;
};

void AddAll(CLI::App& app, Wanted& wanted) {
  AddRun(app, wanted.run);
  AddReplay(app, wanted.replay);
  AddStore(app, wanted.store, wanted.store_action);
  AddAlerts(app, wanted.alert, wanted.alert_action);
  AddCheck(app, wanted.check);
  AddDoctor(app, wanted.doctor);
  AddConnect(app, wanted.connect);
  AddChannels(app, wanted.channels, wanted.store, wanted.store_action);
  AddSource(app, wanted.source, wanted.source_action);
  AddClock(app, wanted.clock, wanted.clock_action);
  AddFields(app, wanted.decrypt);
  AddExplain(app, wanted.explain);
  AddShop(app, wanted.shop);
  AddQuality(app, wanted.quality);
  AddBench(app, wanted.bench);
  CLI::App& docs = *app.add_subcommand("docs", "Print a generated page of the documentation");
  docs.add_option("page", wanted.page, "cli, metrics or settings")
      ->required()
      ->check(CLI::IsMember({"cli", "metrics", "settings"}));
}

ExitCode RunDocs(const CLI::App& app, const std::string& page) {
  std::string text;
  if (page == "cli") text = CliPage(app);
  if (page == "metrics") text = app::MetricsPage();
  if (page == "settings") text = config::SettingsPage();
  std::fputs(text.c_str(), stdout);
  return ExitCode::kDone;
}

ExitCode Run(const CLI::App& app, Wanted& wanted) {
  if (wanted.store_action) return RunStore(*wanted.store_action, wanted.store);
  if (wanted.source_action) {
    wanted.source.action = *wanted.source_action;
    return RunSource(wanted.source);
  }
  if (wanted.clock_action) {
    wanted.clock.action = *wanted.clock_action;
    return RunClock(wanted.clock);
  }
  if (wanted.alert_action) {
    wanted.alert.action = *wanted.alert_action;
    return RunAlert(wanted.alert);
  }
  if (app.got_subcommand("run")) return RunRun(wanted.run);
  if (app.got_subcommand("replay")) return RunReplay(wanted.replay);
  if (app.got_subcommand("channels")) return RunChannelsTest(wanted.channels);
  if (app.got_subcommand("fields")) return RunDecrypt(wanted.decrypt);
  if (app.got_subcommand("check")) return RunCheck(wanted.check);
  if (app.got_subcommand("doctor")) return RunDoctor(wanted.doctor);
  if (app.got_subcommand("connect")) return RunConnect(wanted.connect);
  if (app.got_subcommand("thresholds")) return RunExplain(wanted.explain);
  if (app.got_subcommand("shop")) return RunShop(wanted.shop);
  if (app.got_subcommand("quality")) return RunQuality(wanted.quality);
  if (app.got_subcommand("bench")) return RunBench(wanted.bench);
  return RunDocs(app, wanted.page);
}

// A file that is opened where standard output or the log was closed would be written into: a
// store's. False: there is no /dev/null either.
bool OpenClosedStreams() {
  for (;;) {
    const int file = open("/dev/null", O_RDWR);
    if (file < 0) return false;
    if (file <= STDERR_FILENO) continue;
    close(file);
    return true;
  }
}

// What was printed must have arrived, or the run has failed.
ExitCode Delivered(ExitCode code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  const int reason = errno;  // 0: what failed was an earlier write, and nothing says why
  std::fprintf(stderr, "stockwatch: cannot write to standard output%s%s\n", reason == 0 ? "" : ": ",
               reason == 0 ? "" : std::strerror(reason));
  return code == ExitCode::kDone ? ExitCode::kFailed : code;
}

ExitCode Main(int argc, char** argv) {
  CLI::App app("Real-time inventory monitoring and alerting", "stockwatch");
  app.set_version_flag("--version", "stockwatch " SW_VERSION);
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 the run failed, 2 wrong flags or settings.");
  Wanted wanted;
  AddAll(app, wanted);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitCode::kDone : ExitCode::kUsage;
  }
  return Run(app, wanted);
}

}  // namespace
}  // namespace stockwatch::cmd

int main(int argc, char** argv) {
  if (!stockwatch::cmd::OpenClosedStreams()) {
    return static_cast<int>(stockwatch::cmd::ExitCode::kFailed);
  }
  try {
    return static_cast<int>(stockwatch::cmd::Delivered(stockwatch::cmd::Main(argc, argv)));
  } catch (const std::bad_alloc&) {
    std::fputs("stockwatch: out of memory\n", stderr);
    return static_cast<int>(stockwatch::cmd::ExitCode::kFailed);
  }
}
