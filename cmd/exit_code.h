#pragma once

#include "base/result.h"

namespace stockwatch::cmd {

// What the process tells its caller; documented in docs/cli.md.
enum class ExitCode : int {
  kDone = 0,    // dead letters are no failure
  kFailed = 1,  // the run failed
  kUsage = 2,   // wrong flags, or settings that are refused
};

// Of a command that has done its work; what failed is told on standard error.
ExitCode Ended(const base::Status& done);

}  // namespace stockwatch::cmd
