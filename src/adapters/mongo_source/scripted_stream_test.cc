#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "adapters/mongo_source/mongo_source.h"
#include "testing/patience.h"
#include "testing/scripted_mongo/channel.h"
#include "testing/scripted_mongo/scram.h"
#include "testing/scripted_mongo/server.h"
#include "wire/bson/element.h"

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
using testing::Comes;

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
    options.connect_timeout = base::Duration::Seconds(20);
    options.socket_timeout = base::Duration::Seconds(60);
  }

  // Opens it, behind a position if there is one.
  void Open(std::string_view position = {}) {
    if (options.uri.empty()) options.uri = server.Uri();
    auto opened = MongoSource::Open(options, [this](Weight, auto, std::string_view message) {
      const std::lock_guard lock(mutex_);
      told_.append(message).append("\n");
    });
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
    const auto until = std::chrono::steady_clock::now() + testing::kPatience;
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

  // The next input, whatever it is: false where none comes.
  bool ReadInput(ports::RawInput& input) {
    return Comes([&] {
      const auto next = source->Read(input);
      return next.ok() && next.value() == ports::Next::kInput;
    });
  }

  // Whether some aggregate had these words.
  bool HasOpened(std::string_view words) const {
    const auto opened = server.Asked("aggregate");
    return std::any_of(opened.begin(), opened.end(), [&](const auto& request) {
      return request.Says("pipeline").find(words) != std::string::npos;
    });
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

  // Whether a line of the log has said so, or does within a while.
  bool Told(std::string_view words) {
    return Comes([&] {
      const std::lock_guard lock(mutex_);
      return told_.find(words) != std::string::npos;
    });
  }

 private:
  std::mutex mutex_;
  std::string told_;

 public:
  scripted_mongo::Server server;
  Options options;
  std::optional<base::Error> error;
  std::string last_bytes;
  std::unique_ptr<MongoSource> source;  // ends before what it tells
};

std::string Token(std::uint32_t second) {
  const Fields token = TokenOf(At(second));
  return testing::Describe(testing::MakeDocument(token), 0);
}

// The reply of a find as of that second.
Answer Shown(std::vector<Fields> documents, std::uint32_t second) {
  const std::vector<testing::Value> values(documents.begin(), documents.end());
  return scripted_mongo::Ok({{"cursor", Fields{{"firstBatch", testing::Value::Array(values)},
                                               {"id", std::int64_t{0}},
                                               {"ns", "shop.inventory"},
                                               {"atClusterTime", TimestampOf(At(second))}}}});
}

// The finds in the inventory; the oplog is looked at too. The last answer is given for ever.
class Finds {
 public:
  Finds(scripted_mongo::Server& server, std::vector<Answer> answers) {
    const auto make = [asked = asked_, answers = std::move(answers)](std::string_view request) {
      if (bson::Find(request, "find")->Text() != "inventory") {
        return scripted_mongo::Failure(13, "no");
      }
      const std::size_t nth = (*asked)++;
      return answers.empty() ? scripted_mongo::Failure(2, "why?")
                             : answers[std::min(nth, answers.size() - 1)];
    };
    server.SayMade("find", make);
  }
  std::size_t asked() const { return *asked_; }

 private:
  // Shared with the server, which may be asked for longer.
  std::shared_ptr<std::atomic<std::size_t>> asked_ = std::make_shared<std::atomic<std::size_t>>(0);
};

// The changes 1 and 2, then breaks off as often as it is asked there; 3 to who comes behind 2. What
// it says follows from the opening: an answer that a slow machine loses comes again.
void BreakOffBehindTwo(Stream& stream, Answer::Manner manner) {
  if (manner == Answer::Manner::kSilence) {
    stream.options.socket_timeout = base::Duration::Seconds(1);
  }
  const auto make = [&server = stream.server, manner](std::string_view) {
    const auto is = [](const char* command) {
      return
          [command](const scripted_mongo::Request& request) { return request.command == command; };
    };
    const auto asked = server.Asked();
    const auto opened = std::find_if(asked.rbegin(), asked.rend(), is("aggregate"));
    const std::string pipeline = opened->Says("pipeline");
    const bool behind_two = pipeline.find("resumeAfter: " + Token(2)) != std::string::npos;
    if (std::none_of(asked.rbegin(), opened, is("getMore"))) {
      return behind_two ? More({Insert(3)}, 3) : More({Insert(1), Insert(2)}, 2);
    }
    return behind_two ? scripted_mongo::After(std::chrono::milliseconds(5), More({}, 3))
                      : Broken(manner);
  };
  stream.server.SayMade("getMore", make);
}

TEST(MongoStream, GoesOnBehindTheLastEventAfterEachWayToBreak) {
  using Manner = Answer::Manner;
  for (const Manner manner : {Manner::kHalf, Manner::kClose, Manner::kGarbage, Manner::kSilence}) {
    Stream stream;
    BreakOffBehindTwo(stream, manner);
    stream.Open();
    EXPECT_EQ(stream.Read(3), "1 2 3 ") << static_cast<int>(manner);
    EXPECT_TRUE(stream.HasOpened("resumeAfter: " + Token(2)));
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

// Too large even when it is trimmed: the one before it comes whole, it without its document, which
// is read; then all goes on as before.
TEST(MongoStream, AnEventThatIsTooLargeStopsNoOther) {
  Stream stream;
  const Fields large = testing::Without(Insert(2), "fullDocument");
  const Answer too_large = scripted_mongo::Failure(10334, "too large");
  stream.server.Say("getMore", {too_large, too_large, More({Insert(1)}, 1), too_large,
                                More({large}, 2), More({Insert(3), Insert(4)}, 4)});
  const Finds finds(stream.server, {Shown({{{"_id", "I2"}}}, 6)});
  stream.Open();
  EXPECT_EQ(stream.Read(2), "1 6 ");
  ports::RawInput input;
  ASSERT_TRUE(stream.ReadInput(input));
  ASSERT_TRUE(input.reject) << "a dead letter says which one it was";
  EXPECT_EQ(input.reject->reason, "too large");
  EXPECT_NE(input.reject->message.find("inventory, _id \"I2\": the document was read instead"),
            std::string::npos)
      << input.reject->message;
  EXPECT_EQ(stream.Read(2), "3 4 ");
  const auto asked_for = [&](std::size_t opening) {
    const auto request = stream.server.Asked("aggregate").at(opening);
    const bool documents = request.Says("pipeline").find("fullDocument: 0") == std::string::npos;
    return request.Says("cursor.batchSize") + (documents ? "" : " without documents");
  };
  EXPECT_EQ(asked_for(1), "1000");
  EXPECT_EQ(asked_for(2), "1");
  EXPECT_EQ(asked_for(3), "1 without documents");
  EXPECT_EQ(asked_for(4), "1000");
}

// A movement stands at its own place alone, so nothing can be read in its stead.
TEST(MongoStream, AMovementThatIsTooLargeIsNamedWithWhatToDo) {
  Stream stream;
  const Fields movement =
      testing::Without(EventOf("insert", "transactions", At(2), {{"_id", "T2"}}), "fullDocument");
  const Answer too_large = scripted_mongo::Failure(10334, "too large");
  stream.server.Say("getMore", {too_large, too_large, too_large, More({movement}, 2)});
  stream.Open();
  ports::RawInput input;
  ASSERT_TRUE(stream.ReadInput(input));
  ASSERT_TRUE(input.reject);
  EXPECT_EQ(input.reject->reason, "too large");
  EXPECT_NE(input.reject->message.find("transactions, _id \"T2\": it is not booked: insert"),
            std::string::npos)
      << input.reject->message;
  EXPECT_TRUE(stream.Told("is too large for a reply of mongodb and is not booked"));
}

TEST(MongoStream, ATokenOfAnotherPipelineGivesWayToItsTime) {
  Stream stream;
  // That moment is included: the change there comes again.
  stream.server.Say("getMore", {More({Insert(7)}, 7), scripted_mongo::Failure(280, "fatal"),
                                More({Insert(7), Insert(8)}, 8)});
  stream.Open();
  EXPECT_EQ(stream.Read(3), "7 7 8 ");
  const std::uint64_t time = std::uint64_t{kBegin + 7} << 32 | 1;
  EXPECT_NE(stream.Opened(1).find("startAtOperationTime: timestamp " + std::to_string(time)),
            std::string::npos)
      << stream.Opened(1);
}

// As a server of 7.0 writes the token of an event.
Fields EventToken(std::uint32_t second) {
  char data[64];
  std::snprintf(data, sizeof data, "82%08X000000012B042C0100296E5A1004", kBegin + second);
  return {{"_data", data}};
}

// Put back to a backup, and written to since: the token is not found, and its moment does not show
// its change. To go on there would keep what was taken back.
TEST(MongoStream, AHistoryWithoutTheChangeAtThePositionIsAnotherOne) {
  const Fields seventh = testing::With(Insert(7), "_id", EventToken(7));
  struct Case {
    Answer shown;
    const char* read = "";
  };
  for (const Case& c : {Case{More({seventh, Insert(9)}, 9), "7 7 9 "},
                        Case{More({Insert(9)}, 9), "7 error"}, Case{More({}, 9), "7 error"}}) {
    Stream stream;
    stream.server.Say("getMore", {NextBatch({.events = {seventh}, .token = EventToken(7)}),
                                  scripted_mongo::Failure(280, "not found"), c.shown});
    stream.Open();
    EXPECT_EQ(stream.Read(3), c.read);
    if (!stream.error) continue;
    EXPECT_NE(stream.error->message.find("put back to a backup"), std::string::npos);
    EXPECT_EQ(stream.source->status().gaps, 1u);
  }
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

Fields UpdateWithout(std::uint32_t second) {
  Fields event = testing::Without(Insert(second), "fullDocument");
  event = testing::With(std::move(event), "operationType", "update");
  return testing::With(std::move(event), "fullDocument", testing::Value::Null());
}

// Stored images that nobody has enabled, or that were turned off later.
TEST(MongoStream, AnUpdateWithoutItsStoredImageComesBehindItsDocument) {
  Stream stream;
  stream.options.update_images = change_event::UpdateImages::kStored;
  stream.server.Say("getMore",
                    {More({UpdateWithout(1), Insert(2), UpdateWithout(3), UpdateWithout(1)}, 3)});
  const Finds finds(stream.server, {Shown({{{"_id", "I3"}, {"on_hand", 5}}}, 7)});
  stream.Open();
  EXPECT_EQ(stream.Read(1), "7 ");
  EXPECT_NE(stream.last_bytes.find("on_hand"), std::string::npos);
  EXPECT_EQ(stream.Read(4), "1 2 3 1 ");
  ASSERT_EQ(finds.asked(), 1u);
  auto asked = stream.server.Asked("find");
  std::erase_if(asked, [](const auto& find) { return find.Says("find") != "\"inventory\""; });
  EXPECT_EQ(asked[0].Says("filter"), "{_id: {$in: [\"I1\", \"I3\"]}}");
  EXPECT_EQ(asked[0].Says("readConcern"), "{level: \"snapshot\"}");
  const Status status = stream.source->status();
  EXPECT_EQ(status.images, (std::array<std::uint64_t, 3>{0, 0, 3}));
  EXPECT_EQ(status.read_again, 1u);
}

// Images of the three kinds, of which a look-up that shows nothing says that the document is gone.
TEST(MongoStream, EachImageIsCountedAsWhatItIs) {
  for (const auto images :
       {change_event::UpdateImages::kStored, change_event::UpdateImages::kLookup}) {
    Stream stream;
    stream.options.update_images = images;
    const Finds finds(stream.server, {});
    const Fields update = testing::With(Insert(1), "operationType", "update");
    const bool stored = images == change_event::UpdateImages::kStored;
    stream.server.Say("getMore",
                      {stored ? More({update}, 1) : More({update, UpdateWithout(2)}, 2)});
    stream.Open();
    EXPECT_EQ(stream.Read(stored ? 1 : 2), stored ? "1 " : "1 2 ");
    EXPECT_EQ(stream.source->status().images, stored ? (std::array<std::uint64_t, 3>{1, 0, 0})
                                                     : (std::array<std::uint64_t, 3>{0, 1, 1}));
    EXPECT_EQ(finds.asked(), 0u);
  }
}

// A secondary that lags would show the document as it was before the update.
TEST(MongoStream, AReadFromBeforeTheUpdateIsMadeAgain) {
  Stream stream;
  stream.options.update_images = change_event::UpdateImages::kStored;
  stream.server.Say("getMore", {More({UpdateWithout(5)}, 5), More({UpdateWithout(5)}, 5)});
  const Finds finds(stream.server, {Shown({{{"_id", "I5"}}}, 4), Shown({{{"_id", "I5"}}}, 5)});
  stream.Open();
  EXPECT_EQ(stream.Read(2), "5 5 ");
  EXPECT_EQ(finds.asked(), 2u);
  EXPECT_EQ(stream.server.Asked("aggregate").size(), 2u);
}

// What the taker wants is part of the position until it has it, or knows that it is gone.
TEST(MongoStream, ADocumentThatIsWantedAgainIsReadThroughARestart) {
  Stream stream;
  const Fields update = testing::With(Insert(1), "operationType", "update");
  stream.server.Say("getMore", {More({update}, 1)});
  stream.server.SayAlways("find", scripted_mongo::Broken(Answer::Manner::kClose));
  stream.Open();
  ASSERT_EQ(stream.Read(1), "1 ");
  const auto wanted = [&] { return DecodePlace(stream.source->Position()).value().again.size(); };
  ports::RawInput input;
  input.bytes = stream.last_bytes;
  stream.source->ReadAgain(input);
  stream.source->ReadAgain(input);
  EXPECT_EQ(wanted(), 1u);
  const std::string position = stream.source->Position();
  stream.server.SayAlways("find", Shown({{{"_id", "I1"}}}, 900));
  stream.Open(position);
  EXPECT_EQ(wanted(), 1u);
  EXPECT_EQ(stream.Read(1), "900 ");
  EXPECT_EQ(wanted(), 0u);
  stream.server.SayAlways("find", Shown({}, 901));
  stream.source->ReadAgain(input);
  EXPECT_TRUE(Comes([&] {
    EXPECT_EQ(stream.source->Read(input).value(), ports::Next::kNothingYet);
    return wanted() == 0;
  })) << "it is gone";
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
    BreakOffBehindTwo(stream, manner);
    stream.options.uri = UriOf(stream, "p4ss", tls.path());
    stream.Open();
    ASSERT_EQ(stream.Read(3), "1 2 3 ") << static_cast<int>(manner);
    EXPECT_TRUE(stream.HasOpened("resumeAfter: " + Token(2)));
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
  stream.Open();
  ports::RawInput input;
  EXPECT_TRUE(Comes([&] {
    EXPECT_EQ(stream.source->Read(input).value(), ports::Next::kNothingYet);
    return !stream.source->status().trouble.empty();
  }));
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
