#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::app {

// What /health and /readiness say, from the engine's progress, not from its being there. The engine
// reports; any thread asks.
class Health {
 public:
  using Clock = std::chrono::steady_clock;

  // Without the end of a step for that long the engine counts as stalled.
  explicit Health(std::chrono::seconds stall = std::chrono::seconds(30)) : stall_(stall) {}

  // Not one step yet, and why that is as it should be.
  void StandBy(std::string why);
  void Stepped(std::uint64_t changes_read);
  void Failed(const std::string& why);
  void Stopping();
  // Why the source gives no changes as they come; nullopt: it does.
  void SetSource(std::optional<std::string> trouble);
  // The page of /metrics; made by the engine now and then.
  void SetMetrics(std::string text);

  struct Answer {
    bool good = false;
    std::string json;  // {"status":…,"reason":…,…}
  };
  // Alive: restarting would not help more than waiting.
  Answer Alive(Clock::time_point now) const;
  // Able: changes are taken as they come.
  Answer Ready(Clock::time_point now) const;
  std::string metrics() const;

 private:
  Answer Say(bool good, std::string_view reason, Clock::time_point now) const;

  const std::chrono::seconds stall_;
  mutable std::mutex mutex_;
  std::string not_started_ = "starting";
  bool started_ = false;
  bool stopping_ = false;
  std::string failure_;
  std::optional<std::string> source_trouble_;
  std::string metrics_;
  std::uint64_t changes_read_ = 0;
  Clock::time_point stepped_;
};

}  // namespace stockwatch::app
