#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ports/notifier.h"

namespace stockwatch::app {

// Hands rows to channels by threads of its own, some for each channel, so that a receiver that is
// slow holds up neither the engine nor the other receivers. Begin and TakeAnswers are for the
// engine's thread. What waits here is what the delivery loop lets be in flight.
class Dispatcher : public ports::Notifier {
 public:
  // As many channels of one name as there may be rows on their way to it at once: each has a
  // thread.
  using Channels = std::map<std::string, std::vector<std::unique_ptr<ports::Channel>>>;
  explicit Dispatcher(Channels channels);
  // Waits for what is on its way, which channels bound by their timeouts.
  ~Dispatcher() override;
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // A destination without a channel is refused.
  void Begin(const outbox::Row& row, std::uint64_t lease) override;
  std::vector<Answer> TakeAnswers() override;

 private:
  struct Job {
    outbox::Row row;
    std::uint64_t lease = 0;
  };
  struct Queue {
    std::mutex mutex;
    std::condition_variable_any news;
    std::deque<Job> jobs;
  };
  void Run(const std::stop_token& stop, Queue& queue, ports::Channel& channel);
  void Put(Answer answer);

  Channels channels_;
  std::map<std::string, Queue> queues_;
  std::mutex mutex_;
  std::vector<Answer> answers_;  // guarded by mutex_
  std::vector<std::jthread> threads_;
};

// The same on the caller's thread: for replays, where nothing else waits.
class DirectDispatcher : public ports::Notifier {
 public:
  // `channel` must outlive it.
  explicit DirectDispatcher(ports::Channel& channel) : channel_(channel) {}

  void Begin(const outbox::Row& row, std::uint64_t lease) override;
  std::vector<Answer> TakeAnswers() override;

 private:
  ports::Channel& channel_;
  std::vector<Answer> answers_;
};

}  // namespace stockwatch::app
