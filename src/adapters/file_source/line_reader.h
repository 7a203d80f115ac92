#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace stockwatch::file_source {

// Lines of a plain or gzip file, or of standard input, in memory bounded by the longest line that
// is allowed.
class LineReader {
 public:
  enum class Line : std::uint8_t { kLine, kTooLong, kEnd };

  static base::Result<LineReader> Open(const std::string& path, std::uint64_t line_bytes_max);
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  // Replaces `line` by the next one, without its line break ("\n" or "\r\n"). Of a line that is too
  // long only the allowed bytes are kept. kDataLoss: damaged gzip; kUnavailable: the device failed.
  base::Result<Line> Next(std::string& line);

  std::uint64_t line_number() const;  // of the last line, from 1
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;

 private:
  struct State;
  explicit LineReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::file_source
