#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace stockwatch::bson {

// Why a reader of bytes stopped, and where. The calls return false for the reader to return; `at`
// may be null.
class ReadFailure {
 public:
  [[gnu::cold, gnu::noinline]] bool Malformed(std::string_view what, const char* at) {
    code_ = base::Code::kInvalidArgument;
    what_ = what;
    at_ = at;
    return false;
  }
  [[gnu::cold, gnu::noinline]] bool BeyondLimit(std::string_view what, const char* at) {
    Malformed(what, at);
    code_ = base::Code::kResourceExhausted;
    return false;
  }

  // "cannot read bson: string is not UTF-8 at byte 17"
  base::Error ToError(std::string_view format, const char* begin) const {
    std::string message = "cannot read " + std::string(format) + ": " + what_;
    if (at_ != nullptr) message += " at byte " + std::to_string(at_ - begin);
    return {code_, std::move(message)};
  }

 private:
  base::Code code_ = base::Code::kInvalidArgument;
  std::string what_;
  const char* at_ = nullptr;
};

}  // namespace stockwatch::bson
