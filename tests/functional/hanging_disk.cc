// To be preloaded: syncs of data hang while the file that STOCKWATCH_HOLD names is there, as on a
// disk that does not answer.

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>

namespace {

constexpr useconds_t kLook = 1000;  // microseconds between two looks

void WaitWhileHeld() {
  static const char* const kHold = std::getenv("STOCKWATCH_HOLD");
  while (kHold != nullptr && access(kHold, F_OK) == 0) usleep(kLook);
}

int Next(const char* name, int file) {
  const auto next = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name));
  return next == nullptr ? -1 : next(file);
}

}  // namespace

extern "C" int fdatasync(int file) {
  WaitWhileHeld();
  return Next("fdatasync", file);
}

extern "C" int fsync(int file) {
  WaitWhileHeld();
  return Next("fsync", file);
}
