#include "adapters/file_source/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace stockwatch::file_source {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

Error CannotRead(const std::string& path, int reason) {
  const Code code = reason == ENOENT   ? Code::kNotFound
                    : reason == EACCES ? Code::kFailedPrecondition
                                       : Code::kUnavailable;
  return {code, "cannot read changes: " + path + ": " + std::strerror(reason)};
}

}  // namespace

struct LineReader::State {
  std::string path;
  std::uint64_t line_bytes_max = 0;
  int descriptor = -1;
  gzFile stream = nullptr;  // zlib reads plain files as they are
  std::uint64_t total = 0;
  std::uint64_t lines = 0;
  std::vector<char> buffer = std::vector<char>(kBufferBytes);
  std::size_t begin = 0;
  std::size_t end = 0;
  bool ended = false;

  ~State() {
    if (stream != nullptr) gzclose(stream);
  }
  // False at the end.
  base::Result<bool> Fill();
};

base::Result<bool> LineReader::State::Fill() {
  if (ended) return false;
  const int got = gzread(stream, buffer.data(), static_cast<unsigned>(buffer.size()));
  int status = Z_OK;
  const char* message = gzerror(stream, &status);
  // A stream that stops in the middle reads as a short file, with Z_BUF_ERROR.
  if (got < 0 || status == Z_BUF_ERROR) {
    if (status == Z_ERRNO) return CannotRead(path, errno);
    // zlib begins with the file's name, which it does not know: "<fd:3>: ".
    std::string_view what = message;
    if (const auto colon = what.find(": "); colon != what.npos) what.remove_prefix(colon + 2);
    return Error{Code::kDataLoss, "damaged gzip: " + path + ": " + std::string(what)};
  }
  begin = 0;
  end = static_cast<std::size_t>(got);
  ended = got == 0;
  return !ended;
}

LineReader::LineReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

LineReader::LineReader(LineReader&&) noexcept = default;

LineReader::~LineReader() = default;

base::Result<LineReader> LineReader::Open(const std::string& path, std::uint64_t line_bytes_max) {
  auto state = std::make_unique<State>();
  state->path = path == "-" ? "standard input" : path;
  state->line_bytes_max = line_bytes_max;
  state->descriptor = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (state->descriptor < 0) return CannotRead(state->path, errno);
  struct stat about{};
  if (fstat(state->descriptor, &about) != 0) return CannotRead(state->path, errno);
  if (S_ISDIR(about.st_mode)) {
    close(state->descriptor);
    return Error{Code::kInvalidArgument, "cannot read changes: " + path + ": it is a directory"};
  }
  if (S_ISREG(about.st_mode)) state->total = static_cast<std::uint64_t>(about.st_size);
  state->stream = gzdopen(state->descriptor, "rb");
  if (state->stream == nullptr) return CannotRead(state->path, ENOMEM);
  gzbuffer(state->stream, kBufferBytes / 4);
  return LineReader(std::move(state));
}

base::Result<LineReader::Line> LineReader::Next(std::string& line) {
  State& s = *state_;
  line.clear();
  bool any = false;
  bool too_long = false;
  while (true) {
    if (s.begin == s.end) {
      SW_TRY(const bool more, s.Fill());
      if (!more) break;
    }
    any = true;
    const char* from = s.buffer.data() + s.begin;
    const auto* newline = static_cast<const char*>(std::memchr(from, '\n', s.end - s.begin));
    const std::size_t size =
        newline == nullptr ? s.end - s.begin : static_cast<std::size_t>(newline - from);
    const std::size_t room =
        s.line_bytes_max - std::min<std::uint64_t>(s.line_bytes_max, line.size());
    too_long |= size > room;
    line.append(from, std::min(size, room));
    s.begin += size + (newline == nullptr ? 0 : 1);
    if (newline != nullptr) break;
  }
  if (!any) return Line::kEnd;
  ++s.lines;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return too_long ? Line::kTooLong : Line::kLine;
}

std::uint64_t LineReader::line_number() const {
  return state_->lines;
}

std::uint64_t LineReader::bytes_read() const {
  const z_off_t offset = gzoffset(state_->stream);
  return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
}

std::uint64_t LineReader::bytes_total() const {
  return state_->total;
}

}  // namespace stockwatch::file_source
