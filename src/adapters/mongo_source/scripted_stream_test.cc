#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "adapters/mongo_source/mongo_source.h"
#include "testing/scripted_mongo/channel.h"
#include "testing/scripted_mongo/scram.h"
#include "testing/scripted_mongo/server.h"

// The whole source, its thread and its connection included, through what happens to a stream.
namespace stockwatch::mongo_source {
namespace {

using scripted_mongo::Answer;
using scripted_mongo::Broken;
using scripted_mongo::ClusterTime;
using scripted_mongo::ControlOf;
using scripted_mongo::EventOf;
using scripted_mongo::Fields;
using scripted_mongo::FirstBatch;
using scripted_mongo::NextBatch;
using scripted_mongo::TokenOf;

constexpr std::uint32_t kBegin = 0x65000000;

ClusterTime At(std::uint32_t second) {
  return {.seconds = kBegin + second, .increment = 1};
}

Fields Insert(std::uint32_t second) {
  return EventOf("insert", "inventory", At(second), {{"_id", "I" + std::to_string(second)}});
}

// A reply whose last event happened in that second.
Answer More(std::vector<Fields> events, std::uint32_t second) {
  return NextBatch(
      {.events = std::move(events), .token = TokenOf(At(second)), .operation_time = At(second)});
}
Answer First(std::uint32_t second) {
  return FirstBatch({.token = TokenOf(At(second)), .operation_time = At(second)});
}

// A source on a server that is idle behind what a test says.
class Stream {
 public:
  explicit Stream(scripted_mongo::Server::Options server_options = {})
      : server(std::move(server_options)) {
    server.SayAlways("aggregate", First(0));
    server.SayAlways("getMore", scripted_mongo::After(std::chrono::milliseconds(5), More({}, 900)));
    options.database = "shop";
    options.collections = {"inventory", "transactions", ""};
    options.snapshot = SnapshotWhen::kNever;
    options.await = base::Duration::Micros(20'000);
    options.socket_timeout = base::Duration::Micros(300'000);
    options.connect_timeout = base::Duration::Micros(1'000'000);
  }

  // Opens it, behind a position if there is one.
  void Open(std::string_view position = {}) {
    if (options.uri.empty()) options.uri = server.Uri();
    auto opened = MongoSource::Open(options, [](Weight, auto, auto) {});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    source = std::move(opened).value();
    if (!position.empty()) {
      const base::Status resumed = source->Resume(position);
      ASSERT_TRUE(resumed.ok()) << resumed.error().message;
    }
  }

  // The seconds of so many changes, or of fewer and "error".
  std::string Read(std::size_t count) {
    std::string text;
    ports::RawInput input;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (count > 0 && std::chrono::steady_clock::now() < until) {
      const auto next = source->Read(input);
      if (!next.ok()) {
        error = next.error();
        return text + "error";
      }
      if (next.value() == ports::Next::kNothingYet) {
        std::this_thread::yield();
        continue;
      }
      EXPECT_FALSE(input.reject) << input.reject->message;
      text += std::to_string(input.change.position.seconds - kBegin) + " ";
      last_bytes = input.bytes;
      --count;
    }
    return text;
  }

  // The $changeStream stage of the aggregate of that number, and all behind the $match.
  std::string Opened(std::size_t number) {
    EXPECT_TRUE(server.WaitFor("aggregate", number + 1));
    const std::string pipeline = server.Asked("aggregate").at(number).Says("pipeline");
    const std::size_t match = pipeline.find(", {$match");
    const std::size_t behind = pipeline.find("}}]}}, ");
    return pipeline.substr(1, match - 1) +
           (behind == std::string::npos ? "" : pipeline.substr(behind + 5));
  }

  scripted_mongo::Server server;
  Options options;
  std::unique_ptr<MongoSource> source;
  std::optional<base::Error> error;
  std::string last_bytes;
};

std::string Token(std::uint32_t second) {
  const Fields token = TokenOf(At(second));
  return testing::Describe(testing::MakeDocument(token), 0);
}

TEST(MongoStream, GoesOnBehindTheLastEventAfterEachWayToBreak) {
  using Manner = Answer::Manner;
  for (const Manner manner : {Manner::kHalf, Manner::kClose, Manner::kGarbage, Manner::kSilence}) {
    Stream stream;
    stream.server.Say("getMore",
                      {More({Insert(1), Insert(2)}, 2), Broken(manner), More({Insert(3)}, 3)});
    stream.Open();
    EXPECT_EQ(stream.Read(3), "1 2 3 ") << static_cast<int>(manner);
    EXPECT_NE(stream.Opened(1).find("resumeAfter: " + Token(2)), std::string::npos)
        << stream.Opened(1);
  }
}

TEST(MongoStream, AnEventThatIsTooLargeIsAskedForWithLess) {
  Stream stream;
  stream.server.Say("getMore", {More({Insert(1)}, 1), scripted_mongo::Failure(10334, "too large"),
                                More({Insert(2)}, 2)});
  stream.Open();
  EXPECT_EQ(stream.Read(2), "1 2 ");
  EXPECT_EQ(stream.Opened(0).find("$project"), std::string::npos);
  const std::string again = stream.Opened(1);
  EXPECT_NE(again.find("resumeAfter: " + Token(1)), std::string::npos) << again;
  EXPECT_NE(again.find("$project: {updateDescription: 0"), std::string::npos) << again;
}

TEST(MongoStream, ATokenOfAnotherPipelineGivesWayToItsTime) {
  Stream stream;
  stream.server.Say("getMore", {More({Insert(7)}, 7), scripted_mongo::Failure(280, "fatal"),
                                More({Insert(8)}, 8)});
  stream.Open();
  EXPECT_EQ(stream.Read(2), "7 8 ");
  const std::uint64_t time = std::uint64_t{kBegin + 7} << 32 | 1;
  EXPECT_NE(stream.Opened(1).find("startAtOperationTime: timestamp " + std::to_string(time)),
            std::string::npos)
      << stream.Opened(1);
}

TEST(MongoStream, FragmentsBecomeOneEventWithThePlaceOfTheLast) {
  Stream stream;
  Fields first = Insert(1);
  const auto fragment = [](std::int32_t number) { return Fields{{"fragment", number}, {"of", 2}}; };
  first = testing::With(testing::Without(first, "fullDocument"), "splitEvent", fragment(1));
  const Fields second{{"_id", TokenOf(At(1), 2)},
                      {"splitEvent", fragment(2)},
                      {"fullDocument", Fields{{"_id", "I1"}, {"on_hand", 5}}}};
  // The line breaks between the two: both come again, and count once.
  stream.server.Say("getMore", {More({first}, 0), Broken(Answer::Manner::kClose),
                                More({first, second}, 1), More({Insert(2)}, 2)});
  stream.Open();
  EXPECT_EQ(stream.Read(1), "1 ");
  EXPECT_EQ(stream.last_bytes.find("splitEvent"), std::string::npos);
  EXPECT_EQ(stream.Read(1), "2 ");
}

// A reply may be empty between two fragments: the place stays before the event.
TEST(MongoStream, NothingBetweenFragmentsMovesThePlace) {
  Stream stream;
  const auto fragment = [](std::int32_t number) { return Fields{{"fragment", number}, {"of", 2}}; };
  const Fields first =
      testing::With(testing::Without(Insert(1), "fullDocument"), "splitEvent", fragment(1));
  const Fields second{{"_id", TokenOf(At(1), 2)},
                      {"splitEvent", fragment(2)},
                      {"fullDocument", Fields{{"_id", "I1"}, {"on_hand", 5}}}};
  stream.server.Say("getMore", {More({first}, 1), More({}, 1), Broken(Answer::Manner::kClose),
                                More({first}, 1), More({second}, 1)});
  stream.Open();
  EXPECT_EQ(stream.Read(1), "1 ");
  EXPECT_NE(stream.Opened(1).find("resumeAfter: " + Token(0)), std::string::npos)
      << stream.Opened(1);
}

// Of 15 MB, near to what a document may have.
constexpr std::size_t kLarge = 15'000'000;

// In one piece, or in three, each in a reply of its own.
std::vector<Answer> LargeEvent(int pieces) {
  if (pieces == 1) {
    return {More({EventOf("insert", "inventory", At(1),
                          {{"_id", "I1"}, {"text", std::string(kLarge, 'x')}})},
                 1)};
  }
  const auto part = [&](std::int32_t number) {
    return Fields{{"fragment", number}, {"of", pieces}};
  };
  Fields event = testing::Without(Insert(1), "fullDocument");
  std::vector<Answer> answers;
  for (std::int32_t number = 1; number <= pieces; ++number) {
    event =
        testing::With(std::move(event), "_id", TokenOf(At(1), static_cast<std::uint32_t>(number)));
    event.push_back({"splitEvent", part(number)});
    const std::string half(kLarge / static_cast<std::size_t>(pieces), 'x');
    event.push_back({number == 1 ? "fullDocument" : "more" + std::to_string(number),
                     Fields{{"_id", "I1"}, {"text", half}}});
    answers.push_back(More({event}, number == pieces ? 1 : 0));
    event.clear();
  }
  return answers;
}

TEST(MongoStream, AnEventOfFifteenMegabytesIsReadWholeOrInPieces) {
  for (const int pieces : {1, 3}) {
    Stream stream;
    stream.server.Say("getMore", LargeEvent(pieces));
    stream.server.Say("getMore", {More({Insert(2)}, 2)});
    stream.Open();
    EXPECT_EQ(stream.Read(1), "1 ") << pieces;
    EXPECT_GE(stream.last_bytes.size(), kLarge);
    EXPECT_EQ(stream.last_bytes.find("splitEvent"), std::string::npos);
    EXPECT_EQ(stream.Read(1), "2 ");
  }
}

TEST(MongoStream, AnEventThatIsLargerThanTheSettingIsNeverHeldWhole) {
  Stream stream;
  stream.options.event_bytes_max = kLarge / 2;
  stream.server.Say("getMore", LargeEvent(3));
  stream.Open();
  EXPECT_EQ(stream.Read(1), "error");
  EXPECT_NE(stream.error->message.find("7500000 bytes"), std::string::npos);
}

TEST(MongoStream, HistoryLostInMidStreamStopsItOrIsLeftOutByName) {
  for (const OnLostHistory policy : {OnLostHistory::kFail, OnLostHistory::kSkip}) {
    for (const int code : {286, 464}) {
      Stream stream;
      stream.options.on_lost_history = policy;
      stream.server.Say("getMore", {More({Insert(1)}, 1), scripted_mongo::Failure(code, "lost"),
                                    More({Insert(5)}, 5)});
      stream.Open();
      const bool stops = policy == OnLostHistory::kFail;
      EXPECT_EQ(stream.Read(2), stops ? "1 error" : "1 5 ") << code;
      EXPECT_EQ(stream.source->status().gaps, 1u);
      if (stops) {
        EXPECT_NE(stream.error->message.find("on_lost_history"), std::string::npos);
      } else {
        EXPECT_EQ(stream.Opened(1).find("resumeAfter"), std::string::npos);
      }
    }
  }
}

TEST(MongoStream, BehindAnInvalidateItStartsAfterAndARestartToo) {
  Stream stream;
  const Fields invalidate = ControlOf("invalidate", "", At(2));
  stream.server.Say("getMore",
                    {More({Insert(1)}, 1),
                     NextBatch({.cursor = 0, .events = {invalidate}, .token = TokenOf(At(2))}),
                     More({Insert(3)}, 3)});
  stream.Open();
  EXPECT_EQ(stream.Read(2), "1 2 ");
  const std::string position = stream.source->Position();
  EXPECT_NE(stream.Opened(1).find("startAfter: " + Token(2)), std::string::npos)
      << stream.Opened(1);
  EXPECT_EQ(stream.Read(1), "3 ");
  stream.Open(position);
  EXPECT_TRUE(stream.server.WaitFor("aggregate", 2));
}

TEST(MongoStream, DropAndRenameAreChangesLikeOthers) {
  Stream stream;
  const Fields to{{"to", Fields{{"db", "shop"}, {"coll", "old"}}}};
  stream.server.Say("getMore", {More({ControlOf("drop", "transactions", At(1)),
                                      ControlOf("rename", "inventory", At(2), to), Insert(3)},
                                     3)});
  stream.Open();
  EXPECT_EQ(stream.Read(3), "1 2 3 ");
  EXPECT_EQ(stream.server.Asked("aggregate").size(), 1u);
}

TEST(MongoStream, WhoIsNotAllowedAsksOnce) {
  for (const int code : {13, 18, 20, 40573}) {
    Stream stream;
    stream.server.SayAlways("aggregate", scripted_mongo::Failure(code, "no"));
    stream.Open();
    EXPECT_EQ(stream.Read(1), "error");
    EXPECT_EQ(stream.error->message.find('\n'), std::string::npos);
    EXPECT_EQ(stream.server.Asked("aggregate").size(), 1u) << code;
  }
}

// -- who may come, and a set of several -----------------------------------------------------------

constexpr std::string_view kLocked = "&authMechanism=SCRAM-SHA-256&authSource=admin";

scripted_mongo::Server::Options Locked(const scripted_mongo::Tls& tls) {
  return {.tls = &tls, .user = scripted_mongo::Scram::Options{.user = "ann", .password = "p4ss"}};
}

std::string UriOf(const Stream& stream, std::string_view password, std::string_view authority) {
  std::string uri = stream.server.Uri(kLocked);
  uri.insert(std::string_view("mongodb://").size(), "ann:" + std::string(password) + "@");
  return uri + "&tls=true&tlsCAFile=" + std::string(authority);
}

TEST(MongoStream, BehindTlsAndAPasswordItGoesOnAfterEachWayToBreak) {
  using Manner = Answer::Manner;
  const scripted_mongo::Tls tls;
  for (const Manner manner : {Manner::kHalf, Manner::kClose, Manner::kGarbage, Manner::kSilence}) {
    Stream stream(Locked(tls));
    stream.server.Say("getMore",
                      {More({Insert(1), Insert(2)}, 2), Broken(manner), More({Insert(3)}, 3)});
    stream.options.uri = UriOf(stream, "p4ss", tls.path());
    stream.Open();
    ASSERT_EQ(stream.Read(3), "1 2 3 ") << static_cast<int>(manner) << stream.error->message;
    EXPECT_NE(stream.Opened(1).find("resumeAfter: " + Token(2)), std::string::npos);
    EXPECT_GE(stream.server.Asked("saslContinue").size(), 2u) << "a new line proves itself anew";
  }
}

TEST(MongoStream, AWrongPasswordIsNotTriedAgain) {
  const scripted_mongo::Tls tls;
  Stream stream(Locked(tls));
  stream.options.uri = UriOf(stream, "canary", tls.path());
  stream.Open();
  EXPECT_EQ(stream.Read(1), "error");
  EXPECT_EQ(stream.error->message.find("canary"), std::string::npos);
  EXPECT_EQ(stream.server.Asked("saslContinue").size(), 1u);
  EXPECT_EQ(stream.server.Asked("aggregate").size(), 0u);
}

TEST(MongoStream, AServerOfAnotherAuthorityIsToldNothing) {
  const scripted_mongo::Tls tls;
  const scripted_mongo::Tls other;
  Stream stream(Locked(tls));
  stream.options.uri = UriOf(stream, "p4ss", other.path());
  stream.options.connect_timeout = base::Duration::Micros(200'000);
  stream.Open();
  ports::RawInput input;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (stream.source->status().trouble.empty() && std::chrono::steady_clock::now() < until) {
    EXPECT_EQ(stream.source->Read(input).value(), ports::Next::kNothingYet);
  }
  EXPECT_NE(stream.source->status().trouble, "");
  EXPECT_TRUE(stream.server.Asked().empty());
}

// A server that knows no compression is read as it is, also where the URI would have it.
TEST(MongoStream, CompressionIsOfferedOnlyWhereTheUriSaysSoAndMayBeRefused) {
  for (const std::string_view more : {"", "&compressors=zlib"}) {
    Stream stream;
    stream.server.Say("getMore", {More({Insert(1)}, 1)});
    stream.options.uri = stream.server.Uri(more);
    stream.Open();
    EXPECT_EQ(stream.Read(1), "1 ");
    std::string offered;
    for (const auto& request : stream.server.Asked()) offered += request.Says("compression");
    EXPECT_EQ(offered.find("zlib") != std::string::npos, !more.empty()) << offered;
  }
}

// How the old primary of two members ends.
enum class End : std::uint8_t { kStepsDown, kDies, kDoesNotKnow };

TEST(MongoStream, AfterAnElectionItGoesOnAtTheOtherMember) {
  for (const End end : {End::kStepsDown, End::kDies, End::kDoesNotKnow}) {
    Stream stream;
    scripted_mongo::Server other({.writable = false});
    const std::uint16_t here = stream.server.port();
    const std::vector<std::uint16_t> members{here, other.port()};
    stream.server.Become({.members = members});
    other.Become({.writable = false, .members = members, .primary = here});
    stream.server.SayAlways("getMore",
                            scripted_mongo::After(std::chrono::milliseconds(5), More({}, 2)));
    stream.server.Say("getMore", {More({Insert(1), Insert(2)}, 2)});
    other.SayAlways("aggregate", First(2));
    other.Say("getMore", {More({Insert(3)}, 3)});
    other.SayAlways("getMore", scripted_mongo::After(std::chrono::milliseconds(5), More({}, 3)));
    stream.Open();
    ASSERT_EQ(stream.Read(2), "1 2 ");
    other.Become({.members = members, .election = 2});
    if (end != End::kDoesNotKnow) {
      stream.server.Become({.writable = false, .members = members, .primary = other.port()});
    }
    stream.server.Say(
        "getMore", {end == End::kStepsDown ? scripted_mongo::Failure(189, "stepped down",
                                                                     {"ResumableChangeStreamError"})
                                           : Broken(Answer::Manner::kClose)});
    EXPECT_EQ(stream.Read(1), "3 ") << static_cast<int>(end);
    ASSERT_TRUE(other.WaitFor("aggregate", 1));
    EXPECT_NE(other.Asked("aggregate").at(0).Says("pipeline").find("resumeAfter: " + Token(2)),
              std::string::npos);
    EXPECT_EQ(stream.server.Asked("aggregate").size(), 1u);
  }
}

}  // namespace
}  // namespace stockwatch::mongo_source
