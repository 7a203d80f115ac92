#include "adapters/file_source/file_source.h"

#include "adapters/file_source/line_reader.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "wire/change_line/change_line.h"

namespace stockwatch::file_source {
namespace {

constexpr std::uint8_t kVersion = 1;  // of positions of files; no other source's has that number

change_line::Options LineOptions(const Options& options) {
  change_line::Options line;
  line.limits.bytes_max = options.line_bytes_max;
  line.limits.depth_max = options.depth_max;
  line.update_images = options.update_images;
  return line;
}

}  // namespace

struct FileSource::State {
  Options options;
  LineReader lines;
  change_line::ChangeLineReader reader;
  bool replaced = false;        // the file has another name now: its end is its end
  bool unacknowledged = false;  // something was delivered since the last Acknowledge
  std::optional<std::string> trouble = std::nullopt;

  void Tell(ports::Weight weight, std::string_view event, const std::string& message) const {
    if (options.tell) options.tell(weight, event, message);
  }
  base::Result<LineReader> OpenLines() const {
    return LineReader::Open(options.path, options.line_bytes_max, options.follow);
  }
};

FileSource::FileSource(std::unique_ptr<State> state) : state_(std::move(state)) {}

FileSource::~FileSource() = default;

base::Result<std::unique_ptr<FileSource>> FileSource::Open(Options options) {
  SW_TRY(LineReader lines, LineReader::Open(options.path, options.line_bytes_max, options.follow));
  const change_line::Options line = LineOptions(options);
  // NOLINTNEXTLINE(modernize-make-unique): a reader can't be moved, braces make it in place.
  auto* state =
      new State{std::move(options), std::move(lines), change_line::ChangeLineReader(line)};
  return std::unique_ptr<FileSource>(new FileSource(std::unique_ptr<State>(state)));
}

base::Result<ports::Next> FileSource::Read(ports::RawInput& input) {
  input.Clear();
  const auto read = state_->lines.Next(input.bytes);
  if (!read.ok() && read.error().code == base::Code::kAborted) {
    input.Clear();
    SW_TRY_STATUS(BeginAgain(read.error().message));
    return ports::Next::kNothingYet;
  }
  SW_TRY(const LineReader::Line line, read);
  if (line == LineReader::Line::kNothingYet) return Wait();
  if (line == LineReader::Line::kEnd) {
    if (!state_->replaced) return ports::Next::kEnd;
    return GoOnWithNext();
  }
  state_->unacknowledged = true;
  input.line = state_->lines.line_number();
  if (line == LineReader::Line::kTooLong) {
    input.reject = event::Reject{
        event::Stage::kRead, "too large",
        "line longer than " + std::to_string(state_->options.line_bytes_max) + " bytes"};
    return ports::Next::kInput;
  }
  state_->reader.Read(input);
  return ports::Next::kInput;
}

// Looks where the name leads. Between this and the end of the file as it is found then, whoever
// wrote into it has gone on in the next.
base::Result<ports::Next> FileSource::Wait() {
  State& s = *state_;
  const LineReader::Name name = s.lines.LookAtName();
  if (name != LineReader::Name::kNowhere) {
    s.trouble.reset();
  } else if (!s.trouble) {
    s.trouble = "source: no file has the name " + s.options.path +
                " any more: the one that had it is read on, and the next that gets it from its "
                "beginning";
    s.Tell(ports::Weight::kWarning, "source_gone", *s.trouble);
  }
  if (name == LineReader::Name::kNextFile) {
    s.replaced = true;
    s.lines.StopFollowing();
  }
  return ports::Next::kNothingYet;
}

// A restart opens what has the name then, so the file before must be safe to its last line.
base::Result<ports::Next> FileSource::GoOnWithNext() {
  State& s = *state_;
  if (s.unacknowledged) return ports::Next::kNothingYet;
  auto next = s.OpenLines();
  // It was there a moment ago; the next that gets the name is waited for.
  if (!next.ok() && next.error().code == base::Code::kNotFound) return Wait();
  const std::uint64_t lines = s.lines.line_number();
  SW_TRY(s.lines, std::move(next));
  s.replaced = false;
  s.Tell(ports::Weight::kInfo, "source_replaced",
         "another file has the name " + s.options.path +
             ": the one before was read to its end, line " + std::to_string(lines));
  return ports::Next::kNothingYet;
}

// What was cut off is read again where it comes again, and known where it was taken before.
base::Status FileSource::BeginAgain(const std::string& why) {
  SW_TRY(state_->lines, state_->OpenLines());
  state_->replaced = false;
  state_->Tell(ports::Weight::kWarning, "source_cut",
               why + "; it is read from its beginning again");
  return {};
}

base::Status FileSource::Acknowledge() {
  state_->unacknowledged = false;
  return {};
}

const std::optional<std::string>& FileSource::trouble() const {
  return state_->trouble;
}

// How far it was read, and by what the file is known again: its beginning.
std::string FileSource::Position() const {
  if (state_->options.path == "-") return {};
  const LineReader& lines = state_->lines;
  std::string record;
  base::ByteWriter writer(record);
  writer.Put(kVersion);
  writer.Put(lines.offset());
  writer.Put(lines.line_number());
  writer.Put(static_cast<std::uint32_t>(lines.head().size()));
  writer.PutBytes(base::Hex(base::Sha256Of(lines.head())));
  return record;
}

base::Status FileSource::Resume(std::string_view position) {
  base::ByteReader reader(position);
  if (reader.Take<std::uint8_t>() != kVersion) {
    return base::Error{base::Code::kFailedPrecondition,
                       "the store follows another kind of source, or a newer version wrote its "
                       "position: go on with that source, or begin a new store"};
  }
  const auto offset = reader.Take<std::uint64_t>();
  const auto lines = reader.Take<std::uint64_t>();
  const auto head_size = reader.Take<std::uint32_t>();
  const std::string_view digest = reader.TakeBytes();
  SW_TRY_STATUS(reader.Finish("position of a file"));
  SW_TRY(const bool went_on, state_->lines.GoTo({offset, lines, head_size, std::string(digest)}));
  if (went_on) return {};
  // Another file, which is read whole: what was taken before is known again.
  SW_TRY(state_->lines, state_->OpenLines());
  state_->Tell(ports::Weight::kWarning, "source_other",
               state_->options.path + " is not the file that the store stands in, of which " +
                   std::to_string(lines) +
                   " lines were read: it is read from its beginning; if that one had more, stop, "
                   "run --source THAT --until-end on the same store reads its rest, then start "
                   "again");
  return {};
}

std::uint64_t FileSource::bytes_read() const {
  return state_->lines.bytes_read();
}

std::uint64_t FileSource::bytes_total() const {
  return state_->lines.bytes_total();
}

}  // namespace stockwatch::file_source
