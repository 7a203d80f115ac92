// To be preloaded: what the program does not use it does not keep, so that its resident memory
// shows what it uses.

#include <malloc.h>

#include <chrono>
#include <thread>

namespace {

constexpr std::chrono::milliseconds kPause{50};

const struct Trimming {
  Trimming() {
    std::thread([] {
      while (true) {
        malloc_trim(0);
        std::this_thread::sleep_for(kPause);
      }
    }).detach();
  }
} kTrimming;

}  // namespace
