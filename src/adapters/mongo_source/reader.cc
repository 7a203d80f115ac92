#include "adapters/mongo_source/reader.h"

#include <algorithm>
#include <utility>

#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

std::uint64_t TimeOf(std::string_view event) {
  const auto time = bson::Find(event, "clusterTime");
  return time ? time->Timestamp().value_or(0) : 0;
}

std::string_view TokenOf(std::string_view event) {
  const auto token = bson::Find(event, "_id");
  return token ? token->Document().value_or(std::string_view()) : std::string_view();
}

std::string InTimeOf(base::Duration timeout) {
  return "in " + base::FormatDuration(timeout) + " at most";
}

}  // namespace

Reader::Reader(const Options& options, Parts parts, Place place)
    : options_(options),
      parts_(std::move(parts)),
      place_(std::move(place)),
      course_(place_.start, place_.older, {}, options.seed,
              {options.socket_timeout, options.socket_timeout_max}),
      reads_({}, std::nullopt, {}, options.seed + 1),
      cursor_(
          parts_.link, options.shape(),
          {static_cast<std::int32_t>(options.batch_documents_max), options.await.micros() / 1'000}),
      split_(options.event_bytes_max) {}

void Reader::Run(const std::stop_token& stop) {
  stop_ = stop;
  parts_.progress.Set([&](Status& status) { status.place_time = course_.start().time; });
  while (!stop.stop_requested() && Step()) {
  }
  cursor_.Close();
}

bool Reader::Step() {
  if (Wished()) return true;
  if (place_.snapshot && !IsFollowing()) return PullSnapshot();
  if (!cursor_.is_open()) return OpenStream();
  const bool reads = std::chrono::steady_clock::now() >= next_read_;
  if (reads && !again_.empty()) return ReadAgain();
  piece_is_next_ = reads && place_.snapshot && !piece_is_next_;
  return piece_is_next_ ? PullSnapshot() : PullStream();
}

// Before it was anywhere, a stream has to begin at the earliest read of the snapshot, which is
// known at its end. Later both go on by turns: a document stands at the time at which it was read,
// so it does not matter what comes first.
bool Reader::IsFollowing() const {
  const StartKind kind = course_.start().kind;
  return kind == StartKind::kResumeAfter || kind == StartKind::kStartAfter;
}

// True: it waits, and there is nothing else to do.
bool Reader::Wished() {
  Wishes::Taken wished = parts_.wishes.Take();
  if (wished.seek) {
    // Stored with the first batch from there, when the server has taken it.
    course_.Seek(*std::move(wished.seek));
    place_.snapshot.reset();
    snapshot_.reset();
    asked_.reset();
    seen_up_to_ = 0;
    parts_.progress.Set([](Status& status) { status.snapshot.reset(); });
    Reopen(Cause::kAsked, "asked to go on elsewhere");
  }
  if (wished.snapshot) asked_ = std::move(wished.snapshot);
  for (std::string& id : wished.again) again_.push_back(std::move(id));
  if (asked_ && !place_.snapshot) {
    taken_up_ = asked_->run;
    BeginSnapshot(*std::exchange(asked_, std::nullopt));
    PutMark(place_.operation_time);
  }
  if (!wished.paused) return false;
  cursor_.Close();
  parts_.progress.Set([](Status& status) {
    status.phase = Phase::kPaused;
    status.moved = std::chrono::steady_clock::now();
  });
  PauseFor(options_.await);
  return true;
}

std::optional<Failure> Reader::FindServer() {
  parts_.progress.Set([](Status& status) { status.phase = Phase::kConnecting; });
  cursor_.Close();
  auto server = parts_.link.select();
  if (auto* failure = std::get_if<Failure>(&server)) return std::move(*failure);
  cursor_.SetServer(std::get<Server>(std::move(server)));
  return std::nullopt;
}

bool Reader::CheckServer() {
  const std::string& name = cursor_.server().replica_set;
  if (!place_.replica_set.empty() && name != place_.replica_set) {
    return End(base::Code::kFailedPrecondition,
               "this mongodb is not the one that the store follows: replica set \"" + name +
                   "\" in place of \"" + place_.replica_set +
                   "\"; use the right URI, or begin a new store");
  }
  place_.replica_set = name;
  return true;
}

bool Reader::OpenStream() {
  parts_.progress.Set([](Status& status) { status.phase = Phase::kConnecting; });
  split_.Clear();
  quiet_time_ = 0;
  cursor_.Allow(course_.timeout());
  auto opened = cursor_.Open(course_.start());
  if (const auto* failure = std::get_if<Failure>(&opened)) {
    return TakeTurn(course_.AfterOpen(*failure), *failure);
  }
  if (!CheckServer()) return false;
  const Batch& batch = std::get<Batch>(opened);
  parts_.tell(Weight::kInfo, "stream_open", "following the changes of " + options_.database);
  return Deliver(batch, Came::kFirst);
}

bool Reader::PullStream() {
  const auto asked = std::chrono::steady_clock::now();
  // A snapshot does not wait for changes.
  auto more = place_.snapshot ? cursor_.MoreAtOnce() : cursor_.More();
  if (const auto* failure = std::get_if<Failure>(&more)) {
    return TakeTurn(course_.AfterMore(*failure, cursor_.server().wire_version), *failure);
  }
  const Batch& batch = std::get<Batch>(more);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - asked);
  parts_.progress.Set([&](Status& status) {
    status.get_more.Add(base::Duration::Micros(took.count()));
    status.documents_per_reply.Add(batch.documents.size());
  });
  const bool all = batch.documents.size() < static_cast<std::size_t>(cursor_.batch_max());
  if (!Deliver(batch, Came::kLater)) return false;
  if (all && cursor_.is_open() && !split_.is_open() && course_.CaughtUp()) {
    Reopen(Cause::kCaughtUp,
           "what the oplog had is read: the stream is opened again with answers " +
               InTimeOf(course_.timeout()));
  }
  return true;
}

// Behind a token that the server did not find: whatever its moment shows, and not that change.
bool Reader::IsAnotherHistory(const std::vector<Item>& items, const Batch& batch) {
  const Start expected = course_.expected();
  if (expected.kind == StartKind::kNow) return false;
  std::uint64_t passed = items.empty() ? TimeOfToken(batch.token).value_or(0) : 0;
  for (const Item& item : items) {
    if (TokenOf(item.bytes) == expected.token) {
      course_.MeetExpected();
      return false;
    }
    passed = TimeOf(item.bytes);
    if (passed > expected.time) break;
  }
  if (passed <= expected.time) return false;
  course_.MeetExpected();
  return true;
}

bool Reader::Deliver(const Batch& batch, Came came) {
  read_at_ = std::chrono::steady_clock::now();
  invalidated_ = false;
  std::vector<Item> items;
  if (!Assemble(batch, items)) return false;
  if (IsAnotherHistory(items, batch)) {
    ++place_.generation;
    return LoseHistory({FailureKind::kServer,
                        0,
                        "the change at the position is not there: mongodb was replaced or put back "
                        "to a backup",
                        {}});
  }
  auto read = ReadUnknown(items);
  if (const auto* failure = std::get_if<Failure>(&read)) {
    return TakeTurn(course_.AfterFind(*failure), *failure);
  }
  if (came == Came::kLater || !items.empty()) course_.Follows();
  if (batch.operation_time != 0) {
    place_.operation_time = batch.operation_time;
    CompareWithLost(batch.operation_time);
  }
  // Before the changes: a restart in between reads them again.
  for (Item& item : std::get<std::vector<Item>>(read)) {
    if (!Put(std::move(item))) return false;
  }
  // Behind a fragment the place stays before its event.
  const bool whole = !split_.is_open();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool last = whole && i + 1 == items.size();
    items[i].too_large = cursor_.shape().detail == Detail::kLeast;
    if (!DeliverEvent(std::move(items[i]), batch, last)) return false;
  }
  const Start before = course_.start();
  if (batch.documents.empty() && !DeliverNothing(batch)) return false;
  TellDelivered(batch, !batch.documents.empty() || course_.start() != before);
  if (!items.empty() && cursor_.shape().detail == Detail::kLeast) {
    PassTooLarge();
  } else if (!cursor_.is_open()) {
    Reopen(invalidated_ ? Cause::kInvalidate : Cause::kServer,
           "the server ended the stream, it is opened again");
  }
  return true;
}

