#pragma once

#include <atomic>
#include <streambuf>

namespace stockwatch::console_notifier {

// A stream to a pipe or a terminal that waits for whoever reads there, until it is told that nobody
// waits any more: a reader that has stopped keeps no engine from ending. Nothing is buffered. One
// writer at a time; Stop from any thread.
class PatientOutput : public std::streambuf {
 public:
  // `descriptor` is the caller's and must outlive it.
  explicit PatientOutput(int descriptor) : descriptor_(descriptor) {}

  // What cannot be written at once fails from here on.
  void Stop() { stopped_ = true; }

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int_type overflow(int_type c) override;

 private:
  bool WaitUntilItTakes() const;

  int descriptor_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace stockwatch::console_notifier
