#include <chrono>
#include <cstdio>
#include <iostream>

#include <unistd.h>

#include "adapters/console_notifier/console_notifier.h"
#include "app/dispatcher.h"
#include "app/field_keys.h"
#include "app/metrics_page.h"
#include "app/replay.h"
#include "commands.h"
#include "progress_bar.h"
#include "settings_flag.h"

namespace stockwatch::cmd {
namespace {

app::ReplayOptions OptionsFrom(const ReplayFlags& flags, config::Settings settings) {
  app::ReplayOptions options = app::ReplayOptionsFrom(std::move(settings), flags.file);
  options.export_dir = flags.export_dir;
  options.store_folder = flags.store;
  options.strict = flags.strict;
  return options;
}

void PrintCounts(const char* name, const flow::CountByType& counts) {
  bool any = false;
  for (std::size_t type = 0; type < event::kConditionTypes; ++type) {
    if (counts[type] == 0) continue;
    const std::string condition(event::kConditions[type].name);
    std::printf("%s%s %llu", any ? ", " : name, condition.c_str(),
                static_cast<unsigned long long>(counts[type]));
    any = true;
  }
  if (any) std::puts("");
}

void PrintText(const app::Replay& replay, double seconds) {
  const flow::State& state = replay.state();
  const flow::ChangeCounts& changes = state.changes;
  const auto count = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf(
      "changes   %llu read: %llu applied, %llu duplicate, %llu stale, %llu dead-lettered, %llu "
      "control\n",
      count(changes.read), count(changes.applied), count(changes.duplicate), count(changes.stale),
      count(changes.dead_lettered), count(changes.control));
  const stock::Totals& all = state.rollups.at(0).totals;
  std::string on_hand;
  base::AppendQuantity(on_hand, all.on_hand);
  std::printf("stock     %lld items, %s on hand; %lld out of stock, %lld critical, %lld low\n",
              static_cast<long long>(all.items), on_hand.c_str(),
              static_cast<long long>(all.out_of_stock), static_cast<long long>(all.critical),
              static_cast<long long>(all.low));
  PrintCounts("opened    ", state.alerts.opened);
  PrintCounts("reopened  ", state.alerts.reopened);
  PrintCounts("resolved  ", state.alerts.resolved);
  PrintCounts("open      ", app::OpenNow(state));
  std::printf("digest    %s\n%.2f s, %.0f changes per second\n", replay.digest().c_str(), seconds,
              seconds > 0 ? static_cast<double>(changes.read) / seconds : 0);
}

ExitCode Failed(const base::Error& error) {
  std::fprintf(stderr, "stockwatch: %s\n", error.message.c_str());
  return ExitCode::kFailed;
}

}  // namespace

ExitCode RunReplay(const ReplayFlags& flags) {
  auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  const bool tells = flags.output == Output::kText && !flags.quiet;
  console_notifier::ConsoleNotifier notifier(std::cout, {isatty(STDOUT_FILENO) == 1});
  app::DirectDispatcher dispatcher(notifier);
  if (tells) settings->flow.destinations = {"console"};

  const auto start = std::chrono::steady_clock::now();
  auto seal = app::FieldSeal(*settings);
  if (!seal.ok()) return Ended(seal.error());
  app::ReplayOptions options = OptionsFrom(flags, *std::move(settings));
  options.seal = std::move(seal).value();
  auto opened = app::Replay::Open(std::move(options), tells ? &dispatcher : nullptr);
  if (!opened.ok()) return Failed(opened.error());
  app::Replay& replay = *opened.value();
  {
    ProgressBar progress(!tells);
    while (true) {
      const auto more = replay.Step();
      if (!more.ok()) return Failed(more.error());
      progress.Show(replay.progress(), replay.state().changes.read, "changes");
      if (!more.value()) break;
    }
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (auto status = replay.Export(); !status.ok()) return Failed(status.error());
  if (flags.metrics_file) {
    if (auto status = app::WriteMetrics(replay.state(), *flags.metrics_file); !status.ok()) {
      return Failed(status.error());
    }
  }
  if (flags.output == Output::kJson) {
    std::puts(replay.SummaryJson(seconds).c_str());
  } else {
    PrintText(replay, seconds);
  }
  return ExitCode::kDone;
}

}  // namespace stockwatch::cmd
