#include "adapters/mongo_source/finds.h"

#include <gtest/gtest.h>

#include <atomic>

#include "testing/patience.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

std::string Command(int number) {
  return bson::DocumentWriter().Text("find", "inventory").Int32("number", number).Finish();
}

// Says back what it was asked.
Answer Echo(std::string_view command, std::int64_t cursor = 0) {
  bson::DocumentWriter reply;
  reply.BeginDocument("cursor").BeginArray("firstBatch").Document({}, command).End();
  reply.Int64("id", cursor).Timestamp("atClusterTime", 1).End().Double("ok", 1);
  return {reply.Finish(), std::nullopt};
}

int NumberOf(const std::variant<Batch, Failure>& reply) {
  const auto* batch = std::get_if<Batch>(&reply);
  if (batch == nullptr) return -1;
  return static_cast<int>(*bson::Find(batch->documents.at(0), "number")->Whole());
}

Link Line(std::function<Answer(std::string_view)> send) {
  return {[]() -> std::variant<Server, Failure> { return Server{}; }, std::move(send)};
}

TEST(Finds, AreUnderWayAtOnceAndComeInTheirOrder) {
  std::atomic<int> arrived = 0;
  std::atomic<bool> later_answered = false;
  const Link line = Line([&](std::string_view command) {
    ++arrived;
    EXPECT_TRUE(testing::Comes([&] { return arrived == 2; }));
    const bool later = NumberOf(ReadBatch(Echo(command).bytes)) == 1;
    if (later) later_answered = true;
    EXPECT_TRUE(testing::Comes([&] { return later_answered.load(); }));
    return Echo(command);
  });
  Finds finds(line, {line, line});
  finds.Ask(Command(0));
  finds.Ask(Command(1));
  EXPECT_EQ(NumberOf(finds.Take()), 0);
  EXPECT_EQ(NumberOf(finds.Take()), 1);
  EXPECT_EQ(finds.waiting(), 0u);
}

TEST(Finds, WithoutLinesAreAskedWhenTheyAreTaken) {
  int sent = 0;
  const Link link = Line([&](std::string_view command) {
    ++sent;
    return Echo(command);
  });
  Finds finds(link, {});
  finds.Ask(Command(0));
  finds.Ask(Command(1));
  EXPECT_EQ(sent, 0);
  EXPECT_EQ(NumberOf(finds.Take()), 0);
  EXPECT_EQ(sent, 1);
}

TEST(Finds, AfterAFailureTheServerIsPickedAgain) {
  std::atomic<int> picked = 0;
  std::atomic<int> sent = 0;
  const Link line{[&]() -> std::variant<Server, Failure> {
                    ++picked;
                    return Server{};
                  },
                  [&](std::string_view command) -> Answer {
                    if (sent++ == 0) return {{}, Failure{FailureKind::kNetwork, 0, "gone", {}}};
                    return Echo(command);
                  }};
  Finds finds(line, {line});
  finds.Ask(Command(0));
  EXPECT_TRUE(std::holds_alternative<Failure>(finds.Take()));
  for (int i = 1; i <= 2; ++i) {
    finds.Ask(Command(i));
    EXPECT_EQ(NumberOf(finds.Take()), i);
  }
  EXPECT_EQ(picked, 2);
}

TEST(Finds, WhatWasForgottenIsNotGiven) {
  const Link line = Line([](std::string_view command) { return Echo(command); });
  Finds finds(line, {line});
  for (int i = 0; i < 3; ++i) finds.Ask(Command(i));
  finds.Forget();
  finds.Ask(Command(7));
  EXPECT_EQ(NumberOf(finds.Take()), 7);
}

TEST(Finds, CloseACursorThatAReplyLeavesOpen) {
  std::vector<std::string> killed;
  const Link link = Line([&](std::string_view command) {
    if (bson::Find(command, "find")) return Echo(command, 9);
    killed.emplace_back(bson::Find(command, "killCursors")->Text().value_or(""));
    return Answer{};
  });
  Finds finds(link, {});
  finds.Ask(Command(0));
  EXPECT_EQ(NumberOf(finds.Take()), 0);
  EXPECT_EQ(killed, std::vector<std::string>{"inventory"});
}

}  // namespace
}  // namespace stockwatch::mongo_source
