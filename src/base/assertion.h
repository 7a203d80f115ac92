#pragma once

namespace stockwatch::base {

// Prints "file:line: assertion failed: expression: why" to standard error and aborts.
[[noreturn]] void AssertionFailed(const char* file, int line, const char* expression,
                                  const char* why);

}  // namespace stockwatch::base

// A failure that cannot happen. On in production: a wrong figure is worse than a stop.
#define SW_ASSERT(condition, why)                                               \
  do {                                                                          \
    if (!(condition)) [[unlikely]] {                                            \
      ::stockwatch::base::AssertionFailed(__FILE__, __LINE__, #condition, why); \
    }                                                                           \
  } while (false)
