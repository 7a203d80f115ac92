#include "ask.h"
#include "commands.h"

namespace stockwatch::cmd {

ExitCode RunClock(const ClockFlags& flags) {
  const Server server{flags.server, flags.key_file};
  if (flags.action == ClockAction::kShow) return Ended(Ask(server, "GET", "/api/v1/clock"));
  return Ended(Ask(server, "POST", "/api/v1/clock/adopt" + WhyQuery(flags.reason)));
}

}  // namespace stockwatch::cmd
