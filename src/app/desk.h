#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace stockwatch::app {

// Where other threads ask the thread that owns the engine: it answers between two steps, so every
// answer is of one batch boundary. Any thread may ask; one thread answers.
class Desk {
 public:
  using Work = std::function<void()>;

  enum class Asked { kDone, kBusy, kClosed };
  // Waits until the owner has done the work. kBusy: it had not begun within `patience`, and will
  // not. `work` may refer to what the caller owns.
  Asked Ask(Work work, std::chrono::milliseconds patience);

  // The owner: does what waits and what is asked right behind it, for kTogether at most; then the
  // next step has its turn, however many ask.
  void Answer();
  // The owner has nothing else to do: until something is asked, or so long.
  void WaitForQuestion(std::chrono::milliseconds longest);
  // Nothing is answered any more.
  void Close();

 private:
  static constexpr std::chrono::microseconds kFollowUp{200};
  static constexpr std::chrono::milliseconds kTogether{3};

  struct Question {
    Work work;
    bool begun = false;
    bool done = false;
    bool withdrawn = false;
  };

  std::mutex mutex_;
  std::condition_variable asked_;
  std::condition_variable answered_;
  std::deque<std::shared_ptr<Question>> waiting_;  // shared: whoever asked may have left
  bool closed_ = false;
};

}  // namespace stockwatch::app
