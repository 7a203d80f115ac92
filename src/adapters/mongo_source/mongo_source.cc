#include "adapters/mongo_source/mongo_source.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/mongo_source/connection.h"
#include "adapters/mongo_source/moment.h"
#include "adapters/mongo_source/oplog_watch.h"
#include "base/bytes.h"
#include "wire/bson/bson_reader.h"
#include "wire/bson/element.h"
#include "wire/change_event/change_event.h"
#include "wire/ejson/ejson_writer.h"

namespace stockwatch::mongo_source {

using SteadyClock = std::chrono::steady_clock;

namespace {

base::Duration Elapsed(SteadyClock::time_point from, SteadyClock::time_point to) {
  return base::Duration::Micros(
      std::chrono::duration_cast<std::chrono::microseconds>(to - from).count());
}

std::int64_t WallMillis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// By the server's wall clock; before MongoDB 6.0 by the second of the cluster time.
std::int64_t CommittedAt(std::string_view event) {
  const auto wall = bson::Find(event, "wallTime");
  if (wall && wall->type == bson::Type::kDate) {
    return base::ByteReader(wall->value).Take<std::int64_t>();
  }
  const auto time = bson::Find(event, "clusterTime");
  return static_cast<std::int64_t>((time ? time->Timestamp().value_or(0) : 0) >> 32) * 1'000;
}

// Of a change that came without its document.
event::Reject TooLarge(const Options& options, const event::RawChange& change) {
  std::string id;
  if (change.document_key != event::RawDocument::kNone) {
    ejson::WriteEjson(change.event, change.document_key, id);
  }
  const bool read = change.collection == options.collections.inventory ||
                    change.collection == options.collections.thresholds;
  std::string message = "no reply of mongodb can hold this change of " +
                        std::string(change.collection) + ", _id " + id + ": ";
  message += read
                 ? "the document was read instead, as it was later; drop the letter"
                 : "it is not booked: insert it again as a smaller document with another _id, then "
                   "drop the letter";
  return {event::Stage::kRead, "too large", std::move(message)};
}

}  // namespace

struct MongoSource::State {
  State(Options the_options, Tell the_tell)
      : options(std::move(the_options)),
        tell(std::move(the_tell)),
        limits{options.event_bytes_max, options.depth_max, bson::Limits().values_max},
        inbox(options.queue_bytes_max) {
    place.hash = HashOf(options.shape());
    place.database = options.database;
  }

  Options options;
  Tell tell;
  bson::Limits limits;
  std::shared_ptr<Farewell> farewell = std::make_shared<Farewell>(kFarewellPatience);
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Connection> oplog;  // another client: one thread at a time, of one database
  Link link;
  std::optional<Link> local;                         // to the database of the oplog
  std::vector<std::unique_ptr<Connection>> readers;  // of snapshots: each connects when it reads
  std::vector<Link> lines;                           // theirs
  Inbox inbox;
  Progress progress;
  Wishes wishes;

  // Of the thread that takes changes.
  Place place;             // behind everything delivered
  std::string last_token;  // of the last change; empty: `place` knows better
  std::uint64_t last_time = 0;
  std::optional<Mark> ended;  // a snapshot has ended there, and nobody took note
  std::optional<Mark> idle;   // a place without a change, not yet taken up
  // A snapshot that somebody asked for and the reader has not begun: stored as if it had.
  std::optional<SnapshotPlace> asked;
  std::uint64_t watermark = 0;  // seconds << 32 | increment; 0: unknown
  SteadyClock::time_point moved{};
  SteadyClock::time_point aged{};
  bool resumed = false;
  // Changes of one moment of the server's wall clock.
  struct Committed {
    std::int64_t at_ms = 0;
    std::uint64_t changes = 0;
  };
  // What was delivered and not yet acknowledged, by the reply that brought it.
  struct Delivered {
    SteadyClock::time_point read_at;
    std::uint64_t changes = 0;
    std::vector<Committed> committed = {};
  };
  std::vector<Delivered> delivered;
  base::LatencyHistogram read_to_commit;
  base::LatencyHistogram lag;
  std::string record;  // of `place`
  bool recorded = false;

  std::optional<Reader> reader;
  std::optional<OplogWatch> watch;
  std::jthread thread;  // these the last: they end before what they use
  std::jthread watching;