void Reader::TellDelivered(const Batch& batch, bool moved) {
  std::uint64_t bytes = 0;
  for (const std::string_view event : batch.documents) bytes += event.size();
  parts_.progress.Set([&](Status& status) {
    status.phase = Phase::kStreaming;
    if (course_.failures() == 0) status.line = Line::kWorks;
    status.trouble.clear();
    status.server = place_.replica_set;
    status.changes += batch.documents.size();
    status.bytes += bytes;
    ++status.replies;
    status.operation_time = std::max(status.operation_time, place_.operation_time);
    status.operation_time_read = read_at_;
    // A quiet token may hide its time: everything up to the empty reply was seen all the same.
    status.place_time = std::max(course_.start().time, seen_up_to_);
    if (!moved) return;
    status.moved = std::chrono::steady_clock::now();
    status.has_moved = true;
  });
}

// It came without its document, alone.
void Reader::PassTooLarge() {
  course_.Passed();
  cursor_.AskFor(course_.detail());
  Reopen(Cause::kTooLarge, "a change too large for a reply was taken without its document");
}

// The place moves, and time passes: up to what the token says; where it hides its time, up to what
// the server said with the empty reply before, since which it has looked again.
bool Reader::DeliverNothing(const Batch& batch) {
  // Its token would be that of a fragment, and what is behind it alone is no event.
  if (split_.is_open()) return true;
  auto behind = BehindNothing(course_.start(), batch.token, batch.operation_time);
  const std::uint64_t known = TimeOfToken(batch.token).value_or(quiet_time_);
  quiet_time_ = batch.operation_time;
  seen_up_to_ = known;
  if (behind) course_.GoTo(*std::move(behind));
  Item item;
  item.mark = MarkHere(batch.operation_time);
  item.mark->watermark = known;
  return Put(std::move(item));
}

