#include "adapters/console_notifier/console_notifier.h"

#include <ios>
#include <string>

#include "adapters/console_notifier/notice_line.h"

namespace stockwatch::console_notifier {
namespace {

ports::Sent Failed(const outbox::Row& row) {
  ports::Sent sent;
  sent.outcome = outbox::Outcome::kUnknown;
  sent.detail = "cannot write notice to the console: " + row.key;
  return sent;
}

}  // namespace

ports::Sent ConsoleNotifier::Send(const outbox::Row& row) {
  std::string line;
  AppendNoticeLine(line, row.message, options_.colour ? Colour::kAnsi : Colour::kNone);
  line.push_back('\n');
  try {
    out_.clear();
    out_.write(line.data(), static_cast<std::streamsize>(line.size()));
    out_.flush();
  } catch (const std::ios_base::failure&) {  // a stream may be set to throw
    return Failed(row);
  }
  if (!out_) return Failed(row);
  ports::Sent sent;
  sent.outcome = outbox::Outcome::kDelivered;
  return sent;
}

}  // namespace stockwatch::console_notifier
