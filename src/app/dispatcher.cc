#include "app/dispatcher.h"

#include <chrono>
#include <utility>

namespace stockwatch::app {
namespace {

ports::Notifier::Answer Handed(const outbox::Row& row, std::uint64_t lease,
                               ports::Channel& channel) {
  const auto began = std::chrono::steady_clock::now();
  ports::Notifier::Answer answer;
  answer.lease = lease;
  answer.sent = channel.Send(row);
  answer.latency = base::Duration::Micros(std::chrono::duration_cast<std::chrono::microseconds>(
                                              std::chrono::steady_clock::now() - began)
                                              .count());
  return answer;
}

}  // namespace

Dispatcher::Dispatcher(Channels channels) : channels_(std::move(channels)) {
  for (auto& [name, of_name] : channels_) {
    Queue& queue = queues_[name];
    for (const auto& channel : of_name) {
      threads_.emplace_back([this, &queue, &channel = *channel](const std::stop_token& stop) {
        Run(stop, queue, channel);
      });
    }
  }
}

Dispatcher::~Dispatcher() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void Dispatcher::Begin(const outbox::Row& row, std::uint64_t lease) {
  const auto queue = queues_.find(row.destination);
  if (queue == queues_.end()) {
    Answer answer;
    answer.lease = lease;
    answer.sent.outcome = outbox::Outcome::kRefused;
    answer.sent.detail = "there is no channel " + row.destination;
    return Put(std::move(answer));
  }
  const std::lock_guard lock(queue->second.mutex);
  queue->second.jobs.push_back({row, lease});
  queue->second.news.notify_one();
}

void Dispatcher::Run(const std::stop_token& stop, Queue& queue, ports::Channel& channel) {
  while (true) {
    Job job;
    {
      std::unique_lock lock(queue.mutex);
      if (!queue.news.wait(lock, stop, [&] { return !queue.jobs.empty(); })) return;
      // What was not begun is begun by the next engine.
      if (stop.stop_requested()) return;
      job = std::move(queue.jobs.front());
      queue.jobs.pop_front();
    }
    Put(Handed(job.row, job.lease, channel));
  }
}

void Dispatcher::Put(Answer answer) {
  const std::lock_guard lock(mutex_);
  answers_.push_back(std::move(answer));
}

std::vector<ports::Notifier::Answer> Dispatcher::TakeAnswers() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

void DirectDispatcher::Begin(const outbox::Row& row, std::uint64_t lease) {
  answers_.push_back(Handed(row, lease, channel_));
}

std::vector<ports::Notifier::Answer> DirectDispatcher::TakeAnswers() {
  return std::exchange(answers_, {});
}

}  // namespace stockwatch::app
