#include "base/assertion.h"

#include <cstdio>
#include <cstdlib>

namespace stockwatch::base {

void AssertionFailed(const char* file, int line, const char* expression, const char* why) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s: %s\n", file, line, expression, why);
  std::abort();
}

}  // namespace stockwatch::base
