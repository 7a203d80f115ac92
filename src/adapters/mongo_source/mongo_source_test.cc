#include "adapters/mongo_source/mongo_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/mongo_source/fake_shop.h"
#include "adapters/mongo_source/place.h"
#include "testing/patience.h"

namespace stockwatch::mongo_source {
namespace {

using base::Code;
using testing::Comes;

// Takes what is no input until it holds; an input or an error ends it.
template <typename Condition>
bool ComesWithoutInput(MongoSource& source, Condition condition) {
  ports::RawInput input;
  bool nothing = true;
  const bool came = Comes([&] {
    if (condition()) return true;
    const auto next = source.Read(input);
    nothing = next.ok() && next.value() == ports::Next::kNothingYet;
    return !nothing;
  });
  return came && nothing;
}

TEST(MongoSource, ARestartAnywhereLosesAndRepeatsNothing) {
  constexpr std::size_t kChanges = 10;
  for (std::size_t taken = 1; taken <= kChanges; ++taken) {
    FakeServer server;
    server.Insert(kChanges);
    std::string position;
    {
      auto source = SourceOver(server);
      ASSERT_EQ(ReadSome(*source, taken).names, Numbers(0, taken));
      position = source->Position();
    }
    auto again = SourceOver(server);
    ASSERT_TRUE(again->Resume(position).ok());
    server.Insert(1);
    EXPECT_EQ(ReadSome(*again, kChanges + 1 - taken).names, Numbers(taken, kChanges + 1)) << taken;
  }
}

TEST(MongoSource, APauseOutlivesARestart) {
  FakeServer server;
  server.Insert(5);
  std::string position;
  {
    auto source = SourceOver(server);
    ASSERT_EQ(ReadSome(*source, 3).names, Numbers(0, 3));
    source->Pause();
    position = source->Position();
  }
  auto again = SourceOver(server);
  ASSERT_TRUE(again->Resume(position).ok());
  ASSERT_TRUE(ComesWithoutInput(*again, [&] { return again->status().phase == Phase::kPaused; }));
  again->GoOn();
  EXPECT_EQ(ReadSome(*again, 2).names, Numbers(3, 5));
  EXPECT_EQ(DecodePlace(again->Position()).value().paused, false);
}

TEST(MongoSource, ALineThatBreaksAnywhereLosesAndRepeatsNothing) {
  for (std::size_t broken = 0; broken < 6; ++broken) {
    FakeServer server;
    server.Insert(10);
    server.FailWith([&](std::size_t number, std::string_view) {
      return number == broken ? std::optional(Broken()) : std::nullopt;
    });
    auto source = SourceOver(server);
    EXPECT_EQ(ReadSome(*source, 10).names, Numbers(0, 10)) << broken;
  }
}

TEST(MongoSource, AServerThatFailsIsLeftAloneAndTriedUntilItWorks) {
  FakeServer server;
  server.Insert(2);
  std::unique_ptr<MongoSource> source;
  std::atomic<bool> left_alone = false;  // was seen; it fails until then
  std::atomic<bool> tried_alone = true;  // what follows a failure
  server.FailWith([&, tries = 0, works = false](std::size_t, std::string_view) mutable {
    if (works) return std::optional<Failure>();
    if (tries > 0 && source->status().line != Line::kTried) tried_alone = false;
    works = ++tries > 3 && left_alone;
    return works ? std::nullopt : std::optional(Broken());
  });
  source = SourceOver(server);
  EXPECT_EQ(source->status().line, Line::kWorks);
  EXPECT_TRUE(ComesWithoutInput(*source, [&] {
    if (source->status().line == Line::kLeftAlone) left_alone = true;
    return left_alone.load();
  }));
  EXPECT_EQ(ReadSome(*source, 2).names, Numbers(0, 2));
  EXPECT_TRUE(tried_alone);
  // Said behind the changes.
  EXPECT_TRUE(Comes([&] { return source->status().line == Line::kWorks; }));
  source.reset();  // before what its reader asks
}

TEST(MongoSource, CountsHowLongChangesTookToBeSafe) {
  FakeServer server;
  server.Insert(5);
  auto source = SourceOver(server);
  ReadSome(*source, 5);
  EXPECT_EQ(source->read_to_commit().total, 0u);
  ASSERT_TRUE(source->Acknowledge().ok());
  EXPECT_EQ(source->read_to_commit().total, 5u);
  ASSERT_TRUE(source->Acknowledge().ok());
  EXPECT_EQ(source->read_to_commit().total, 5u) << "nothing was delivered since";
}

TEST(MongoSource, WhoIsNotLetInAsksOnce) {
  FakeServer server;
  server.FailWith([](std::size_t, std::string_view) {
    return Failure{FailureKind::kAuthentication, 0, "Authentication failed.", {}};
  });
  auto source = SourceOver(server);
  const Seen seen = ReadSome(*source, 1);
  ASSERT_TRUE(seen.error);
  EXPECT_EQ(seen.error->code, Code::kFailedPrecondition);
  EXPECT_EQ(server.Asked("aggregate").size(), 1u);
  EXPECT_EQ(source->status().phase, Phase::kStopped);
}

TEST(MongoSource, BehindAnInvalidateItStartsAfterItsToken) {
  FakeServer server;
  server.Insert(1);
  server.Invalidate();
  server.Insert(1);
  auto source = SourceOver(server);
  EXPECT_EQ(ReadSome(*source, 3).names, Numbers(0, 3));
  const std::string opened = server.Asked("aggregate").at(1);
  EXPECT_NE(opened.find("startAfter"), std::string::npos);
}

TEST(MongoSource, ASnapshotComesFirstAndTheStreamFromItsFirstRead) {
  FakeServer server;
  server.inventory = {"a", "b", "c", "d", "e"};
  server.ReadAt(std::uint64_t{4} << 32);
  server.Insert(6);
  Options options = ShopOptions();
  options.snapshot = SnapshotWhen::kInitial;
  auto source = SourceOver(server, options);
  const Seen seen = ReadSome(*source, 8);
  EXPECT_EQ(seen.names, (std::vector<std::string>{"a", "b", "c", "d", "e", "3", "4", "5"}));
  EXPECT_EQ(seen.snapshot_ends, std::vector<std::uint32_t>{4});
  EXPECT_EQ(source->status().snapshot_documents, 5u);
  EXPECT_EQ(source->status().snapshots_ended, 1u);
}

// Else what came between the reads and the opening of the stream would be lost.
TEST(MongoSource, WhereThereIsNothingTheStreamBeginsAtTheFirstReadToo) {
  FakeServer server;
  server.ReadAt(std::uint64_t{4} << 32);
  server.Insert(6);
  Options options = ShopOptions();
  options.snapshot = SnapshotWhen::kInitial;
  auto source = SourceOver(server, options);
  const Seen seen = ReadSome(*source, 3);
  EXPECT_EQ(seen.names, Numbers(3, 6));
  EXPECT_EQ(seen.snapshot_ends, std::vector<std::uint32_t>{4});
}

// One piece is read again at most, and nothing is left out.
// The names that come when it is restarted behind each of them: as many lines read it.
void ExpectToGoOnAfterARestart(const std::vector<std::string>& all, std::string_view part,
                               std::size_t lines) {
  for (std::size_t taken = 1; taken <= all.size(); ++taken) {
    FakeServer server;
    server.inventory = all;
    server.Insert(1);
    Options options = ShopOptions();
    if (part.empty()) options.snapshot = SnapshotWhen::kInitial;
    std::string position;
    {
      auto source = SourceOver(server, options, lines);
      if (!part.empty()) {
        ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
        ASSERT_TRUE(source->Snapshot(bson::DocumentWriter().Text("part", part).Finish()).ok());
      }
      ASSERT_EQ(ReadSome(*source, taken).names.size(), taken);
      position = source->Position();
    }
    auto again = SourceOver(server, options, lines);
    if (!position.empty()) {
      ASSERT_TRUE(again->Resume(position).ok());
    }
    // Pieces end behind "b…" and "d…"; that "e…" was the last is not known by an id.
    const std::size_t read = taken / 2 * 2;
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(read);
    EXPECT_EQ(ReadSome(*again, all.size() - read).names, std::vector<std::string>(from, all.end()))
        << taken;
  }
}

TEST(MongoSource, ASnapshotGoesOnAfterARestart) {
  for (const std::size_t lines : {0U, 1U, 3U}) {
    ExpectToGoOnAfterARestart({"a", "b", "c", "d", "e"}, "", lines);
  }
}

TEST(MongoSource, APartGoesOnAfterARestart) {
  for (const std::size_t lines : {0U, 1U, 3U}) {
    ExpectToGoOnAfterARestart({"ax", "bx", "cx", "dx", "ex"}, "x", lines);
  }
}

// A document may be as large as a reply, so that each reply holds one.
TEST(MongoSource, AReplyThatIsFullIsReadOnBehindItsLastDocument) {
  for (const std::string_view part : {"", "x"}) {
    for (const std::size_t lines : {0U, 2U}) {
      FakeServer server;
      server.inventory = {"ax", "bx", "cx", "dx", "ex"};
      server.reply_documents_max = 1;
      server.Insert(1);
      Options options = ShopOptions();
      if (part.empty()) options.snapshot = SnapshotWhen::kInitial;
      auto source = SourceOver(server, options, lines);
      if (!part.empty()) {
        ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
        ASSERT_TRUE(source->Snapshot(bson::DocumentWriter().Text("part", part).Finish()).ok());
      }
      EXPECT_EQ(ReadSome(*source, 5).names,
                (std::vector<std::string>{"ax", "bx", "cx", "dx", "ex"}));
      EXPECT_FALSE(server.Asked("killCursors").empty());
    }
  }
}

// The stream begins where the earliest read was made: lines may lead to servers that lag.
TEST(MongoSource, TheStreamBeginsAtTheEarliestReadOfASnapshot) {
  FakeServer server;
  server.inventory = {"a", "b", "c"};
  Options options = ShopOptions();
  options.snapshot = SnapshotWhen::kInitial;
  auto source = MongoSource::Over(server.link(), options, [](Weight, auto, auto) {}, std::nullopt,
                                  {server.LinkThatLags(std::uint64_t{990} << 32 | 1)});
  ASSERT_EQ(ReadSome(*source, 3).names, (std::vector<std::string>{"a", "b", "c"}));
  std::optional<base::Position> since;
  ASSERT_TRUE(
      ComesWithoutInput(*source, [&] { return (since = source->TakeSnapshotEnd()).has_value(); }));
  EXPECT_EQ(since->seconds, 990u);
  EXPECT_EQ(source->start().time >> 32, 990u);
}

bool IsInSnapshot(const MongoSource& source) {
  return DecodePlace(source.Position()).value().snapshot.has_value();
}

std::string PartOf(std::string_view text) {
  return bson::DocumentWriter().Text("part", text).Finish();
}

// Pieces of two ids: the second lets nothing through.
TEST(MongoSource, APartIsReadInPiecesOfIdsAndNothingElseIsGone) {
  FakeServer server;
  server.inventory = {"a", "ax", "b", "c", "cx", "dx", "e"};
  server.Insert(1);
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
  ASSERT_TRUE(source->Snapshot(PartOf("x")).ok());
  EXPECT_EQ(ReadSome(*source, 3).names, (std::vector<std::string>{"ax", "cx", "dx"}));
  server.Insert(2);
  const Seen rest = ReadSome(*source, 2);
  EXPECT_EQ(rest.names, Numbers(1, 3)) << "the stream goes on where it was";
  EXPECT_TRUE(rest.snapshot_ends.empty());
  // Its end has a turn of its own, which may come behind the changes.
  EXPECT_TRUE(ComesWithoutInput(*source, [&] { return !IsInSnapshot(*source); }));
}

// A link to that server which inserts a change before the find of that number, from 1.
Link ChangingBefore(FakeServer& server, int find) {
  return {server.link().select, [&server, find, finds = 0](std::string_view command) mutable {
            if (FakeServer::NameOf(command) == "find" && ++finds == find) server.Insert(1);
            return server.link().send(command);
          }};
}

// The snapshot has three pieces of two; the first find looks for their edges. A restart anywhere
// goes on with both.
TEST(MongoSource, ASnapshotThatWasAskedForAndTheStreamGoOnByTurns) {
  const std::vector<std::string> all{"a", "b", "1", "c", "d", "e"};
  // A piece that was not taken whole comes again, and the last one, which no id ends.
  const std::vector<std::size_t> left{6, 4, 3, 3, 1, 1};
  for (std::size_t taken = 1; taken <= all.size(); ++taken) {
    FakeServer server;
    server.inventory = {"a", "b", "c", "d", "e"};
    server.Insert(1);
    std::string position;
    std::vector<std::string> names;
    {
      auto source =
          MongoSource::Over(ChangingBefore(server, 2), ShopOptions(), [](Weight, auto, auto) {});
      ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
      ASSERT_TRUE(source->Snapshot().ok());
      names = ReadSome(*source, taken).names;
      EXPECT_EQ(names, std::vector<std::string>(all.begin(), all.begin() + std::ptrdiff_t(taken)));
      position = source->Position();
    }
    auto again = SourceOver(server);
    ASSERT_TRUE(again->Resume(position).ok());
    const Seen rest = ReadSome(*again, left[taken - 1]);
    std::set<std::string> seen(names.begin(), names.end());
    seen.insert(rest.names.begin(), rest.names.end());
    EXPECT_EQ(seen, std::set<std::string>(all.begin(), all.end())) << taken;
    EXPECT_EQ(std::count(rest.names.begin(), rest.names.end(), "1"), taken < 3 ? 1 : 0) << taken;
  }
}

// What it reads is no reason to call the stream away: it is streaming meanwhile.
TEST(MongoSource, ASnapshotThatFailsForAWhileHoldsNothingUp) {
  FakeServer server;
  server.inventory = {"a"};
  server.Insert(1);
  std::atomic<bool> fails = true;
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
  server.FailWith([&](std::size_t, std::string_view name) {
    return name == "find" && fails ? std::optional(Said(50)) : std::nullopt;
  });
  ASSERT_TRUE(source->Snapshot().ok());
  ASSERT_TRUE(Comes([&] { return server.Asked("find").size() >= 2; }));
  server.Insert(1);
  EXPECT_EQ(ReadSome(*source, 1).names, Numbers(1, 2));
  EXPECT_EQ(source->status().phase, Phase::kStreaming);
  EXPECT_TRUE(source->status().snapshot);
  EXPECT_EQ(server.Asked("aggregate").size(), 1u);
  fails = false;
  EXPECT_EQ(ReadSome(*source, 1).names, std::vector<std::string>{"a"});
}

// Killed before the reader did anything about it.
TEST(MongoSource, ASnapshotThatWasAskedForIsNotForgotten) {
  FakeServer server;
  server.inventory = {"a", "ax", "b", "cx"};
  server.Insert(1);
  std::string position;
  {
    auto source = SourceOver(server);
    ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
    ASSERT_TRUE(source->Snapshot(PartOf("x")).ok());
    EXPECT_FALSE(source->Snapshot(PartOf("y")).ok()) << "one at a time";
    position = source->Position();
  }
  auto again = SourceOver(server);
  ASSERT_TRUE(again->Resume(position).ok());
  EXPECT_EQ(ReadSome(*again, 2).names, (std::vector<std::string>{"ax", "cx"}));
  server.Insert(1);
  EXPECT_EQ(ReadSome(*again, 1).names, Numbers(1, 2));
  // Its end may come behind the change.
  EXPECT_TRUE(ComesWithoutInput(*again, [&] { return !IsInSnapshot(*again); }))
      << "it was done, once";
}

// More ids came between the look for the piece's edge and its read than a read may give.
TEST(MongoSource, APartLosesNothingToWhatIsInsertedMeanwhile) {
  FakeServer server;
  server.inventory = {"ax", "bx", "cx"};
  server.Insert(1);
  server.FailWith([&, finds = 0](std::size_t, std::string_view name) mutable {
    // The first find looks for the edge.
    if (name == "find" && ++finds == 2) {
      server.inventory = {"a1x", "a2x", "a3x", "a4x", "ax", "bx", "cx"};
    }
    return std::optional<Failure>();
  });
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
  ASSERT_TRUE(source->Snapshot(PartOf("x")).ok());
  EXPECT_EQ(ReadSome(*source, 7).names,
            (std::vector<std::string>{"a1x", "a2x", "a3x", "a4x", "ax", "bx", "cx"}));
}

TEST(MongoSource, AFilterThatTheServerRefusesStopsNothing) {
  FakeServer server;
  server.Insert(1);
  server.FailWith([](std::size_t, std::string_view name) {
    return name == "find" ? std::optional(Said(2)) : std::nullopt;
  });
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 1).names, Numbers(0, 1));
  ASSERT_TRUE(source->Snapshot(PartOf("x")).ok());
  ASSERT_TRUE(Comes([&] { return !server.Asked("find").empty(); }));
  server.Insert(1);
  EXPECT_EQ(ReadSome(*source, 1).names, Numbers(1, 2));
  EXPECT_FALSE(IsInSnapshot(*source)) << "and is not tried again";
}

