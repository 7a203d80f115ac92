#include "adapters/console_notifier/console_notifier.h"

#include <ios>
#include <string>

#include "adapters/console_notifier/notice_line.h"

namespace stockwatch::console_notifier {
namespace {

base::Error Failed(const outbox::Row& row) {
  return {base::Code::kUnavailable, "cannot write notice to the console: " + row.key};
}

}  // namespace

base::Status ConsoleNotifier::Deliver(const outbox::Row& row) {
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
  return {};
}

}  // namespace stockwatch::console_notifier