  void Start();
  void Note(const Mark& mark);
  void Adopt(Mark mark);
  void TakeNews();
  void TakeIdle();
  void Fill(Item item, ports::RawInput& input);
};

MongoSource::MongoSource(std::unique_ptr<State> state) : state_(std::move(state)) {}

MongoSource::~MongoSource() {
  Stop();
}

void MongoSource::BeginStop() {
  state_->farewell->Begin();
  state_->thread.request_stop();
  state_->watching.request_stop();
}

void MongoSource::Stop() {
  BeginStop();
  if (state_->thread.joinable()) state_->thread.join();
  if (state_->watching.joinable()) state_->watching.join();
}

base::Result<std::unique_ptr<MongoSource>> MongoSource::Open(Options options, Tell tell) {
  SW_TRY_STATUS(options.Validate());
  auto state = std::make_unique<State>(std::move(options), std::move(tell));
  SW_TRY(state->connection, Connection::Open(state->options, state->farewell));
  state->link = state->connection->link();
  state->options.socket_timeout = state->connection->timeout();
  Options local = state->options;
  local.database = "local";
  SW_TRY(state->oplog, Connection::Open(local, state->farewell));
  state->local = state->oplog->link();
  for (std::uint32_t i = 0; i < state->options.snapshot_readers; ++i) {
    SW_TRY(auto reader, Connection::Open(state->options, state->farewell));
    state->lines.push_back(reader->link());
    state->readers.push_back(std::move(reader));
  }
  return std::unique_ptr<MongoSource>(new MongoSource(std::move(state)));
}

std::unique_ptr<MongoSource> MongoSource::Over(Link link, Options options, Tell tell,
                                               std::optional<Link> local, std::vector<Link> lines) {
  auto state = std::make_unique<State>(std::move(options), std::move(tell));
  state->link = std::move(link);
  state->local = std::move(local);
  state->lines = std::move(lines);
  return std::unique_ptr<MongoSource>(new MongoSource(std::move(state)));
}

void MongoSource::State::Start() {
  if (!resumed && options.snapshot == SnapshotWhen::kInitial) {
    place.snapshot = SnapshotPlace();
    place.snapshot->run = options.seed;
  }
  if (place.paused) wishes.Pause();
  for (const std::string& id : place.again) wishes.ReadAgain(id);
  reader.emplace(options, Reader::Parts{link, inbox, progress, wishes, tell, lines}, place);
  thread = std::jthread([this](const std::stop_token& stop) { reader->Run(stop); });
  if (!local) return;
  watch.emplace(*local, progress, options.heartbeat);
  watching = std::jthread([this](const std::stop_token& stop) { watch->Run(stop); });
}

// Of each mark, also of those that nothing else is made of.
void MongoSource::State::Note(const Mark& mark) {
  watermark = std::max(watermark, mark.watermark);
  if (asked && mark.taken_up == asked->run) asked.reset();
  for (const std::string& id : mark.read_again) {
    place.again.erase(id);
    recorded = false;
  }
}

void MongoSource::State::Adopt(Mark mark) {
  const auto now = SteadyClock::now();
  const std::chrono::microseconds age(options.heartbeat.micros());
  if (now - aged >= age && !place.start.token.empty()) {
    place.older = place.start;
    aged = now;
  }
  place.start = std::move(mark.start);
  if (mark.operation_time != 0) place.operation_time = mark.operation_time;
  place.replica_set = std::move(mark.replica_set);
  place.generation = mark.generation;
  place.snapshot = mark.snapshot ? std::move(mark.snapshot) : asked;
  last_token.clear();
  moved = now;
  recorded = false;
}

// That a snapshot began, or has come further without a document, and that the stream goes on
// elsewhere: not to be forgotten.
void MongoSource::State::TakeNews() {
  if (!idle) return;
  const bool news = idle->snapshot != place.snapshot || idle->start.kind != place.start.kind;
  if (news) Adopt(*std::exchange(idle, std::nullopt));
}

// A place without a change is stored now and then: each time is a write.
void MongoSource::State::TakeIdle() {
  TakeNews();
  const std::chrono::microseconds heartbeat(options.heartbeat.micros());
  if (idle && SteadyClock::now() - moved >= heartbeat) {
    Adopt(*std::exchange(idle, std::nullopt));
  }
}

void MongoSource::State::Fill(Item item, ports::RawInput& input) {
  TakeNews();
  idle.reset();
  if (item.read_time == 0) {
    if (delivered.empty() || delivered.back().read_at != item.read_at) {
      delivered.push_back({item.read_at, 0});
    }
    ++delivered.back().changes;
    auto& committed = delivered.back().committed;
    const std::int64_t at_ms = CommittedAt(item.bytes);
    if (committed.empty() || committed.back().at_ms != at_ms) committed.push_back({at_ms, 0});
    ++committed.back().changes;
  }
  input.bytes = std::move(item.bytes);
  const base::Status read = bson::ReadBson(input.bytes, limits, input.change.event);
  if (read.ok()) {
    input.reject = change_event::ToRawChange(input.change, options.update_images);
  } else {
    const bool limit = read.error().code == base::Code::kResourceExhausted;
    input.reject = event::Reject{event::Stage::kRead, limit ? "too large" : "malformed BSON",
                                 read.error().message};
  }
  if (item.too_large && input.reject) input.reject = TooLarge(options, input.change);
  base::Position& position = input.change.position;
  position.generation = item.generation;
  if (item.read_time != 0) {
    position.ordinal = item.ordinal;
    input.placed = true;
    input.of_snapshot = item.of_snapshot;
  }
  if (item.mark) {
    Note(*item.mark);
    Adopt(*std::move(item.mark));
  } else if (item.read_time == 0) {
    const auto token = bson::Find(input.bytes, "_id");
    last_token = token->Document().value_or(std::string_view());
    last_time = std::uint64_t{position.seconds} << 32 | position.increment;
    moved = SteadyClock::now();
    recorded = false;
  }
}

base::Result<ports::Next> MongoSource::Read(ports::RawInput& input) {
  input.Clear();
  State& s = *state_;
  if (!s.reader) s.Start();
  if (s.ended) return ports::Next::kNothingYet;
  while (auto item = s.inbox.Take()) {
    if (!item->bytes.empty()) {
      s.Fill(*std::move(item), input);
      return ports::Next::kInput;
    }
    if (item->mark->ended_since != 0) {
      s.idle.reset();
      s.ended = std::move(item->mark);
      return ports::Next::kNothingYet;
    }
    s.Note(*item->mark);
    s.idle = std::move(item->mark);
  }
  s.TakeIdle();
  if (auto error = s.inbox.Ended()) return *std::move(error);
  return ports::Next::kNothingYet;
}

void MongoSource::ReadAgain(const ports::RawInput& input) {
  State& s = *state_;
  const auto key = bson::Find(input.bytes, "documentKey");
  if (!key || !key->Document()) return;
  const auto [id, is_new] = s.place.again.insert(IdOf(*key->Document()));
  if (!is_new) return;
  s.recorded = false;
  s.wishes.ReadAgain(*id);
}

base::Status MongoSource::Acknowledge() {
  State& s = *state_;
  if (s.delivered.empty()) return {};
  const auto now = SteadyClock::now();
  const std::int64_t theirs = WallMillis() + status().clock_ahead_ms.value_or(0);
  for (const State::Delivered& reply : s.delivered) {
    s.read_to_commit.Add(Elapsed(reply.read_at, now), reply.changes);
    for (const State::Committed& moment : reply.committed) {
      const std::int64_t lag_ms = std::max<std::int64_t>(theirs - moment.at_ms, 0);
      s.lag.Add(base::Duration::Micros(lag_ms * 1'000), moment.changes);
    }
  }
  s.delivered.clear();
  return {};
}

std::optional<base::Position> MongoSource::TakeSnapshotEnd() {
  State& s = *state_;
  if (!s.ended) return std::nullopt;
  Mark end = *std::exchange(s.ended, std::nullopt);
  const std::uint64_t since = end.ended_since;
  s.Adopt(std::move(end));
  base::Position position;
  position.generation = s.place.generation;
  position.seconds = static_cast<std::uint32_t>(since >> 32);
  position.increment = static_cast<std::uint32_t>(since);
  position.ordinal = ports::kSnapshotOrdinals;
  return position;
}

std::optional<base::Instant> MongoSource::Watermark() const {
  const std::uint64_t seconds = state_->watermark >> 32;
  if (seconds == 0) return std::nullopt;
  return base::Instant::Seconds(static_cast<std::int64_t>(seconds));
}

std::optional<MongoSource::Health> MongoSource::GetHealth() const {
  constexpr int kHeartbeats = 3;
  const Status status = state_->progress.Get();
  Health health;
  // What waits to be taken is no silence: the server may only have been faster.
  if (state_->inbox.bytes() == 0) {
    health.still = Elapsed(status.moved, SteadyClock::now());
  }
  health.still_max = base::Duration::Micros(kHeartbeats * state_->options.heartbeat.micros());
  health.paused = status.phase == Phase::kPaused;
  health.has_moved = status.has_moved;
  health.gaps = status.gaps;
  health.reach_known = status.oplog_headroom.has_value();
  if (status.oplog_lost_in) health.lost_in = base::Duration::Seconds(*status.oplog_lost_in);
  health.lost_in_min = state_->options.headroom_min;
  return health;
}

std::string MongoSource::Position() const {
  State& s = *state_;
  if (s.place.start.kind == StartKind::kNow && s.last_token.empty() && !s.resumed) return {};
  if (s.recorded) return s.record;
  if (!s.last_token.empty()) {
    s.place.start = BehindEvent(s.last_token, s.last_time);
    s.last_token.clear();
  }
  s.record = EncodePlace(s.place);
  s.recorded = true;
  return s.record;
}

base::Status MongoSource::Resume(std::string_view position) {
  SW_TRY(Place place, DecodePlace(position));
  State& s = *state_;
  if (place.database != s.options.database) {
    return base::Error{base::Code::kFailedPrecondition,
                       "the store follows another database: use that one, or begin a new store: " +
                           place.database};
  }
  // A token is good for its filter alone; the time in it is good for each.
  if (place.hash != s.place.hash) {
    place.hash = s.place.hash;
    place.older.reset();
    if (place.start.kind != StartKind::kNow) {
      if (place.start.time == 0) {
        return base::Error{base::Code::kFailedPrecondition,
                           "the collections of the settings are not those of the position, whose "
                           "token hides its time: set them as they were, or begin a new store"};
      }
      place.start = {StartKind::kStartAtOperationTime, {}, place.start.time};
    }
  }
  s.place = std::move(place);
  s.resumed = true;
  s.moved = s.aged = SteadyClock::now();
  return {};
}

const Start& MongoSource::start() const {
  static_cast<void>(Position());
  return state_->place.start;
}

Status MongoSource::status() const {
  return state_->progress.Get();
}

const base::LatencyHistogram& MongoSource::read_to_commit() const {
  return state_->read_to_commit;
}

const base::LatencyHistogram& MongoSource::lag() const {
  return state_->lag;
}

std::uint64_t MongoSource::queue_bytes() const {
  return state_->inbox.bytes();
}

void MongoSource::Pause() {
  state_->wishes.Pause();
  state_->place.paused = true;
  state_->recorded = false;
}

void MongoSource::GoOn() {
  state_->wishes.GoOn();
  state_->place.paused = false;
  state_->recorded = false;
}

base::Status MongoSource::Snapshot(std::string filter) {
  if (status().snapshot || state_->asked) {
    return base::Error{base::Code::kFailedPrecondition, "a snapshot is under way"};
  }
  State& s = *state_;
  s.asked = SnapshotPlace::New(s.options.seed + status().replies, std::move(filter));
  s.wishes.Snapshot(*s.asked);
  s.place.snapshot = s.asked;
  s.recorded = false;
  return {};
}

base::Status MongoSource::Seek(mongo_source::Start start) {
  const Status now = status();
  const auto passed = std::chrono::duration_cast<std::chrono::seconds>(SteadyClock::now() -
                                                                       now.operation_time_read);
  const std::uint64_t arrived =
      (now.operation_time >> 32) + static_cast<std::uint64_t>(passed.count()) + 1;
  if (start.kind == StartKind::kStartAtOperationTime && now.operation_time != 0 &&
      start.time >> 32 > arrived) {
    return base::Error{base::Code::kInvalidArgument,
                       "seek: at lies in the future of mongodb, whose time is " +
                           std::to_string(now.operation_time >> 32) + " s since 1970"};
  }
  state_->asked.reset();
  state_->wishes.Seek(std::move(start));
  return {};
}

}  // namespace stockwatch::mongo_source
