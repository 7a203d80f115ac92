#pragma once

#include <string>
#include <string_view>

namespace stockwatch::base {

// What the caller does next decides the code (google.rpc codes).
enum class Code {
  kInvalidArgument,     // reject the input; it never becomes right by itself
  kFailedPrecondition,  // fix something first, then try again
  kNotFound,
  kAlreadyExists,
  kAborted,            // a stale command: read again, then decide
  kResourceExhausted,  // a named limit was reached
  kUnavailable,        // try again later
  kDataLoss,           // stored bytes are damaged; stop
  kUnimplemented,      // not in this version
};

std::string_view CodeName(Code code);

// `message` is lower case, says what was tried, and ends with the value.
struct Error {
  Code code;
  std::string message;
};

}  // namespace stockwatch::base
