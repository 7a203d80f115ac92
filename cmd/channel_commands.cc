#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "app/channels.h"
#include "commands.h"
#include "settings_flag.h"

namespace stockwatch::cmd {
namespace {

// "ops: delivered, 204, 12 ms"; behind what failed stands why.
ExitCode Test(const config::Settings& settings, const std::string& name) {
  const auto began = std::chrono::steady_clock::now();
  const auto sent = app::TestChannel(settings, name, std::cout);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  if (!sent.ok()) return Ended(sent.error());
  const ports::Sent& answer = sent.value();
  std::string line = name + ": " + std::string(outbox::Name(answer.outcome));
  if (answer.status != 0) line += ", " + std::to_string(answer.status);
  line += ", " + std::to_string(took.count()) + " ms";
  const bool good = answer.outcome == outbox::Outcome::kDelivered;
  if (!good && !answer.detail.empty()) line += ": " + answer.detail;
  std::puts(line.c_str());
  return good ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace

ExitCode RunChannelsTest(const ChannelFlags& flags) {
  const auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  std::vector<std::string> names = app::ChannelNames(*settings);
  if (!flags.name.empty()) names = {flags.name};
  ExitCode worst = ExitCode::kDone;  // settings that are refused before what failed
  for (const std::string& name : names) worst = std::max(worst, Test(*settings, name));
  return worst;
}

}  // namespace stockwatch::cmd
