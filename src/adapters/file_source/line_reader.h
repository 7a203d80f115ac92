#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::file_source {

// Lines of a plain or gzip file, or of standard input, in memory bounded by the longest line that
// is allowed.
class LineReader {
 public:
  enum class Line : std::uint8_t { kLine, kTooLong, kNothingYet, kEnd };

  // Where the name of a file that is followed leads now.
  enum class Name : std::uint8_t {
    kHere,      // to this file, or to one that holds nothing yet
    kNextFile,  // to another that holds something: whoever writes has gone on there
    kNowhere,
  };

  // Content (of gzip: what it holds) that was read up to the end of a line.
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t lines = 0;
    std::uint32_t head_bytes = 0;  // of the content's beginning
    std::string head_sha256;       // in hex
  };

  // `follow`: the end of a plain file is kNothingYet, and a line counts when its break is there; of
  // a pipe or terminal nobody waits for bytes, and the end of standard input is its end.
  static base::Result<LineReader> Open(const std::string& path, std::uint64_t line_bytes_max,
                                       bool follow);
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  // Replaces `line` by the next one, without its line break ("\n" or "\r\n"). Of a line that is too
  // long only the allowed bytes are kept. kDataLoss: damaged gzip, or a file that is followed was
  // truncated or written over; kAborted: it was cut back to what stood at its beginning;
  // kUnavailable: the device failed.
  base::Result<Line> Next(std::string& line);

  // Goes on at a place that was reached before. False: the content is shorter, or begins with other
  // bytes; the reader is of no more use. REQUIRES: before the first line
  base::Result<bool> GoTo(const Place& place);

  Name LookAtName() const;
  // From here on the end of the file is its end, and its last line needs no break.
  void StopFollowing();

  std::uint64_t line_number() const;  // of the last line, from 1
  std::uint64_t offset() const;       // behind the last line
  std::string_view head() const;      // the first bytes of the content, as far as they were read
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;

 private:
  struct State;
  explicit LineReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::file_source