// What vanished is retired in the batch that says that the snapshot has ended, or not at all.
TEST(MongoSource, ASnapshotHasNotEndedBeforeSomebodyTookNote) {
  FakeServer server;
  server.inventory = {"a"};
  Options options = ShopOptions();
  options.snapshot = SnapshotWhen::kInitial;
  auto source = SourceOver(server, options);
  ASSERT_EQ(ReadSome(*source, 1).names.size(), 1u);
  bool before = false;
  ASSERT_TRUE(ComesWithoutInput(*source, [&] {
    before = IsInSnapshot(*source);
    return source->TakeSnapshotEnd().has_value();
  }));
  EXPECT_TRUE(before);
  EXPECT_FALSE(IsInSnapshot(*source));
  EXPECT_FALSE(source->TakeSnapshotEnd());
}

TEST(MongoSource, LostHistoryStopsItUnlessThePolicySaysElse) {
  FakeServer server;
  server.Insert(2);
  server.FailWith([](std::size_t, std::string_view) { return std::optional(Said(286)); });
  auto source = SourceOver(server);
  const Seen seen = ReadSome(*source, 1);
  ASSERT_TRUE(seen.error);
  EXPECT_EQ(seen.error->code, Code::kFailedPrecondition);
  EXPECT_NE(seen.error->message.find("on_lost_history"), std::string::npos);
  EXPECT_EQ(source->status().gaps, 1u);
}

