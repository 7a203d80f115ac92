// To be preloaded: syncs of data hang while the file that STOCKWATCH_HOLD names is there, as on a
// disk that does not answer. When it is a journal's, a file beside that one says so: <name>.hangs.

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace {

constexpr useconds_t kLook = 1000;  // microseconds between two looks

bool IsJournal(int file) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return size > 0 &&
         std::string_view(path.data(), static_cast<std::size_t>(size)).ends_with(".log");
}

void WaitWhileHeld(int file) {
  static const char* const kHold = std::getenv("STOCKWATCH_HOLD");
  if (kHold == nullptr || access(kHold, F_OK) != 0) return;
  if (IsJournal(file)) std::ofstream(std::string(kHold) + ".hangs");
  while (access(kHold, F_OK) == 0) usleep(kLook);
}

int Next(const char* name, int file) {
  const auto next = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name));
  return next == nullptr ? -1 : next(file);
}

}  // namespace

extern "C" int fdatasync(int file) {
  WaitWhileHeld(file);
  return Next("fdatasync", file);
}

extern "C" int fsync(int file) {
  WaitWhileHeld(file);
  return Next("fsync", file);
}
