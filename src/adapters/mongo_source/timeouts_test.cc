#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/mongo_source/fake_shop.h"
#include "testing/patience.h"

namespace stockwatch::mongo_source {
namespace {

using base::Duration;
using testing::Comes;

// Has much of its oplog to look through behind its first change: a getMore that comes there and
// each opening takes it 25 s, which are not waited for here.
class SlowServer {
 public:
  SlowServer() {
    server_.batch = 1;
    server_.Insert(2);
    server_.FailWith([this, more = 0](std::size_t, std::string_view name) mutable {
      if (name == "getMore") ++more;
      const bool looks = more == 2 && !(name == "aggregate" && allowed_.back() >= kLook);
      return looks ? std::optional(Failure{FailureKind::kNetwork, 0, "timeout", {}, Hint::kTimeout})
                   : std::nullopt;
    });
  }

  // Its `allow` is called by who sends.
  Link link() {
    Link link = server_.link();
    link.allow = [this](Duration timeout) { allowed_.push_back(timeout); };
    return link;
  }
  std::vector<std::string> Opened() const { return server_.Asked("aggregate"); }
  const std::vector<Duration>& allowed() const { return allowed_; }

 private:
  static constexpr Duration kLook = Duration::Seconds(25);
  FakeServer server_;
  std::vector<Duration> allowed_;
};

// A server looks through its oplog within one answer, of a getMore as of an opening: with the same
// time for each try it would never come to the end of it.
TEST(MongoSource, AServerThatMustLookThroughMuchGetsMoreTimeAndThenTheUsual) {
  SlowServer server;
  Options options = ShopOptions();
  options.socket_timeout = Duration::Seconds(10);
  std::mutex mutex;
  std::string told;
  auto source = MongoSource::Over(server.link(), options, [&](Weight, auto, std::string_view text) {
    const std::lock_guard lock(mutex);
    told.append(text).append("\n");
  });
  EXPECT_EQ(ReadSome(*source, 2).names, Numbers(0, 2));
  ASSERT_TRUE(Comes([&] { return server.Opened().size() == 5; }));
  source->Stop();
  EXPECT_EQ(server.allowed(), (std::vector<Duration>{Duration::Seconds(10), Duration::Seconds(10),
                                                     Duration::Seconds(20), Duration::Seconds(40),
                                                     Duration::Seconds(10)}));
  for (const char* const line : {"is asked for answers in 20s at most", "in 40s at most",
                                 "opened again with answers in 10s at most"}) {
    EXPECT_NE(told.find(line), std::string::npos) << line << "\n" << told;
  }
  const std::vector<std::string> opened = server.Opened();
  EXPECT_NE(opened[1], opened[0]);
  EXPECT_TRUE(std::equal(opened.begin() + 2, opened.begin() + 4, opened.begin() + 1))
      << "nothing is left out";
}

}  // namespace
}  // namespace stockwatch::mongo_source