TEST(MongoSource, LostHistoryIsReadAnewWhereThatIsSet) {
  FakeServer server;
  server.inventory = {"a", "b"};
  server.Insert(3);
  bool lost = false;
  server.FailWith([&](std::size_t, std::string_view name) -> std::optional<Failure> {
    if (name != "getMore" || lost) return std::nullopt;
    lost = true;
    return Said(286);
  });
  server.ReadAt(std::uint64_t{2} << 32);
  Options options = ShopOptions();
  options.on_lost_history = OnLostHistory::kResnapshot;
  auto source = SourceOver(server, options);
  EXPECT_EQ(ReadSome(*source, 4).names, (std::vector<std::string>{"a", "b", "1", "2"}));
  EXPECT_EQ(source->status().gaps, 1u);
  EXPECT_EQ(source->GetHealth()->gaps, 1u);
}

// A server that was put back to a backup: what it shows is newer, though its time is older.
TEST(MongoSource, AServerThatWentBackInTimeBeginsAGeneration) {
  for (const std::uint64_t second : {2U, 3U}) {
    FakeServer server;
    server.inventory = {"a"};
    server.Insert(3);
    std::atomic<bool> lost = false;
    server.FailWith([&](std::size_t, std::string_view name) -> std::optional<Failure> {
      return name == "getMore" && lost.exchange(false) ? std::optional(Said(286)) : std::nullopt;
    });
    Options options = ShopOptions();
    options.on_lost_history = OnLostHistory::kResnapshot;
    auto source = SourceOver(server, options);
    ASSERT_EQ(ReadSome(*source, 3).names, Numbers(0, 3));  // the last at second 3
    server.ReadAt(second << 32 | 1);
    lost = true;
    ASSERT_EQ(ReadSome(*source, 1).names, std::vector<std::string>{"a"});
    const std::uint32_t generation = second < 3 ? 1 : 0;
    EXPECT_EQ(DecodePlace(source->Position()).value().generation, generation) << second;
    ports::RawInput input;
    ASSERT_TRUE(Comes([&] {
      static_cast<void>(source->TakeSnapshotEnd());
      return source->Read(input).value() == ports::Next::kInput;
    }));
    EXPECT_EQ(input.change.position.generation, generation) << "the stream behind it too";
  }
}

