#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/reply.h"

namespace stockwatch::mongo_source {

// Finds that are under way at once, each over a line of its own, and their replies in the order in
// which they were asked for. For one thread; has a thread for each line.
class Finds {
 public:
  // No lines: each find goes over `link`, when its reply is taken.
  Finds(const Link& link, const std::vector<Link>& lines);
  // Waits for the replies that are under way.
  ~Finds();
  Finds(const Finds&) = delete;
  Finds& operator=(const Finds&) = delete;

  void Ask(std::string command);
  // Asked and not taken.
  std::size_t waiting() const { return asked_.size(); }
  // The reply to the oldest; waits for it. A cursor that it leaves open is closed. REQUIRES:
  // waiting() > 0
  std::variant<Batch, Failure> Take();
  // Nobody wants the replies to what was asked so far.
  void Forget();

 private:
  using Reply = std::variant<Batch, Failure>;
  struct Find {
    std::string command;
    std::optional<Reply> reply;
  };

  void Serve(const Link& line);

  const Link& link_;
  std::deque<std::shared_ptr<Find>> asked_;  // of the thread that takes
  std::mutex mutex_;                         // of what follows, and of all replies
  std::condition_variable news_;
  std::deque<std::shared_ptr<Find>> todo_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace stockwatch::mongo_source