// Events that came in fragments are put together. False: it ended.
bool Reader::Assemble(const Batch& batch, std::vector<Item>& items) {
  items.reserve(batch.documents.size());
  for (const std::string_view event : batch.documents) {
    switch (split_.Take(event)) {
      case SplitEvents::Taken::kWhole:
        items.emplace_back().bytes = event;
        break;
      case SplitEvents::Taken::kJoined:
        items.emplace_back().bytes = split_.TakeJoined();
        break;
      case SplitEvents::Taken::kMore:
        break;
      case SplitEvents::Taken::kBroken:
        return End(base::Code::kFailedPrecondition, "a change is larger than " +
                                                        std::to_string(options_.event_bytes_max) +
                                                        " bytes, or a fragment of it did not come");
    }
  }
  return true;
}

bool Reader::DeliverEvent(Item item, const Batch& batch, bool last) {
  item.read_at = read_at_;
  const std::string_view token = TokenOf(item.bytes);
  if (token.empty()) {
    return End(base::Code::kDataLoss, "mongodb sent a change without a resume token");
  }
  const auto type = bson::Find(item.bytes, "operationType");
  if (type && type->Text() == "invalidate") {
    invalidated_ = true;
    course_.GoTo(BehindInvalidate(token, TimeOf(item.bytes)));
    item.mark = MarkHere(batch.operation_time);
  } else if (last && !batch.token.empty()) {
    course_.GoTo(BehindEvent(batch.token, TimeOf(item.bytes)));
    item.mark = MarkHere(batch.operation_time);
  } else {
    course_.GoTo(BehindEvent(token, TimeOf(item.bytes)));
  }
  return Put(std::move(item));
}

bool Reader::TakeTurn(Turn turn, const Failure& failure) {
  if (stop_.stop_requested()) return false;  // it is we who left
  switch (turn) {
    case Turn::kLost:
      return LoseHistory(failure);
    case Turn::kBack:
      Reopen(Cause::kAsked, "the place that was asked for is refused, it goes on where it was: " +
                                Advice(failure));
      return true;
    case Turn::kStop:
      return End(base::Code::kFailedPrecondition, Advice(failure));
    case Turn::kSmaller:
      cursor_.AskFor(course_.detail());
      break;
    case Turn::kOpen:
      break;
  }
  std::string why = Advice(failure);
  if (course_.timeout() > options_.socket_timeout && failure.hint == Hint::kTimeout) {
    const bool longest = course_.timeout() >= options_.socket_timeout_max;
    why += "; it may have much of its oplog to look through: it is asked for answers " +
           InTimeOf(course_.timeout()) +
           (longest ? ", the most that source.mongo.socket_timeout_max lets it have" : "");
  }
  Reopen(CauseOf(failure, mongo_source::AfterOpen(failure)), why);
  parts_.progress.Set([](Status& status) { status.line = Line::kLeftAlone; });
  PauseFor(course_.pause());
  parts_.progress.Set([](Status& status) { status.line = Line::kTried; });
  return true;
}

void Reader::Reopen(Cause cause, const std::string& why) {
  cursor_.Close();
  split_.Clear();
  parts_.progress.Set([&](Status& status) {
    ++status.reopened[static_cast<std::size_t>(cause)];
    if (IsTrouble(cause)) status.trouble = why;
  });
  parts_.tell(cause == Cause::kAsked || cause == Cause::kInvalidate || cause == Cause::kCaughtUp
                  ? Weight::kInfo
                  : Weight::kWarning,
              "stream_again", why);
}

void Reader::PauseFor(base::Duration pause) {
  if (pause > base::Duration()) {
    parts_.wishes.Wait(std::chrono::microseconds(pause.micros()), stop_);
  }
}

Mark Reader::MarkHere(std::uint64_t operation_time) const {
  return {course_.start(), operation_time, place_.replica_set, place_.snapshot, taken_up_};
}

bool Reader::Put(Item item) {
  item.generation = place_.generation;
  if (item.mark) item.mark->generation = place_.generation;
  return parts_.inbox.Put(std::move(item), stop_);
}

bool Reader::PutMark(std::uint64_t operation_time) {
  Item item;
  item.mark = MarkHere(operation_time);
  return Put(std::move(item));
}

bool Reader::End(base::Code code, std::string message) {
  cursor_.Close();
  parts_.progress.Set([&](Status& status) {
    status.phase = Phase::kStopped;
    status.trouble = message;
  });
  parts_.inbox.End({code, std::move(message)});
  return false;
}

}  // namespace stockwatch::mongo_source
