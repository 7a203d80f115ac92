#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/mongo_source/connection.h"
#include "adapters/mongo_source/course.h"
#include "adapters/mongo_source/cursor.h"
#include "testing/patience.h"
#include "testing/scripted_mongo/server.h"
#include "wire/bson/element.h"

// The connection and the cursor as they are, against a server that says what we want: what the
// driver makes of it.
namespace stockwatch::mongo_source {
namespace {

using scripted_mongo::Broken;
using scripted_mongo::Bson;
using scripted_mongo::ClusterTime;
using scripted_mongo::EventOf;
using scripted_mongo::FirstBatch;
using scripted_mongo::NextBatch;
using scripted_mongo::Request;
using scripted_mongo::TokenOf;
using testing::Comes;
using Manner = scripted_mongo::Answer::Manner;

constexpr ClusterTime kAt{.seconds = 0x65000001, .increment = 1};
constexpr ClusterTime kLater{.seconds = 0x65000002, .increment = 1};

Options OptionsOf(const scripted_mongo::Server& server, std::string_view more = {}) {
  Options options;
  options.uri = server.Uri(more);
  options.database = "shop";
  options.collections = {"inventory", "transactions", "thresholds"};
  options.await = base::Duration::Micros(50'000);
  options.connect_timeout = base::Duration::Seconds(20);
  options.socket_timeout = base::Duration::Seconds(60);
  return options;
}

// A connection with a cursor on it.
struct Reader {
  explicit Reader(const Options& options)
      : connection(
            Connection::Open(options, std::make_shared<Farewell>(kFarewellPatience)).value()),
        cursor(connection->link(), options.shape(), {100, 50}) {}

  std::unique_ptr<Connection> connection;
  Cursor cursor;
};

Start BehindToken(ClusterTime at) {
  return {StartKind::kResumeAfter, Bson(TokenOf(at)),
          std::uint64_t{at.seconds} << 32 | at.increment};
}

// What came, in a few words: "2 events", "network", "server 91", "authentication", "reply".
std::string Outcome(const std::variant<Batch, Failure>& result) {
  if (const auto* batch = std::get_if<Batch>(&result)) {
    return std::to_string(batch->documents.size()) + " events";
  }
  const auto& failure = std::get<Failure>(result);
  switch (failure.kind) {
    case FailureKind::kNetwork:
      return "network";
    case FailureKind::kAuthentication:
      return "authentication";
    case FailureKind::kServer:
      return "server " + std::to_string(failure.code);
    case FailureKind::kReply:
      return "reply";
  }
  return "?";
}

TEST(MongoServer, IsAskedForOneStreamOfTheDatabaseInOneSession) {
  scripted_mongo::Server server;
  server.Say("aggregate",
             {FirstBatch({.events = {EventOf("insert", "inventory", kAt, {{"_id", 1}})},
                          .token = TokenOf(kAt)})});
  server.Say("getMore", {NextBatch({.token = TokenOf(kLater), .operation_time = kLater})});
  {
    Reader reader(OptionsOf(server));
    EXPECT_EQ(Outcome(reader.cursor.Open(BehindToken(kAt))), "1 events");
    EXPECT_EQ(reader.cursor.server().replica_set, "rs0");
    const auto more = reader.cursor.More();
    ASSERT_EQ(Outcome(more), "0 events");
    EXPECT_EQ(std::get<Batch>(more).token, Bson(TokenOf(kLater)));
    EXPECT_EQ(std::get<Batch>(more).operation_time, std::uint64_t{kLater.seconds} << 32 | 1);
  }
  const std::vector<Request> opened = server.Asked("aggregate");
  const std::vector<Request> more = server.Asked("getMore");
  const std::vector<Request> killed = server.Asked("killCursors");
  ASSERT_EQ(opened.size(), 1u);
  ASSERT_EQ(more.size(), 1u);
  ASSERT_EQ(killed.size(), 1u);
  EXPECT_EQ(opened[0].Says("aggregate"), "1");
  EXPECT_EQ(opened[0].Says("$db"), "\"shop\"");
  // Literal: what it lets through is part of the position. No stage behind the split.
  EXPECT_EQ(opened[0].Says("pipeline"),
            "[{$changeStream: {fullDocument: \"updateLookup\", resumeAfter: {_data: "
            "\"8265000001000000012B0229296E140400000000\"}}}, "
            "{$match: {$or: [{operationType: {$in: [\"drop\", \"rename\", \"dropDatabase\", "
            "\"invalidate\"]}}, {operationType: {$in: [\"insert\", \"update\", \"replace\", "
            "\"delete\"]}, ns.coll: {$in: [\"inventory\", \"transactions\", \"thresholds\"]}}]}}, "
            "{$changeStreamSplitLargeEvent: {}}]");
  EXPECT_EQ(opened[0].Says("maxTimeMS"), "");
  EXPECT_EQ(more[0].Says("getMore"), "long 7001");
  EXPECT_EQ(more[0].Says("collection"), "\"$cmd.aggregate\"");
  EXPECT_EQ(more[0].Says("maxTimeMS"), "long 50");
  EXPECT_EQ(killed[0].Says("cursors"), "[long 7001]");
  EXPECT_NE(opened[0].Says("lsid.id"), "");
  EXPECT_EQ(more[0].Says("lsid.id"), opened[0].Says("lsid.id"));
  EXPECT_EQ(killed[0].Says("lsid.id"), opened[0].Says("lsid.id"));
}

// Servers from 4.4 on, by what they say of themselves; those from 6.0.9 on are asked to split.
TEST(MongoServer, OfEachVersionIsReadAlike) {
  constexpr int kOf44 = 9;
  constexpr int kOf70 = 21;
  constexpr int kOf80 = 25;
  for (int version = kOf44; version <= kOf80; ++version) {  // minor versions have their own too
    scripted_mongo::Server server({.wire_version_max = version});
    server.Say("aggregate", {FirstBatch({.token = TokenOf(kAt)})});
    Reader reader(OptionsOf(server));
    EXPECT_EQ(Outcome(reader.cursor.Open({})), "0 events") << version;
    EXPECT_EQ(reader.cursor.server().wire_version, version);
    const std::string pipeline = server.Asked("aggregate").at(0).Says("pipeline");
    EXPECT_EQ(pipeline.find("$changeStreamSplitLargeEvent") != std::string::npos, version >= kOf70)
        << version << pipeline;
  }
}

// 6.0 learned it late: its version says, not its wire version.
TEST(MongoServer, OfSixZeroSplitsFromItsNinthPatchOn) {
  for (const auto& [version, splits] :
       {std::pair{"6.0.8", false}, {"6.0.9", true}, {"6.0.20", true}}) {
    scripted_mongo::Server server({.wire_version_max = 17});
    server.SayAlways("buildInfo", scripted_mongo::Ok({{"version", version}}));
    server.Say("aggregate", {FirstBatch({.token = TokenOf(kAt)})});
    Reader reader(OptionsOf(server));
    EXPECT_EQ(Outcome(reader.cursor.Open({})), "0 events");
    const std::string pipeline = server.Asked("aggregate").at(0).Says("pipeline");
    EXPECT_EQ(pipeline.find("$changeStreamSplitLargeEvent") != std::string::npos, splits)
        << version;
  }
}

TEST(MongoServer, OutsideOfWhatTheDriverSpeaksIsRefusedWithoutACommand) {
  scripted_mongo::Server old({.wire_version_max = 2});
  Reader reader(OptionsOf(old));
  const auto opened = reader.cursor.Open({});
  EXPECT_EQ(Outcome(opened), "network");
  EXPECT_EQ(old.Asked("aggregate").size(), 0u);
}

// What the driver makes of each way in which a reply can fail to come; behind each of them a new
// cursor is opened where the old one was lost.
TEST(MongoServer, ThatBreaksOffIsANetworkFailureAndOpenedAnew) {
  for (const Manner manner : {Manner::kHalf, Manner::kClose, Manner::kGarbage, Manner::kSilence}) {
    scripted_mongo::Server server;
    server.SayAlways("aggregate", FirstBatch({.token = TokenOf(kAt)}));
    server.SayAlways("getMore", Broken(manner));
    Options options = OptionsOf(server);
    if (manner == Manner::kSilence) options.socket_timeout = base::Duration::Seconds(1);
    Reader reader(options);
    ASSERT_TRUE(Comes([&] { return Outcome(reader.cursor.Open({})) == "0 events"; }));
    const auto began = std::chrono::steady_clock::now();
    const auto more = reader.cursor.More();
    EXPECT_LT(std::chrono::steady_clock::now() - began, testing::kPatience) << "not for ever";
    ASSERT_EQ(Outcome(more), "network") << static_cast<int>(manner);
    EXPECT_FALSE(reader.cursor.is_open());
    Course course({}, std::nullopt, {}, 1);
    EXPECT_EQ(course.AfterMore(std::get<Failure>(more), 21), Turn::kOpen);
    server.SayAlways("getMore", NextBatch({.token = TokenOf(kLater)}));
    EXPECT_TRUE(Comes([&] {
      return Outcome(reader.cursor.Open(BehindToken(kAt))) == "0 events" &&
             Outcome(reader.cursor.More()) == "0 events";
    })) << static_cast<int>(manner);
    EXPECT_NE(server.Asked("aggregate").back().Says("pipeline").find("resumeAfter"),
              std::string::npos);
  }
}

TEST(MongoServer, ThatDiesBetweenTwoRepliesIsFoundAgain) {
  scripted_mongo::Server server;
  server.SayAlways("aggregate", FirstBatch({.token = TokenOf(kAt)}));
  server.SayAlways("getMore", NextBatch({.token = TokenOf(kLater)}));
  Reader reader(OptionsOf(server));
  ASSERT_EQ(Outcome(reader.cursor.Open({})), "0 events");
  server.CloseConnections();
  EXPECT_EQ(Outcome(reader.cursor.More()), "network");
  EXPECT_EQ(Outcome(reader.cursor.Open(BehindToken(kAt))), "0 events");
}

TEST(MongoServer, ThatIsNoReplyIsSaidSo) {
  scripted_mongo::Server server;
  server.Say("aggregate", {scripted_mongo::Ok(), scripted_mongo::Ok({{"cursor", 7}}),
                           FirstBatch({.token = TokenOf(kAt)})});
  Reader reader(OptionsOf(server));
  for (int i = 0; i < 2; ++i) {
    const auto opened = reader.cursor.Open({});
    EXPECT_EQ(Outcome(opened), "reply");
    EXPECT_NE(Advice(std::get<Failure>(opened)).find("makes no sense"), std::string::npos);
  }
  EXPECT_EQ(Outcome(reader.cursor.Open({})), "0 events");
}

// The table of the specification of change streams, "resumable error", and of the errors that a
// person must see.
struct Code {
  int code;
  Turn after_open;        // behind a token with a time
  Turn after_more_label;  // wire version 21: with and without the label
  Turn after_more_plain;
  Turn after_more_old;  // wire version 8 has no labels
};

const std::vector<Code>& Codes() {
  static const std::vector<Code> kCodes = [] {
    std::vector<Code> table;
    for (const int code : {6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602,
                           13388, 13435, 13436}) {
      table.push_back({code, Turn::kOpen, Turn::kOpen, Turn::kStop, Turn::kOpen});
    }
    table.push_back({43, Turn::kStop, Turn::kOpen, Turn::kOpen, Turn::kOpen});
    for (const int code : {286, 464}) {
      table.push_back({code, Turn::kLost, Turn::kLost, Turn::kLost, Turn::kLost});
    }
    table.push_back({10334, Turn::kSmaller, Turn::kSmaller, Turn::kSmaller, Turn::kSmaller});
    // A token of another pipeline: the time of the token is good all the same.
    table.push_back({280, Turn::kOpen, Turn::kOpen, Turn::kOpen, Turn::kOpen});
    for (const int code : {260, 50811}) {  // it may be the token of an invalidate
      table.push_back({code, Turn::kOpen, Turn::kOpen, Turn::kStop, Turn::kStop});
    }
    for (const int code : {13, 18, 20, 40573, 59, 11601, 136, 237}) {
      table.push_back({code, Turn::kStop, Turn::kOpen, Turn::kStop, Turn::kStop});
    }
    return table;
  }();
  return kCodes;
}

TEST(MongoServer, EachCodeOfAnOpeningHasItsTurn) {
  scripted_mongo::Server server;
  Reader reader(OptionsOf(server));
  for (const Code& c : Codes()) {
    server.Say("aggregate", {scripted_mongo::Failure(c.code, "scripted")});
    const auto opened = reader.cursor.Open(BehindToken(kAt));
    ASSERT_EQ(Outcome(opened), "server " + std::to_string(c.code));
    Course course(BehindToken(kAt), std::nullopt, {}, 1);
    EXPECT_EQ(course.AfterOpen(std::get<Failure>(opened)), c.after_open) << c.code;
  }
}

void ExpectTurnsAfterMore(int wire_version, const std::vector<std::string>& labels,
                          Turn Code::* expected) {
  scripted_mongo::Server server({.wire_version_max = wire_version});
  server.SayAlways("aggregate", FirstBatch({.token = TokenOf(kAt)}));
  Reader reader(OptionsOf(server));
  for (const Code& c : Codes()) {
    ASSERT_EQ(Outcome(reader.cursor.Open(BehindToken(kAt))), "0 events") << "before " << c.code;
    server.Say("getMore", {scripted_mongo::Failure(c.code, "scripted", labels)});
    const auto more = reader.cursor.More();
    ASSERT_EQ(Outcome(more), "server " + std::to_string(c.code));
    EXPECT_FALSE(reader.cursor.is_open());
    Course course(BehindToken(kAt), std::nullopt, {}, 1);
    EXPECT_EQ(course.AfterMore(std::get<Failure>(more), wire_version), c.*expected)
        << c.code << " at wire version " << wire_version;
  }
}

TEST(MongoServer, EachCodeWithTheLabelHasItsTurn) {
  ExpectTurnsAfterMore(21, {"ResumableChangeStreamError"}, &Code::after_more_label);
}
TEST(MongoServer, EachCodeWithoutTheLabelHasItsTurn) {
  ExpectTurnsAfterMore(21, {}, &Code::after_more_plain);
}
TEST(MongoServer, EachCodeOfAServerWithoutLabelsHasItsTurn) {
  ExpectTurnsAfterMore(8, {}, &Code::after_more_old);
}

TEST(MongoServer, ThatIsNoLongerPrimaryIsLeftUntilThereIsOne) {
  scripted_mongo::Server server;
  server.SayAlways("aggregate", FirstBatch({.token = TokenOf(kAt)}));
  Options options = OptionsOf(server);
  Reader reader(options);
  ASSERT_EQ(Outcome(reader.cursor.Open({})), "0 events");
  server.Become({.writable = false});
  server.Say("getMore",
             {scripted_mongo::Failure(189, "stepped down", {"ResumableChangeStreamError"})});
  EXPECT_EQ(Outcome(reader.cursor.More()), "server 189");
  EXPECT_EQ(Outcome(reader.cursor.Open(BehindToken(kAt))), "network");  // no primary to be found
  server.Become({});
  EXPECT_TRUE(Comes([&] { return Outcome(reader.cursor.Open(BehindToken(kAt))) == "0 events"; }));
}

// The driver by itself would leave it alone for five seconds.
TEST(MongoServer, ThatBrokeOffOneGreetingIsGreetedAgainAtOnce) {
  scripted_mongo::Server server;
  server.SayAlways("aggregate", FirstBatch({.token = TokenOf(kAt)}));
  for (const char* greeting : {"hello", "isMaster"}) {
    server.Say(greeting, {Broken(Manner::kClose)});
  }
  Reader reader(OptionsOf(server));
  ASSERT_EQ(Outcome(reader.cursor.Open({})), "network");
  std::string outcome;
  for (int tries = 0; tries < 3 && outcome != "0 events"; ++tries) {
    outcome = Outcome(reader.cursor.Open({}));
  }
  EXPECT_EQ(outcome, "0 events");
}

TEST(MongoServer, OfAnotherSetOrAloneIsNotRead) {
  scripted_mongo::Server other({.set_name = "other"});
  Options options = OptionsOf(other);
  options.uri = "mongodb://127.0.0.1:" + std::to_string(other.port()) + "/?replicaSet=rs0";
  Reader reader(options);
  const auto opened = reader.cursor.Open({});
  ASSERT_EQ(Outcome(opened), "network");
  EXPECT_EQ(other.Asked("aggregate").size(), 0u);
}

TEST(MongoServer, AThousandEmptyBatchesMoveTheToken) {
  scripted_mongo::Server server;
  server.Say("aggregate", {FirstBatch({.token = TokenOf(kAt)})});
  std::vector<scripted_mongo::Answer> empty;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    empty.push_back(NextBatch({.token = TokenOf({.seconds = kAt.seconds + i, .increment = 1})}));
  }
  server.Say("getMore", empty);
  Reader reader(OptionsOf(server));
  auto opened = reader.cursor.Open({});
  ASSERT_EQ(Outcome(opened), "0 events");
  Start at = BehindToken(kAt);
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    const auto more = reader.cursor.More();
    ASSERT_EQ(Outcome(more), "0 events");
    const auto& batch = std::get<Batch>(more);
    const auto behind = BehindNothing(at, batch.token, batch.operation_time);
    ASSERT_TRUE(behind);
    at = *behind;
  }
  EXPECT_EQ(at.token, Bson(TokenOf({.seconds = kAt.seconds + 1000, .increment = 1})));
  EXPECT_EQ(at.time >> 32, kAt.seconds + 1000);
}

}  // namespace
}  // namespace stockwatch::mongo_source
