#include <cstdio>

#include "ask.h"
#include "commands.h"

namespace stockwatch::cmd {

ExitCode RunClock(const ClockFlags& flags) {
  const Server server{flags.server, flags.key_file};
  base::Status done;
  if (flags.action == ClockAction::kShow) {
    done = Ask(server, "GET", "/api/v1/clock");
  } else {
    std::string path = "/api/v1/clock/adopt";
    if (!flags.reason.empty()) path += "?why=" + Escaped(flags.reason);
    done = Ask(server, "POST", path);
  }
  if (done.ok()) return ExitCode::kDone;
  std::fprintf(stderr, "stockwatch: %s\n", done.error().message.c_str());
  return ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
