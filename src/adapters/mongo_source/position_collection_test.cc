#include "adapters/mongo_source/position_collection.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

using base::Code;
using bson::DocumentWriter;

// A primary that answers as it is told, and keeps what it was asked.
struct Primary {
  std::deque<std::variant<std::string, Failure>> answers;
  std::vector<std::string> asked;
  int selected = 0;

  Link link() {
    return {[this]() -> std::variant<Server, Failure> {
              ++selected;
              return Server{21, "rs"};
            },
            [this](std::string_view command) -> Answer {
              asked.emplace_back(command);
              if (answers.empty()) return {DocumentWriter().Double("ok", 1).Finish(), {}};
              auto answer = std::move(answers.front());
              answers.pop_front();
              if (auto* failure = std::get_if<Failure>(&answer)) return {{}, std::move(*failure)};
              return {std::get<std::string>(std::move(answer)), {}};
            }};
  }
};

std::string Hello() {
  return DocumentWriter().Date("localTime", 1'000).Finish();
}
std::string Lease(std::int64_t epoch, std::string_view record = {}) {
  DocumentWriter writer;
  writer.BeginDocument("value").Text("_id", "n").Int64("epoch", epoch);
  if (!record.empty()) writer.Text("record", record);
  writer.End();
  return writer.Finish();
}
std::string Updated(std::int32_t matched) {
  return DocumentWriter().Int32("n", matched).Finish();
}
Failure Said(std::int32_t code, FailureKind kind = FailureKind::kServer) {
  return {kind, code, "no", {}};
}

PositionCollection On(Primary& primary) {
  return PositionCollection(primary.link(), {"positions", "n", "me"});
}

TEST(PositionCollection, TakesTheLeaseAndWhatWasStored) {
  Primary primary;
  primary.answers = {Hello(), Lease(3, "AQI")};
  PositionCollection positions = On(primary);
  EXPECT_EQ(positions.Take().value(), "\x01\x02");
  primary.answers = {Updated(1)};
  EXPECT_TRUE(positions.Put("x").ok());
  const auto update = bson::Find(primary.asked.back(), "update");
  EXPECT_EQ(update->Text(), "positions");
}

TEST(PositionCollection, ALeaseThatAnotherHoldsIsWaitedFor) {
  Primary primary;
  primary.answers = {Hello(), Said(11'000)};
  PositionCollection positions = On(primary);
  const auto taken = positions.Take();
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, Code::kUnavailable);
  EXPECT_NE(taken.error().message.find("another process has the position \"n\""),
            std::string::npos);
}

TEST(PositionCollection, ALeaseThatWasLostStoresNothing) {
  Primary primary;
  primary.answers = {Hello(), Lease(3), Updated(0)};
  PositionCollection positions = On(primary);
  ASSERT_EQ(positions.Take().value(), "");
  EXPECT_EQ(positions.Put("x").error().code, Code::kFailedPrecondition);
}

TEST(PositionCollection, WhatPassesIsTriedAtAServerPickedAnew) {
  for (const Failure& failure : {Said(0, FailureKind::kNetwork), Said(10'107), Said(91)}) {
    Primary primary;
    primary.answers = {Hello(), Lease(1), failure, Updated(1)};
    PositionCollection positions = On(primary);
    ASSERT_TRUE(positions.Take().ok());
    EXPECT_EQ(positions.Put("x").error().code, Code::kUnavailable);
    EXPECT_TRUE(positions.Put("x").ok());
    EXPECT_EQ(primary.selected, 2);
  }
  Primary primary;
  primary.answers = {Hello(), Said(13)};
  PositionCollection positions = On(primary);
  EXPECT_EQ(positions.Take().error().code, Code::kFailedPrecondition) << "not allowed";
}

TEST(PositionCollection, WhatNoMajorityKeepsIsNotStored) {
  Primary primary;
  DocumentWriter writer;
  writer.Int32("n", 1).BeginDocument("writeConcernError").Int32("code", 64).End();
  primary.answers = {Hello(), Lease(1), writer.Finish()};
  PositionCollection positions = On(primary);
  ASSERT_TRUE(positions.Take().ok());
  EXPECT_EQ(positions.Put("x").error().code, Code::kUnavailable);
}

TEST(PositionCollection, DamageIsNeverABeginning) {
  for (const std::string& value : {Lease(1, "?"), Lease(0)}) {
    Primary primary;
    primary.answers = {Hello(), value};
    PositionCollection positions = On(primary);
    EXPECT_EQ(positions.Take().error().code, Code::kDataLoss);
  }
}

TEST(PositionCollection, IsGivenBackAtTheEnd) {
  Primary primary;
  primary.answers = {Hello(), Lease(4)};
  {
    PositionCollection positions = On(primary);
    ASSERT_TRUE(positions.Take().ok());
  }
  EXPECT_TRUE(bson::Find(primary.asked.back(), "update").has_value());
  Primary never;
  {
    PositionCollection positions = On(never);
  }
  EXPECT_TRUE(never.asked.empty());
}

}  // namespace
}  // namespace stockwatch::mongo_source
