#include "wire/change_line/change_line.h"

namespace stockwatch::change_line {
namespace {

event::Reject Unreadable(const base::Error& error) {
  const bool limit = error.code == base::Code::kResourceExhausted;
  return {event::Stage::kRead, limit ? "too large" : "malformed JSON", error.message};
}

}  // namespace

void ChangeLineReader::Read(ports::RawInput& input) {
  const base::Status read = reader_.Read(input.bytes, options_.limits, input.change.event);
  if (read.ok()) {
    input.reject = change_event::ToRawChange(input.change, options_.update_images);
  } else {
    input.reject = Unreadable(read.error());
  }
}

}  // namespace stockwatch::change_line
