#include <cstdio>

#include "app/doctor.h"
#include "commands.h"
#include "settings_flag.h"

namespace stockwatch::cmd {
namespace {

void Print(const mongo_source::Finding& finding) {
  constexpr const char* kWords[] = {"good", "look", "bad "};
  std::printf("%s  %s: %s", kWords[static_cast<int>(finding.grade)], finding.check.c_str(),
              finding.says.c_str());
  if (!finding.fix.empty()) std::printf("; fix: %s", finding.fix.c_str());
  std::printf("\n");
}

}  // namespace

ExitCode RunDoctor(const DoctorFlags& flags) {
  const auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  const auto mapping = flags.suggest_mapping ? app::Mapping::kSuggested : app::Mapping::kLeft;
  const auto report = app::Examine(*settings, flags.source, mapping);
  if (!report.ok()) {
    std::fprintf(stderr, "stockwatch: %s\n", report.error().message.c_str());
    return ExitCode::kUsage;
  }
  bool bad = false;
  for (const mongo_source::Finding& finding : report.value().findings) {
    Print(finding);
    bad = bad || finding.grade == mongo_source::Grade::kBad;
  }
  std::fputs(report.value().mapping.c_str(), stdout);
  return bad ? ExitCode::kFailed : ExitCode::kDone;
}

}  // namespace stockwatch::cmd
