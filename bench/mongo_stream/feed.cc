// A server of MongoDB's protocol with the change stream of stream.h, as fast as it is asked for or
// at a rate. Says its URI. Its standard input: at an empty line every connection is closed, as by a
// server that dies and is there again; a number is how many changes there are, until the next one;
// at its end it ends.
//
//   mongo_feed ITEMS CHANGES [RATE [PER_SECOND]]
//
// RATE: movements in a second; 0 or none: all are there. PER_SECOND: changes to a second of cluster
// time (10,000).

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "stream.h"
#include "testing/scripted_mongo/server.h"
#include "wire/bson/element.h"

namespace {

using namespace stockwatch;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kBatch = 1000;
constexpr std::uint64_t kPerSecond = 10'000;
constexpr std::chrono::milliseconds kAwait{500};
constexpr std::chrono::milliseconds kTick{2};

// How many changes have happened by now: the items at once, movements from then on.
class Happening {
 public:
  Happening(std::uint64_t items, std::uint64_t size, std::uint64_t rate)
      : items_(items), size_(size), rate_(rate) {}
  std::uint64_t Count() {
    const std::uint64_t there = std::min(size_, there_.load());
    if (rate_ == 0) return there;
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    return std::min(there, items_ + static_cast<std::uint64_t>(seconds * double(rate_)));
  }
  void Begin() { begin_ = Clock::now(); }
  void Limit(std::uint64_t count) { there_ = count; }

 private:
  std::uint64_t items_;
  std::uint64_t size_;
  std::uint64_t rate_;
  Clock::time_point begin_ = Clock::now();
  std::atomic<std::uint64_t> there_ = UINT64_MAX;
};

std::int64_t CursorOf(std::string_view request) {
  const auto id = bson::Find(request, "getMore");
  return id ? id->Whole().value_or(0) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: mongo_feed ITEMS CHANGES [RATE [PER_SECOND]]\n");
    return 2;
  }
  const auto number = [&](int i) { return i < argc ? std::strtoull(argv[i], nullptr, 10) : 0; };
  const mongo_stream::Stream stream(number(1), number(2), argc > 4 ? number(4) : kPerSecond);
  Happening happening(number(1), stream.size(), number(3));
  scripted_mongo::Server server;
  // A connection that was closed may still be answered to: each cursor has a place of its own.
  std::mutex mutex;
  std::map<std::int64_t, std::uint64_t> places;
  server.SayMade("aggregate", [&](std::string_view request) {
    const std::uint64_t begin = stream.BeginOf(request);
    if (begin == 0) happening.Begin();
    const std::scoped_lock lock(mutex);
    const auto cursor = static_cast<std::int64_t>(places.size() + 1);
    places[cursor] = begin;
    return scripted_mongo::Answer{.body = stream.Reply("firstBatch", cursor, begin, begin)};
  });
  server.SayMade("getMore", [&](std::string_view request) {
    const std::int64_t cursor = CursorOf(request);
    std::uint64_t begin = 0;
    {
      const std::scoped_lock lock(mutex);
      begin = places.at(cursor);
    }
    const auto until = Clock::now() + kAwait;
    while (happening.Count() <= begin && Clock::now() < until) std::this_thread::sleep_for(kTick);
    const std::uint64_t end = std::max(begin, std::min(happening.Count(), begin + kBatch));
    const std::scoped_lock lock(mutex);
    places[cursor] = end;
    return scripted_mongo::Answer{.body = stream.Reply("nextBatch", cursor, begin, end)};
  });
  std::printf("%s\n", server.Uri().c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) {
      server.CloseConnections();
    } else {
      happening.Limit(std::strtoull(line.c_str(), nullptr, 10));
    }
  }
  return 0;
}
