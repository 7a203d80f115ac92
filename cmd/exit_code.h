#pragma once

namespace stockwatch::cmd {

// What the process tells its caller; documented in docs/cli.md.
enum class ExitCode : int {
  kDone = 0,    // dead letters are no failure
  kFailed = 1,  // the run failed
  kUsage = 2,   // wrong flags, or settings that are refused
};

}  // namespace stockwatch::cmd
