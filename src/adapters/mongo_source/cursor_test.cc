#include "adapters/mongo_source/cursor.h"

#include <gtest/gtest.h>

#include <deque>

#include "adapters/mongo_source/split_event.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

using bson::DocumentWriter;

std::string Token(std::string_view data) {
  return DocumentWriter().Text("_data", data).Finish();
}

std::string Event(std::string_view token) {
  return DocumentWriter().Document("_id", Token(token)).Text("operationType", "insert").Finish();
}

std::string Reply(std::int64_t cursor, std::string_view batch,
                  const std::vector<std::string>& events, std::string_view token) {
  DocumentWriter writer;
  writer.BeginDocument("cursor").BeginArray(batch);
  for (const std::string& event : events) writer.Document({}, event);
  writer.End().Int64("id", cursor).Document("postBatchResumeToken", Token(token)).End();
  writer.Timestamp("operationTime", 42).Double("ok", 1);
  return writer.Finish();
}

// Answers in the order in which it was told; keeps what was asked.
struct Script {
  std::deque<Answer> answers;
  std::vector<std::string> asked;
  std::int32_t wire_version = 21;

  Link link() {
    return {[this]() -> std::variant<Server, Failure> { return Server{wire_version, "rs"}; },
            [this](std::string_view command) {
              asked.emplace_back(command);
              if (answers.empty()) return Answer{Reply(0, "nextBatch", {}, "z"), std::nullopt};
              Answer answer = std::move(answers.front());
              answers.pop_front();
              return answer;
            }};
  }
};

std::string NameOf(const std::string& command) {
  bson::Elements elements(command);
  bson::Element first;
  elements.Next(first);
  return std::string(first.name);
}

// The stage of that number in an aggregate.
std::string Stage(const std::string& command, std::string_view number) {
  const auto pipeline = bson::Find(command, "pipeline");
  const auto stage = bson::Find(*pipeline->Array(), number);
  return stage ? std::string(*stage->Document()) : std::string();
}

StreamShape Shape() {
  return {"shop",
          {"inventory", "transactions"},
          change_event::UpdateImages::kLookup,
          Detail::kAll,
          false};
}

TEST(Cursor, OpensWithTheTokenAndAsksOnWithItsId) {
  Script script;
  script.answers = {{Reply(77, "firstBatch", {Event("a")}, "b"), std::nullopt},
                    {Reply(77, "nextBatch", {}, "c"), std::nullopt}};
  Cursor cursor(script.link(), Shape(), {10, 500});
  auto opened = cursor.Open({StartKind::kResumeAfter, Token("t"), 0});
  ASSERT_TRUE(std::holds_alternative<Batch>(opened));
  const Batch& batch = std::get<Batch>(opened);
  ASSERT_EQ(batch.documents.size(), 1u);
  EXPECT_EQ(batch.documents[0], Event("a"));
  EXPECT_EQ(batch.token, Token("b"));
  EXPECT_EQ(batch.operation_time, 42u);
  const std::string change_stream =
      std::string(*bson::Find(Stage(script.asked[0], "0"), "$changeStream")->Document());
  EXPECT_EQ(bson::Find(change_stream, "resumeAfter")->Document(), Token("t"));

  auto more = cursor.More();
  ASSERT_TRUE(std::holds_alternative<Batch>(more));
  EXPECT_EQ(bson::Find(script.asked[1], "getMore")->Whole(), 77);
  EXPECT_EQ(bson::Find(script.asked[1], "collection")->Text(), "$cmd.aggregate");
  EXPECT_EQ(bson::Find(script.asked[1], "maxTimeMS")->Whole(), 500);
  EXPECT_EQ(bson::Find(script.asked[1], "batchSize")->Whole(), 10);
}

TEST(Cursor, TellsTheServerOnceWhenItIsClosed) {
  Script script;
  script.answers = {{Reply(77, "firstBatch", {}, "b"), std::nullopt}};
  {
    Cursor cursor(script.link(), Shape(), {});
    ASSERT_TRUE(std::holds_alternative<Batch>(cursor.Open({})));
    cursor.Close();
  }
  ASSERT_EQ(script.asked.size(), 2u);
  EXPECT_EQ(NameOf(script.asked[1]), "killCursors");
}

