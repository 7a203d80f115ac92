#include "adapters/file_source/line_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/digest.h"

namespace stockwatch::file_source {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::size_t kHeadBytes = 4096;
constexpr int kStreamPatienceMs = 5;  // whoever reads has other things to do

Error CannotRead(const std::string& path, int reason) {
  const Code code = reason == ENOENT   ? Code::kNotFound
                    : reason == EACCES ? Code::kFailedPrecondition
                                       : Code::kUnavailable;
  return {code, "cannot read changes: " + path + ": " + std::strerror(reason)};
}

constexpr unsigned char kGzipMagic[] = {0x1F, 0x8B};
constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, with gzip's header

}  // namespace

// The bytes of a file as they are, or what its gzip members hold. gzread would take whatever stands
// behind the first member for padding and drop it.
struct LineReader::State {
  std::string path;
  std::uint64_t line_bytes_max = 0;
  int descriptor = -1;
  std::uint64_t total = 0;
  std::uint64_t consumed = 0;  // bytes read from the descriptor
  std::uint64_t lines = 0;
  std::uint64_t offset = 0;  // of content, behind the last line
  std::string head;          // first bytes of what is behind us
  std::string tail;          // of a watched file: the last bytes that were read of it
  std::string begun;         // a line whose break is still to come
  bool begun_too_long = false;
  bool follow = false;
  bool stream_like = false;  // a pipe or a terminal: what is not there yet is waited for
  bool can_grow = false;     // its end is no end
  bool watched = false;      // followed under a name: others may rename, truncate, replace it
  dev_t device = 0;
  ino_t inode = 0;
  std::vector<unsigned char> raw = std::vector<unsigned char>(kBufferBytes / 4);
  std::vector<char> buffer = std::vector<char>(kBufferBytes);
  std::size_t begin = 0;
  std::size_t end = 0;
  z_stream stream{};  // next_in: what of `raw` is still to come
  bool started = false;
  bool gzip = false;
  bool in_member = false;
  bool padded = false;  // zeros behind the last member
  bool ended = false;

  ~State() {
    if (gzip) inflateEnd(&stream);
    if (descriptor >= 0) close(descriptor);
  }
  // Each: false at the end.
  base::Result<bool> Fill();
  base::Result<bool> ReadRaw();
  base::Status Start();
  base::Status CheckUntouched(std::uint64_t before) const;
  base::Result<bool> Holds(std::string_view bytes, std::uint64_t at) const;
  base::Result<bool> Inflate();
  // Bytes or an end are there to be read at once, or nearly so.
  bool IsReady() const;
  void Pass(std::size_t bytes);
  Error Damaged(const char* what) const {
    return {Code::kDataLoss,
            "damaged gzip: " + path + ": " + (what == nullptr ? "not in the format" : what)};
  }
};

bool LineReader::State::IsReady() const {
  if (!follow || !stream_like || ended || stream.avail_in > 0) return true;
  pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&ready, 1, kStreamPatienceMs) != 0;
}

// Behind what is left of `raw`, which moves to its beginning.
base::Result<bool> LineReader::State::ReadRaw() {
  if (stream.avail_in > 0) std::memmove(raw.data(), stream.next_in, stream.avail_in);
  ssize_t got = 0;
  do {
    got = read(descriptor, raw.data() + stream.avail_in, raw.size() - stream.avail_in);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return CannotRead(path, errno);
  stream.next_in = raw.data();
  stream.avail_in += static_cast<unsigned>(got);
  const std::uint64_t before = std::exchange(consumed, consumed + static_cast<std::uint64_t>(got));
  if (watched && !gzip) {
    // Behind the read: what it gave is of the file as it was.
    SW_TRY_STATUS(CheckUntouched(before));
    const std::size_t kept = std::min(static_cast<std::size_t>(got), kHeadBytes);
    tail.append(reinterpret_cast<const char*>(raw.data()) + stream.avail_in - kept, kept);
    tail.erase(0, tail.size() - std::min(tail.size(), kHeadBytes));
  }
  return got > 0;
}

base::Result<bool> LineReader::State::Holds(std::string_view bytes, std::uint64_t at) const {
  std::array<char, kHeadBytes> now{};
  const ssize_t got = pread(descriptor, now.data(), bytes.size(), static_cast<off_t>(at));
  if (got < 0) return CannotRead(path, errno);
  return std::string_view(now.data(), static_cast<std::size_t>(got)) == bytes;
}

// What was read is still there. A file that was cut may be longer again by now, but has other
// bytes then, before the place `before` of the last read or at its beginning.
base::Status LineReader::State::CheckUntouched(std::uint64_t before) const {
  struct stat about{};
  if (fstat(descriptor, &about) != 0) return CannotRead(path, errno);
  const auto size = static_cast<std::uint64_t>(about.st_size);
  const auto begins = std::string_view(head).substr(0, std::min<std::uint64_t>(size, kHeadBytes));
  SW_TRY(const bool same_begin, Holds(begins, 0));
  SW_TRY(const bool same_end, Holds(tail, before - tail.size()));
  if (same_begin && same_end && size >= consumed) return {};
  const std::string behind = " while it was followed, behind line " + std::to_string(lines) +
                             ": what was written since then may be lost";
  if (same_begin && !begins.empty()) {
    return Error{Code::kAborted, path + " was cut back" + behind};
  }
  return Error{
      Code::kDataLoss,
      "cannot read changes: " + path + " was truncated or written over" + behind +
          "; if there is a copy, run --source COPY --until-end on the same store reads its "
          "rest; then start again, and rotate by renaming"};
}

base::Status LineReader::State::Start() {
  started = true;
  while (stream.avail_in < sizeof kGzipMagic) {
    SW_TRY(const bool more, ReadRaw());
    if (!more) return {};
  }
  if (std::memcmp(raw.data(), kGzipMagic, sizeof kGzipMagic) != 0) return {};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) return CannotRead(path, ENOMEM);
  gzip = in_member = true;
  return {};
}

