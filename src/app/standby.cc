#include "app/standby.h"

#include <utility>

#include "app/health_pages.h"
#include "app/metrics_page.h"

namespace stockwatch::app {

base::Result<std::unique_ptr<Standby>> Standby::Open(http_server::Options options, Log& log) {
  std::unique_ptr<Standby> made(new Standby(log));
  SW_TRY(made->server_,
         http_server::HttpServer::Open(std::move(options), [&standby = *made](const auto& request) {
           return standby.Answer(request);
         }));
  made->health_.SetMetrics(StandbyMetricsText(true));
  made->serving_ = std::jthread([&server = *made->server_] { server.Run(); });
  return made;
}

Standby::~Standby() {
  if (server_) server_->Stop();  // not where it could not listen
}

void Standby::WaitFor(const std::string& holder) {
  if (std::exchange(holder_, holder) == holder) return;
  health_.StandBy("standing by: another engine has the store (" + holder + ")");
  log_.Write(LogLevel::kInfo, "standing_by", "another engine has the store",
             {{"holder", holder}, {"port", port()}});
}

http_server::Response Standby::Answer(const http_server::Request& request) const {
  if (auto answer = AnswerHealth(health_, request)) return *std::move(answer);
  return http_server::Problem(503, "standing by: ask the engine that has the store",
                              request.target);
}

}  // namespace stockwatch::app