constexpr std::chrono::milliseconds kAhead = std::chrono::hours(2);

// The database of the oplog: its first entry is of that second; nullopt: it may not be read. Its
// clock is kAhead of ours.
Link LocalOf(const std::atomic<std::int64_t>& first, bool readable = true) {
  return {[] { return std::variant<Server, Failure>(Server{21, "rs"}); },
          [&first, readable](std::string_view command) -> Answer {
            bson::DocumentWriter reply;
            if (FakeServer::NameOf(command) == "hello") {
              const auto now = std::chrono::system_clock::now().time_since_epoch();
              const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
              reply.Date("localTime", ms + kAhead.count()).Timestamp("operationTime", 900ULL << 32);
              return {reply.Double("ok", 1).Finish(), std::nullopt};
            }
            EXPECT_EQ(bson::Find(command, "find")->Text(), "oplog.rs");
            if (!readable) return {{}, Failure{FailureKind::kServer, 13, "no", {}}};
            const auto seconds = static_cast<std::uint64_t>(first.load());
            reply.BeginDocument("cursor").BeginArray("firstBatch").BeginDocument("0");
            reply.Timestamp("ts", seconds << 32).End().End();
            reply.Int64("id", 0).Text("ns", "local.oplog.rs").End().Double("ok", 1);
            return {reply.Finish(), std::nullopt};
          }};
}