base::Result<bool> LineReader::State::Inflate() {
  stream.next_out = reinterpret_cast<unsigned char*>(buffer.data());
  stream.avail_out = static_cast<unsigned>(buffer.size());
  while (stream.avail_out == buffer.size()) {
    if (stream.avail_in == 0) {
      SW_TRY(const bool more, ReadRaw());
      if (!more) return in_member ? base::Result<bool>(Damaged("unexpected end of file")) : false;
    }
    if (!in_member && *stream.next_in == 0) {
      padded = true;
      ++stream.next_in;
      --stream.avail_in;
      continue;
    }
    if (!in_member) {
      if (padded) return Damaged("bytes behind its end");
      inflateReset(&stream);
      in_member = true;
    }
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      in_member = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return Damaged(stream.msg);
    }
  }
  end = buffer.size() - stream.avail_out;
  return true;
}

base::Result<bool> LineReader::State::Fill() {
  if (ended) return false;
  if (!started) SW_TRY_STATUS(Start());
  begin = end = 0;
  if (gzip) {
    SW_TRY(const bool more, Inflate());
    ended = !more;
    return more;
  }
  if (stream.avail_in == 0) {
    SW_TRY(const bool more, ReadRaw());
    ended = !more;
    if (ended) return false;
  }
  end = stream.avail_in;
  std::memcpy(buffer.data(), stream.next_in, end);
  stream.avail_in = 0;
  return true;
}

LineReader::LineReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

LineReader::LineReader(LineReader&&) noexcept = default;

LineReader& LineReader::operator=(LineReader&&) noexcept = default;

LineReader::~LineReader() = default;

base::Result<LineReader> LineReader::Open(const std::string& path, std::uint64_t line_bytes_max,
                                          bool follow) {
  auto state = std::make_unique<State>();
  state->path = path == "-" ? "standard input" : path;
  state->line_bytes_max = line_bytes_max;
  state->follow = follow;
  state->descriptor = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (state->descriptor < 0) return CannotRead(state->path, errno);
  struct stat about{};
  if (fstat(state->descriptor, &about) != 0) return CannotRead(state->path, errno);
  if (S_ISDIR(about.st_mode)) {
    return Error{Code::kInvalidArgument, "cannot read changes: " + path + ": it is a directory"};
  }
  state->stream_like = !S_ISREG(about.st_mode);
  state->can_grow = follow && path != "-";
  state->watched = state->can_grow && !state->stream_like;
  state->device = about.st_dev;
  state->inode = about.st_ino;
  if (S_ISREG(about.st_mode)) state->total = static_cast<std::uint64_t>(about.st_size);
  return LineReader(std::move(state));
}

// The next bytes of the buffer are behind us.
void LineReader::State::Pass(std::size_t bytes) {
  if (head.size() < kHeadBytes) {
    head.append(buffer.data() + begin, std::min(bytes, kHeadBytes - head.size()));
  }
  begin += bytes;
  offset += bytes;
}

base::Result<bool> LineReader::GoTo(const Place& place) {
  State& s = *state_;
  while (s.offset < place.offset) {
    if (s.begin == s.end) {
      SW_TRY(const bool more, s.Fill());
      if (!more) return false;
    }
    s.Pass(std::min<std::uint64_t>(s.end - s.begin, place.offset - s.offset));
  }
  s.lines = place.lines;
  return s.head.size() == place.head_bytes &&
         base::Hex(base::Sha256Of(s.head)) == place.head_sha256;
}

base::Result<LineReader::Line> LineReader::Next(std::string& line) {
  State& s = *state_;
  line = std::exchange(s.begun, {});
  bool any = !line.empty();
  bool too_long = std::exchange(s.begun_too_long, false);
  bool ended = false;
  const auto later = [&] {
    s.begun = std::exchange(line, {});
    s.begun_too_long = too_long;
    return Line::kNothingYet;
  };
  while (true) {
    if (s.begin == s.end) {
      if (!s.IsReady()) return later();
      SW_TRY(const bool more, s.Fill());
      ended = !more;
      if (ended) break;
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
    s.Pass(size + (newline == nullptr ? 0 : 1));
    if (newline != nullptr) break;
  }
  if (ended && s.can_grow && !s.gzip) {
    s.ended = false;
    return later();
  }
  if (!any) return Line::kEnd;
  ++s.lines;
  if (!too_long && !line.empty() && line.back() == '\r') line.pop_back();
  return too_long ? Line::kTooLong : Line::kLine;
}

LineReader::Name LineReader::LookAtName() const {
  const State& s = *state_;
  if (!s.watched) return Name::kHere;
  struct stat named{};
  if (stat(s.path.c_str(), &named) != 0 || !S_ISREG(named.st_mode)) return Name::kNowhere;
  const bool same = named.st_dev == s.device && named.st_ino == s.inode;
  return same || named.st_size == 0 ? Name::kHere : Name::kNextFile;
}

void LineReader::StopFollowing() {
  state_->can_grow = false;
}

std::uint64_t LineReader::line_number() const {
  return state_->lines;
}

// A line that waits for its break is read again after a restart.
std::uint64_t LineReader::offset() const {
  return state_->offset - state_->begun.size();
}

std::string_view LineReader::head() const {
  return std::string_view(state_->head).substr(0, std::min<std::uint64_t>(kHeadBytes, offset()));
}

std::uint64_t LineReader::bytes_read() const {
  return state_->consumed - state_->stream.avail_in;
}

std::uint64_t LineReader::bytes_total() const {
  return state_->total;
}

}  // namespace stockwatch::file_source
