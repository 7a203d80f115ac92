#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "app/log.h"
#include "base/instant.h"

namespace stockwatch::app {

struct LogEvent {
  base::Instant time;
  LogLevel level;
  std::string_view name;
  std::string_view message;
  std::initializer_list<LogField> fields;
};

std::string_view LogLevelName(LogLevel level);

// One line with its line feed. Each text is cut to `text_bytes_max` bytes.
void AppendJsonLine(std::string& out, const LogEvent& event, std::size_t text_bytes_max);
void AppendTextLine(std::string& out, const LogEvent& event, std::size_t text_bytes_max);

}  // namespace stockwatch::app
