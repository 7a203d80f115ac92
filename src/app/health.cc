#include "app/health.h"

#include <utility>

#include "base/json_writer.h"

namespace stockwatch::app {

void Health::StandBy(std::string why) {
  const std::lock_guard lock(mutex_);
  not_started_ = std::move(why);
}

void Health::Stepped(std::uint64_t changes_read) {
  const std::lock_guard lock(mutex_);
  started_ = true;
  changes_read_ = changes_read;
  stepped_ = Clock::now();
}

void Health::Failed(const std::string& why) {
  const std::lock_guard lock(mutex_);
  failure_ = why;
}

void Health::Stopping() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
}

void Health::SetSource(std::optional<std::string> trouble) {
  const std::lock_guard lock(mutex_);
  source_trouble_ = std::move(trouble);
}

void Health::SetMetrics(std::string text) {
  const std::lock_guard lock(mutex_);
  metrics_ = std::move(text);
}

std::string Health::metrics() const {
  const std::lock_guard lock(mutex_);
  return metrics_;
}

Health::Answer Health::Say(bool good, std::string_view reason, Clock::time_point now) const {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  json.Key("status").String(good ? "ok" : "unavailable");
  json.Key("reason");
  reason.empty() ? json.Null() : json.String(reason);
  json.Key("changes_read").Unsigned(changes_read_);
  json.Key("seconds_since_step");
  if (started_) {
    json.Integer(std::chrono::duration_cast<std::chrono::seconds>(now - stepped_).count());
  } else {
    json.Null();
  }
  json.EndObject();
  out += '\n';
  return {good, std::move(out)};
}

Health::Answer Health::Alive(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return Say(false, failure_, now);
  if (started_ && now - stepped_ > stall_) return Say(false, "the engine makes no progress", now);
  return Say(true, "", now);
}

Health::Answer Health::Ready(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return Say(false, failure_, now);
  if (stopping_) return Say(false, "stopping", now);
  if (!started_) return Say(false, not_started_, now);
  if (now - stepped_ > stall_) return Say(false, "the engine makes no progress", now);
  if (source_trouble_) return Say(false, *source_trouble_, now);
  return Say(true, "", now);
}

}  // namespace stockwatch::app
