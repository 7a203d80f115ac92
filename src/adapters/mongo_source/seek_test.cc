#include <gtest/gtest.h>

#include <utility>

#include "adapters/mongo_source/fake_shop.h"
#include "testing/patience.h"

namespace stockwatch::mongo_source {
namespace {

using base::Code;
using testing::Comes;

TEST(MongoSource, SeekGoesElsewhereAndPauseNowhere) {
  FakeServer server;
  server.Insert(4);
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 4).names, Numbers(0, 4));
  ASSERT_TRUE(source->Seek({StartKind::kStartAtOperationTime, {}, std::uint64_t{2} << 32}).ok());
  EXPECT_EQ(ReadSome(*source, 3).names, Numbers(1, 4));
}

// Nothing would come until then, without a sign.
TEST(MongoSource, SeekIntoTheFutureIsRefused) {
  FakeServer server;
  server.Insert(4);
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 4).names, Numbers(0, 4));
  const base::Status sought =
      source->Seek({StartKind::kStartAtOperationTime, {}, std::uint64_t{4'000} << 32});
  ASSERT_FALSE(sought.ok());
  EXPECT_EQ(sought.error().code, Code::kInvalidArgument);
}

// History is lost at the place that was asked for, not at the one where it was.
TEST(MongoSource, SeekToWhereHistoryIsGoneGoesOnWhereItWasWithoutAGap) {
  for (const OnLostHistory policy : {OnLostHistory::kFail, OnLostHistory::kResnapshot}) {
    FakeServer server;
    server.inventory = {"a"};
    server.Insert(4);
    Options options = ShopOptions();
    options.on_lost_history = policy;
    auto source = SourceOver(server, options);
    ASSERT_EQ(ReadSome(*source, 4).names, Numbers(0, 4));
    server.FailWith(
        [refused = false](std::size_t, std::string_view name) mutable -> std::optional<Failure> {
          if (name != "aggregate" || std::exchange(refused, true)) return std::nullopt;
          return Said(286);
        });
    ASSERT_TRUE(source->Seek({StartKind::kStartAtOperationTime, {}, std::uint64_t{1} << 32}).ok());
    ASSERT_TRUE(Comes([&] { return server.Asked("aggregate").size() >= 3; }));
    server.Insert(1);
    EXPECT_EQ(ReadSome(*source, 1).names, Numbers(4, 5));
    EXPECT_EQ(source->status().gaps, 0u);
  }
}

// A place that the server refuses is given up for the one before.
TEST(MongoSource, SeekToATokenThatNobodyKnowsGoesOnWhereItWas) {
  FakeServer server;
  server.Insert(4);
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 4).names, Numbers(0, 4));
  server.FailWith(
      [refused = 0](std::size_t, std::string_view name) mutable -> std::optional<Failure> {
        if (name != "aggregate" || ++refused > 2) return std::nullopt;
        return Said(260);
      });
  ASSERT_TRUE(source->Seek(StartBehind("no token")).ok());
  ASSERT_TRUE(Comes([&] { return server.Asked("aggregate").size() >= 4; }));
  server.Insert(1);
  EXPECT_EQ(ReadSome(*source, 1).names, Numbers(4, 5));
}

}  // namespace
}  // namespace stockwatch::mongo_source
