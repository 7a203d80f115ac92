#include "exit_code.h"

#include <cstdio>

namespace stockwatch::cmd {

ExitCode Ended(const base::Status& done) {
  if (done.ok()) return ExitCode::kDone;
  std::fprintf(stderr, "stockwatch: %s\n", done.error().message.c_str());
  return done.error().code == base::Code::kInvalidArgument ? ExitCode::kUsage : ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
