#include "app/desk.h"

namespace stockwatch::app {

Desk::Asked Desk::Ask(Work work, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (closed_) return Asked::kClosed;
  const auto question = std::make_shared<Question>();
  question->work = std::move(work);
  waiting_.push_back(question);
  asked_.notify_one();
  answered_.wait_for(lock, patience, [&] { return question->begun || closed_; });
  if (!question->begun) {
    question->withdrawn = true;
    return closed_ ? Asked::kClosed : Asked::kBusy;
  }
  answered_.wait(lock, [&] { return question->done; });
  return Asked::kDone;
}

void Desk::Answer() {
  std::unique_lock lock(mutex_);
  if (waiting_.empty()) return;
  const auto until = std::chrono::steady_clock::now() + kTogether;
  do {
    const std::shared_ptr<Question> question = std::move(waiting_.front());
    waiting_.pop_front();
    if (question->withdrawn) continue;
    question->begun = true;
    lock.unlock();
    question->work();
    lock.lock();
    question->done = true;
    answered_.notify_all();
    if (waiting_.empty()) {
      asked_.wait_for(lock, kFollowUp, [&] { return !waiting_.empty(); });
    }
  } while (!waiting_.empty() && std::chrono::steady_clock::now() < until);
}

void Desk::WaitForQuestion(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  asked_.wait_for(lock, longest, [&] { return !waiting_.empty(); });
}

void Desk::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  answered_.notify_all();
}

}  // namespace stockwatch::app
