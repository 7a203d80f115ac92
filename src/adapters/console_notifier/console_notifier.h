#pragma once

#include <ostream>

#include "domain/outbox/outbox_row.h"
#include "ports/notifier.h"

namespace stockwatch::console_notifier {

// Tells people at a terminal: one line a notice. One thread at a time.
class ConsoleNotifier : public ports::Channel {
 public:
  struct Options {
    bool colour = false;  // ANSI escapes; for terminals only
  };

  // `out` must outlive the notifier.
  ConsoleNotifier(std::ostream& out, Options options) : out_(out), options_(options) {}

  // The line is flushed. kUnknown: the stream did not take it, or not all of it. A stream that
  // failed before is tried again.
  ports::Sent Send(const outbox::Row& row) override;

 private:
  std::ostream& out_;
  const Options options_;
};

}  // namespace stockwatch::console_notifier