TEST(Cursor, AfterABrokenLineItIsClosedAndNobodyIsTold) {
  Script script;
  script.answers = {{Reply(77, "firstBatch", {}, "b"), std::nullopt},
                    {{}, Failure{FailureKind::kNetwork, 0, "closed", {}}}};
  Cursor cursor(script.link(), Shape(), {});
  ASSERT_TRUE(std::holds_alternative<Batch>(cursor.Open({})));
  ASSERT_TRUE(std::holds_alternative<Failure>(cursor.More()));
  EXPECT_FALSE(cursor.is_open());
  EXPECT_EQ(script.asked.size(), 2u);
}

TEST(Cursor, SplitsLargeEventsWhereTheServerCan) {
  for (const auto& [version, splits] : {std::pair{20, false}, {21, true}}) {
    Script script;
    script.wire_version = version;
    Cursor cursor(script.link(), Shape(), {});
    static_cast<void>(cursor.Open({}));
    EXPECT_EQ(bson::Find(Stage(script.asked[0], "2"), "$changeStreamSplitLargeEvent").has_value(),
              splits);
  }
}

TEST(Cursor, ARepliesDamageIsAFailure) {
  const std::string good = Reply(77, "firstBatch", {Event("a")}, "b");
  Script script;
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    script.answers.push_back({good.substr(0, cut), std::nullopt});
  }
  Cursor cursor(script.link(), Shape(), {});
  while (!script.answers.empty()) {
    const auto opened = cursor.Open({});
    ASSERT_TRUE(std::holds_alternative<Failure>(opened));
    EXPECT_EQ(std::get<Failure>(opened).kind, FailureKind::kReply);
  }
}

TEST(StreamCommand, TheFilterIsWhatTheHashIsOf) {
  StreamShape other = Shape();
  other.detail = Detail::kSmaller;
  other.split = true;
  EXPECT_EQ(HashOf(other), HashOf(Shape()));
  other.collections = {"inventory"};
  EXPECT_NE(HashOf(other), HashOf(Shape()));
}

std::string Fragment(int fragment, int of, std::string_view token, std::string_view field) {
  DocumentWriter writer;
  writer.Document("_id", Token(token)).Text(field, "value");
  writer.BeginDocument("splitEvent").Int32("fragment", fragment).Int32("of", of).End();
  return writer.Finish();
}

TEST(SplitEvents, JoinTheirFieldsUnderTheLastToken) {
  SplitEvents split(1 << 20);
  EXPECT_EQ(split.Take(Fragment(1, 3, "a", "operationType")), SplitEvents::Taken::kMore);
  EXPECT_EQ(split.Take(Fragment(2, 3, "b", "ns")), SplitEvents::Taken::kMore);
  ASSERT_EQ(split.Take(Fragment(3, 3, "c", "fullDocument")), SplitEvents::Taken::kJoined);
  const std::string event = split.TakeJoined();
  EXPECT_EQ(bson::Find(event, "_id")->Document(), Token("c"));
  for (const std::string_view field : {"operationType", "ns", "fullDocument"}) {
    EXPECT_EQ(bson::Find(event, field)->Text(), "value");
  }
  EXPECT_FALSE(bson::Find(event, "splitEvent"));
  EXPECT_EQ(split.Take(Event("d")), SplitEvents::Taken::kWhole);
}

TEST(SplitEvents, AMissingFragmentIsNoEvent) {
  SplitEvents split(1 << 20);
  EXPECT_EQ(split.Take(Fragment(2, 3, "b", "ns")), SplitEvents::Taken::kBroken);
  EXPECT_EQ(split.Take(Fragment(1, 2, "a", "ns")), SplitEvents::Taken::kMore);
  EXPECT_EQ(split.Take(Event("b")), SplitEvents::Taken::kBroken);
}

TEST(SplitEvents, AreBounded) {
  SplitEvents split(Fragment(1, 2, "a", "ns").size());
  EXPECT_EQ(split.Take(Fragment(1, 2, "a", "ns")), SplitEvents::Taken::kMore);
  EXPECT_EQ(split.Take(Fragment(2, 2, "b", "ns")), SplitEvents::Taken::kBroken);
}

}  // namespace
}  // namespace stockwatch::mongo_source
