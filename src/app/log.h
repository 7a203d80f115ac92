#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/instant.h"

namespace stockwatch::app {

// Error means that a person must act.
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

enum class LogFormat : std::uint8_t {
  kJson,  // one object a line: ts, level, event, message, then the fields in the order of the call
  kText,  // HH:MM:SS level message field=value, in UTC, for terminals
};

// A name and its value, both views: made in the call that writes them. The name is snake_case and
// none of those that lead each line.
class LogField {
 public:
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  LogField(std::string_view name, std::string_view text) : name_(name), value_(text) {}
  LogField(std::string_view name, const char* text) : LogField(name, std::string_view(text)) {}
  LogField(std::string_view name, const std::string& text)
      : LogField(name, std::string_view(text)) {}
  LogField(std::string_view name, std::integral auto number)  // bool too
      : name_(name), value_(ValueOf(number)) {}
  LogField(std::string_view name, double number) : name_(name), value_(number) {}

  std::string_view name() const { return name_; }
  const Value& value() const { return value_; }

 private:
  static Value ValueOf(bool truth) { return truth; }
  static Value ValueOf(std::signed_integral auto number) { return std::int64_t{number}; }
  static Value ValueOf(std::unsigned_integral auto number) { return std::uint64_t{number}; }

  std::string_view name_;
  Value value_;
};

struct LogOptions {
  LogLevel level_min = LogLevel::kInfo;
  LogFormat format = LogFormat::kJson;
  // Of one event on one level, within one window: lines that are written, before the others are
  // only counted.
  base::Duration window = base::Duration::Seconds(60);
  std::uint32_t burst = 10;
  std::uint32_t error_burst = 100;
  // Events of one level that are counted apart; those beyond share the event "other".
  std::uint32_t events_max = 1000;
  std::uint32_t text_bytes_max = 4096;  // of the message and of each text; what is longer is cut

  std::vector<base::Error> Validate() const;
};

// Writes one line for each event, whole and at once, to a stream. Lines that repeat are sampled,
// and their exact number is told: by a line of the same level and event with the field
// `suppressed`, when their window has passed. Any thread may write.
//
// Bytes that are no UTF-8, and the controls U+007F to U+009F, become U+FFFD; other control
// characters are escaped.
class Log {
 public:
  using Clock = std::function<base::Instant()>;

  // `sink` must outlive the log, and what `clock` looks at too. `clock` is called by one thread at
  // a time.
  // REQUIRES: options.Validate() finds nothing
  Log(LogOptions options, Clock clock, std::FILE* sink = stderr);
  // Tells all that was suppressed and not yet told.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // `event` is snake_case and names the kind; its lines count together. A line that the sink does
  // not take is lost and counted.
  void Write(LogLevel level, std::string_view event, std::string_view message,
             std::initializer_list<LogField> fields = {});

  // Tells what was suppressed in windows that have passed, and forgets them. To be called now and
  // then, so that an event that came in a flood and stopped is told.
  void Flush(base::Instant now);

  std::uint64_t lines_lost() const;

 private:
  struct Window {
    base::Instant start;
    std::uint32_t written = 0;
    std::uint64_t suppressed = 0;
  };
  using Windows = std::map<std::string, Window, std::less<>>;

  // All below: REQUIRES: mutex_ is held
  Windows::iterator WindowOf(LogLevel level, std::string_view event, base::Instant now);
  bool Passed(const Window& window, base::Instant now) const;
  void Tell(LogLevel level, std::string_view event, const Window& window, base::Instant now);
  void Put(base::Instant now, LogLevel level, std::string_view event, std::string_view message,
           std::initializer_list<LogField> fields);

  const LogOptions options_;
  const Clock clock_;
  std::FILE* const sink_;
  mutable std::mutex mutex_;
  std::array<Windows, 4> windows_;  // by level, then by event
  std::string line_;
  std::uint64_t lines_lost_ = 0;
};

}  // namespace stockwatch::app
