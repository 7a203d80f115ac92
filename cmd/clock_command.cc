#include "ask.h"
#include "base/percent.h"
#include "commands.h"

namespace stockwatch::cmd {

ExitCode RunClock(const ClockFlags& flags) {
  const Server server{flags.server, flags.key_file};
  if (flags.action == ClockAction::kShow) return Ended(Ask(server, "GET", "/api/v1/clock"));
  std::string path = "/api/v1/clock/adopt";
  if (!flags.reason.empty()) path += "?why=" + base::PercentEncoded(flags.reason);
  return Ended(Ask(server, "POST", path));
}

}  // namespace stockwatch::cmd
