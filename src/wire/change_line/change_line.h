#pragma once

#include <cstdint>

#include "ports/change_source.h"
#include "wire/change_event/change_event.h"
#include "wire/ejson/ejson_reader.h"

namespace stockwatch::change_line {

struct Options {
  ejson::Limits limits;
  change_event::UpdateImages update_images = change_event::UpdateImages::kLookup;
};

// A change event on one line of Extended JSON, as files hold it. One thread at a time.
class ChangeLineReader {
 public:
  explicit ChangeLineReader(Options options) : options_(options) {}

  // Fills `input.change` from `input.bytes`, or `input.reject` where they are no change event.
  void Read(ports::RawInput& input);

 private:
  Options options_;
  ejson::EjsonReader reader_;
};

}  // namespace stockwatch::change_line
