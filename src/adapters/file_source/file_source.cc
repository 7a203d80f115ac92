#include "adapters/file_source/file_source.h"

#include "adapters/file_source/line_reader.h"
#include "wire/ejson/ejson_reader.h"

namespace stockwatch::file_source {
namespace {

event::Reject Unreadable(const base::Error& error) {
  const bool limit = error.code == base::Code::kResourceExhausted;
  return {event::Stage::kRead, limit ? "too large" : "malformed JSON", error.message};
}

}  // namespace

struct FileSource::State {
  Options options;
  LineReader lines;
  ejson::EjsonReader reader;
  ejson::Limits limits;
};

FileSource::FileSource(std::unique_ptr<State> state) : state_(std::move(state)) {}

FileSource::~FileSource() = default;

base::Result<std::unique_ptr<FileSource>> FileSource::Open(Options options) {
  SW_TRY(LineReader lines, LineReader::Open(options.path, options.line_bytes_max));
  auto state = std::make_unique<State>(std::move(options), std::move(lines));
  state->limits.bytes_max = state->options.line_bytes_max;
  state->limits.depth_max = state->options.depth_max;
  return std::unique_ptr<FileSource>(new FileSource(std::move(state)));
}

base::Result<ports::Next> FileSource::Read(ports::RawInput& input) {
  input.Clear();
  SW_TRY(const LineReader::Line line, state_->lines.Next(input.bytes));
  if (line == LineReader::Line::kEnd) return ports::Next::kEnd;
  input.line = state_->lines.line_number();
  if (line == LineReader::Line::kTooLong) {
    input.reject = event::Reject{
        event::Stage::kRead, "too large",
        "line longer than " + std::to_string(state_->options.line_bytes_max) + " bytes"};
    return ports::Next::kInput;
  }
  const base::Status read = state_->reader.Read(input.bytes, state_->limits, input.change.event);
  if (!read.ok()) {
    input.reject = Unreadable(read.error());
    return ports::Next::kInput;
  }
  input.reject = change_event::ToRawChange(input.change, state_->options.update_images);
  return ports::Next::kInput;
}

std::uint64_t FileSource::bytes_read() const {
  return state_->lines.bytes_read();
}

std::uint64_t FileSource::bytes_total() const {
  return state_->lines.bytes_total();
}

}  // namespace stockwatch::file_source
