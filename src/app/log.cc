#include "app/log.h"

#include <algorithm>
#include <utility>

#include "app/log_line.h"
#include "base/assertion.h"

namespace stockwatch::app {
namespace {

constexpr std::string_view kOther = "other";

void Check(std::vector<base::Error>& errors, bool good, const std::string& message) {
  if (!good) errors.push_back({base::Code::kInvalidArgument, message});
}

bool IsFieldName(std::string_view name) {
  constexpr std::array<std::string_view, 4> kLeading{"ts", "level", "event", "message"};
  return !name.empty() && std::find(kLeading.begin(), kLeading.end(), name) == kLeading.end() &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

}  // namespace

std::vector<base::Error> LogOptions::Validate() const {
  std::vector<base::Error> errors;
  Check(errors, window >= base::Duration::Seconds(1) && window <= base::Duration::Hours(24),
        "log.window: " + base::FormatDuration(window) + " is not between 1s and 24h");
  Check(errors, burst >= 1, "log.burst: 0 is below 1");
  Check(errors, error_burst >= burst,
        "log.error_burst: " + std::to_string(error_burst) + " is below log.burst");
  Check(errors, events_max >= 1 && events_max <= 100'000,
        "log.events_max: " + std::to_string(events_max) + " is not between 1 and 100000");
  Check(errors, text_bytes_max >= 64 && text_bytes_max <= 65'536,
        "log.text_bytes_max: " + std::to_string(text_bytes_max) + " is not between 64 and 65536");
  return errors;
}

Log::Log(LogOptions options, Clock clock, std::FILE* sink)
    : options_(options), clock_(std::move(clock)), sink_(sink) {
  SW_ASSERT(options_.Validate().empty(), "log with options that are not valid");
}

Log::~Log() {
  const std::scoped_lock lock(mutex_);
  const base::Instant now = clock_();
  for (std::size_t level = 0; level < windows_.size(); ++level) {
    for (const auto& [event, window] : windows_[level]) {
      Tell(static_cast<LogLevel>(level), event, window, now);
    }
  }
}

void Log::Write(LogLevel level, std::string_view event, std::string_view message,
                std::initializer_list<LogField> fields) {
  if (level < options_.level_min) return;
  const std::scoped_lock lock(mutex_);
  const base::Instant now = clock_();
  const auto place = WindowOf(level, event, now);
  Window& window = place->second;
  if (Passed(window, now)) {
    Tell(level, place->first, window, now);
    window = {.start = now};
  }
  if (window.written < (level == LogLevel::kError ? options_.error_burst : options_.burst)) {
    ++window.written;
    Put(now, level, event, message, fields);
  } else {
    ++window.suppressed;
  }
}

void Log::Flush(base::Instant now) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t level = 0; level < windows_.size(); ++level) {
    std::erase_if(windows_[level], [&](const auto& entry) {
      const bool passed = Passed(entry.second, now);
      if (passed) Tell(static_cast<LogLevel>(level), entry.first, entry.second, now);
      return passed;
    });
  }
}

std::uint64_t Log::lines_lost() const {
  const std::scoped_lock lock(mutex_);
  return lines_lost_;
}

Log::Windows::iterator Log::WindowOf(LogLevel level, std::string_view event, base::Instant now) {
  Windows& windows = windows_[static_cast<std::size_t>(level)];
  auto found = windows.find(event);
  if (found == windows.end() && windows.size() >= options_.events_max) {
    event = kOther;
    found = windows.find(event);
  }
  if (found == windows.end()) found = windows.emplace(event, Window{.start = now}).first;
  return found;
}

// A clock that was set back ends a window too: it would stay open for as long as the step.
bool Log::Passed(const Window& window, base::Instant now) const {
  return now < window.start || now - window.start >= options_.window;
}

void Log::Tell(LogLevel level, std::string_view event, const Window& window, base::Instant now) {
  if (window.suppressed == 0) return;
  Put(now, level, event, "repeated lines of " + std::string(event) + " were left out",
      {{"suppressed", window.suppressed}});
}

void Log::Put(base::Instant now, LogLevel level, std::string_view event, std::string_view message,
              std::initializer_list<LogField> fields) {
  for (const LogField& field : fields) SW_ASSERT(IsFieldName(field.name()), "name of a log field");
  line_.clear();
  const LogEvent line{now, level, event, message, fields};
  if (options_.format == LogFormat::kJson) {
    AppendJsonLine(line_, line, options_.text_bytes_max);
  } else {
    AppendTextLine(line_, line, options_.text_bytes_max);
  }
  const bool taken =
      std::fwrite(line_.data(), 1, line_.size(), sink_) == line_.size() && std::fflush(sink_) == 0;
  if (!taken) {
    ++lines_lost_;
    std::clearerr(sink_);
  }
}

}  // namespace stockwatch::app