TEST(MongoSource, SaysHowFarTheOplogReachesBack) {
  FakeServer server;
  server.Insert(5);
  std::atomic<std::int64_t> first = 1;
  const auto source = [&](bool readable) {
    return MongoSource::Over(
        server.link(), ShopOptions(), [](Weight, auto, auto) {}, LocalOf(first, readable));
  };
  auto reads = source(true);
  ReadSome(*reads, 5);
  EXPECT_TRUE(Comes([&] { return reads->status().oplog_headroom.has_value(); }));
  EXPECT_LE(reads->status().oplog_headroom, 5) << "the last change is of second 5";
  auto refused = source(false);
  ReadSome(*refused, 5);
  EXPECT_TRUE(Comes([&] { return refused->status().clock_ahead_ms.has_value(); }));
  EXPECT_EQ(refused->status().oplog_headroom, std::nullopt);
}

// When it matters most nothing is read.
TEST(MongoSource, TheOplogIsWatchedWhileThePauseLasts) {
  FakeServer server;
  server.Insert(5);
  std::atomic<std::int64_t> first = 1;
  Options options = ShopOptions();
  options.heartbeat = base::Duration::Micros(1'000);
  auto source =
      MongoSource::Over(server.link(), options, [](Weight, auto, auto) {}, LocalOf(first));
  ReadSome(*source, 5);
  source->Pause();
  ASSERT_TRUE(Comes([&] { return source->status().phase == Phase::kPaused; }));
  first = 4;
  EXPECT_TRUE(Comes([&] { return source->status().oplog_headroom == 1; }));
  EXPECT_EQ(source->status().operation_time, 900ULL << 32) << "the server's, not the stream's";
}

TEST(MongoSource, ItsHealthSaysWhenTheOplogLosesThePlace) {
  FakeServer server;
  server.Insert(5);
  std::atomic<std::int64_t> first = 1;
  Options options = ShopOptions();
  options.heartbeat = base::Duration::Micros(1'000);
  options.headroom_min = base::Duration::Minutes(7);
  auto source =
      MongoSource::Over(server.link(), options, [](Weight, auto, auto) {}, LocalOf(first));
  EXPECT_FALSE(source->GetHealth()->reach_known) << "nobody has looked";
  EXPECT_EQ(source->GetHealth()->lost_in_min, base::Duration::Minutes(7));
  ReadSome(*source, 5);
  source->Pause();
  ASSERT_TRUE(Comes([&] { return source->GetHealth()->reach_known; }));
  EXPECT_FALSE(source->GetHealth()->lost_in) << "the beginning stands still";
  first = 4;
  ASSERT_TRUE(Comes([&] { return source->GetHealth()->lost_in.has_value(); }));
  EXPECT_LT(*source->GetHealth()->lost_in, base::Duration::Minutes(7));
}

TEST(MongoSource, LagIsOfTheServersClock) {
  FakeServer server;
  // An hour before, by its clock: what the machine takes meanwhile is nothing beside it.
  server.wall_time = [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto then = std::chrono::duration_cast<std::chrono::milliseconds>(now) + kAhead;
    return (then - std::chrono::hours(1)).count();
  };
  server.Insert(5);
  std::atomic<std::int64_t> first = 1;
  auto source =
      MongoSource::Over(server.link(), ShopOptions(), [](Weight, auto, auto) {}, LocalOf(first));
  ports::RawInput input;
  ASSERT_TRUE(Comes([&] { return source->Read(input).ok() && source->status().clock_ahead_ms; }));
  ASSERT_TRUE(source->Acknowledge().ok());
  server.Insert(1);
  const std::uint64_t before = source->lag().total;
  ASSERT_TRUE(Comes([&] {
    return source->Read(input).value() == ports::Next::kInput && !input.change.event.empty();
  }));
  const std::int64_t micros = source->lag().sum_micros;
  ASSERT_TRUE(source->Acknowledge().ok());
  EXPECT_GT(source->lag().total, before);
  const std::int64_t minutes = (source->lag().sum_micros - micros) / 60'000'000;
  EXPECT_GE(minutes, 58);
  EXPECT_LE(minutes, 62);
}

TEST(MongoSource, SaysHowFarASnapshotIs) {
  FakeServer server;
  server.inventory = {"a", "b", "c", "d", "e", "f"};
  Options options = ShopOptions();
  options.snapshot = SnapshotWhen::kInitial;
  options.queue_bytes_max = 1;  // the reader waits behind each document
  std::vector<std::string> told;
  std::mutex mutex;
  auto source = MongoSource::Over(server.link(), options,
                                  [&](Weight, std::string_view event, auto) {
                                    const std::lock_guard lock(mutex);
                                    told.emplace_back(event);
                                  },
                                  std::nullopt, {server.link()});
  EXPECT_EQ(ReadSome(*source, 1).names, std::vector<std::string>{"a"});
  ASSERT_TRUE(Comes([&] { return source->status().snapshot.has_value(); }));
  const auto snapshot = *source->status().snapshot;
  EXPECT_EQ(snapshot.estimate, 6u);
  EXPECT_EQ(snapshot.run, options.seed);
  EXPECT_EQ(ReadSome(*source, 5).names.size(), 5u);
  EXPECT_TRUE(Comes([&] { return source->status().snapshots_ended == 1; }));
  EXPECT_FALSE(source->status().snapshot);
  source->Stop();
  EXPECT_EQ(told.front(), "snapshot_begin");
  EXPECT_EQ(std::count(told.begin(), told.end(), "snapshot_begin"), 1);
}

TEST(SnapshotProgress, ForecastsItsEndByWhatThisProcessRead) {
  SnapshotProgress snapshot;
  const std::chrono::system_clock::time_point start{std::chrono::seconds(1'000)};
  snapshot.started = start;
  snapshot.documents_before = 100;
  snapshot.documents = 300;
  EXPECT_EQ(snapshot.SecondsLeft(start + std::chrono::seconds(10)), std::nullopt) << "of how many?";
  snapshot.estimate = 1'000;
  EXPECT_EQ(snapshot.SecondsLeft(start + std::chrono::seconds(10)), 35) << "700 at 20 a second";
  EXPECT_EQ(snapshot.SecondsLeft(start), std::nullopt);
}

TEST(MongoSource, CountsWhatRepliesHold) {
  FakeServer server;
  server.Insert(7);  // in replies of three
  auto source = SourceOver(server);
  ReadSome(*source, 7);
  const Status status = source->status();
  EXPECT_EQ(status.documents_per_reply.sum, 7u);
  EXPECT_GE(status.documents_per_reply.total, 3u);
  EXPECT_EQ(status.documents_per_reply.counts[2], 2u) << "two of three, in the bucket up to ten";
  EXPECT_EQ(status.get_more.total, status.documents_per_reply.total);
}

TEST(MongoSource, SaysHowLongItWasStillAndWhetherItMoved) {
  FakeServer server;
  Options options = ShopOptions();
  options.heartbeat = base::Duration::Seconds(7);
  auto source = SourceOver(server, options);
  auto health = source->GetHealth();
  ASSERT_TRUE(health);
  EXPECT_FALSE(health->has_moved) << "nothing was read yet";
  EXPECT_EQ(health->still_max, base::Duration::Seconds(21));
  server.Insert(2);
  ReadSome(*source, 2);
  health = source->GetHealth();
  EXPECT_TRUE(health->has_moved);
  EXPECT_LT(health->still, health->still_max);
  EXPECT_FALSE(health->paused);
}

TEST(MongoSource, ASlowTakerHoldsTheReaderBack) {
  FakeServer server;
  server.Insert(10'000);
  Options options = ShopOptions();
  options.queue_bytes_max = 4'096;
  auto source = SourceOver(server, options);
  ReadSome(*source, 1);
  std::uint64_t most = 0;
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  while (std::chrono::steady_clock::now() < until) most = std::max(most, source->queue_bytes());
  EXPECT_LE(most, 4'096u);
  EXPECT_LT(source->status().changes, 100u);
  EXPECT_EQ(ReadSome(*source, 9'999).names, Numbers(1, 10'000));
}

TEST(MongoSource, AnotherReplicaSetIsRefused) {
  FakeServer server;
  server.Insert(2);
  std::string position;
  {
    auto source = SourceOver(server);
    ASSERT_EQ(ReadSome(*source, 2).names.size(), 2u);
    position = source->Position();
  }
  server.replica_set = "other";
  server.Insert(1);
  auto again = SourceOver(server);
  ASSERT_TRUE(again->Resume(position).ok());
  const Seen seen = ReadSome(*again, 1);
  ASSERT_TRUE(seen.error);
  EXPECT_EQ(seen.error->code, Code::kFailedPrecondition);
}

TEST(MongoSource, OtherCollectionsGoOnAtTheTimeOfTheToken) {
  FakeServer server;
  server.Insert(3);
  std::string position;
  {
    auto source = SourceOver(server);
    ASSERT_EQ(ReadSome(*source, 3).names.size(), 3u);
    position = source->Position();
  }
  Options options = ShopOptions();
  options.collections.transactions.clear();
  auto again = SourceOver(server, options);
  ASSERT_TRUE(again->Resume(position).ok());
  server.Insert(1);
  // That moment is included: the change there comes again, and is known by its place.
  EXPECT_EQ(ReadSome(*again, 2).names, Numbers(2, 4));
}

// In a quiet shop too: as far as the token of an empty reply says.
TEST(MongoSource, TimePassesWithoutChanges) {
  FakeServer server;
  server.Insert(3);
  auto source = SourceOver(server);
  ASSERT_EQ(ReadSome(*source, 3).names.size(), 3u);
  ASSERT_TRUE(ComesWithoutInput(*source, [&] { return source->Watermark().has_value(); }));
  EXPECT_EQ(source->Watermark(), base::Instant::Seconds(3));
}

TEST(MongoSource, APlaceOfAnotherDatabaseIsRefused) {
  Place place;
  place.database = "other";
  FakeServer server;
  const auto resumed = SourceOver(server)->Resume(EncodePlace(place));
  ASSERT_FALSE(resumed.ok());
  EXPECT_EQ(resumed.error().code, Code::kFailedPrecondition);
}

}  // namespace
}  // namespace stockwatch::mongo_source
