#include <chrono>
#include <cstdio>
#include <optional>

#include "adapters/memory_store/memory_store.h"
#include "app/explain.h"
#include "commands.h"
#include "settings_flag.h"

namespace stockwatch::cmd {
namespace {

ExitCode Refused(const base::Error& error) {
  std::fprintf(stderr, "stockwatch: %s\n", error.message.c_str());
  return error.code == base::Code::kInvalidArgument ? ExitCode::kUsage : ExitCode::kFailed;
}

base::Instant Now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant::Seconds(
      std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
}

}  // namespace

ExitCode RunExplain(const ExplainFlags& flags) {
  auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  app::ExplainOptions options;
  options.levels = {flags.warehouse, flags.department, flags.category,
                    flags.brand,     flags.product,    flags.sku};
  options.changes = flags.changes;
  if (flags.at) {
    auto at = base::ParseInstant(*flags.at);
    if (!at.ok()) return Refused(at.error());
    options.at = at.value();
  } else if (!flags.changes) {
    options.at = Now();
  }
  const auto explained = app::Explain(*std::move(settings), options);
  if (!explained.ok()) return Refused(explained.error());
  std::fputs((flags.output == Output::kJson ? app::ExplanationJson(explained.value())
                                            : app::ExplanationText(explained.value()))
                 .c_str(),
             stdout);
  return ExitCode::kDone;
}

}  // namespace stockwatch::cmd
