#include "adapters/mongo_source/reader.h"

#include <algorithm>
#include <utility>

#include "adapters/mongo_source/snapshot_size.h"
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

}  // namespace

Reader::Reader(const Options& options, Parts parts, Place place)
    : options_(options),
      parts_(std::move(parts)),
      place_(std::move(place)),
      course_(place_.start, place_.older, {}, options.seed),
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
  if (place_.snapshot) return PullSnapshot();
  return cursor_.is_open() ? PullStream() : OpenStream();
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

void Reader::BeginSnapshot(SnapshotPlace place) {
  place_.snapshot = std::move(place);
  snapshot_.reset();
}

// Once of each: at its beginning, and where a restart takes it up. A failure of the line, not of
// the count, which nobody needs.
std::optional<Failure> Reader::TellOfSnapshot() {
  const SnapshotPlace& place = *place_.snapshot;
  if (told_run_ == place.run) return std::nullopt;
  told_run_ = place.run;
  parts_.tell(Weight::kInfo, "snapshot_begin",
              place.documents == 0
                  ? "reading what there is"
                  : "reading on behind " + std::to_string(place.documents) + " documents");
  std::optional<std::uint64_t> estimate;
  if (place.filter.empty() && !parts_.lines.empty()) {
    auto estimated = EstimatedDocuments(parts_.link, options_);
    if (auto* failure = std::get_if<Failure>(&estimated)) {
      if (failure->kind != FailureKind::kServer) return std::move(*failure);
    } else {
      estimate = std::get<std::uint64_t>(estimated);
    }
  }
  parts_.progress.Set([&](Status& status) {
    status.snapshot =
        SnapshotProgress{place.run,       place.collection, place.documents,
                         place.documents, estimate,         std::chrono::system_clock::now()};
  });
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

bool Reader::PullSnapshot() {
  if (!snapshot_) {
    parts_.progress.Set([](Status& status) { status.phase = Phase::kConnecting; });
    cursor_.Close();
    auto server = parts_.link.select();
    if (const auto* failure = std::get_if<Failure>(&server)) {
      return TakeTurn(course_.AfterOpen(*failure), *failure);
    }
    cursor_.SetServer(std::get<Server>(std::move(server)));
    if (!CheckServer()) return false;
    if (const auto failure = TellOfSnapshot()) {
      return TakeTurn(course_.AfterFind(*failure), *failure);
    }
    snapshot_.emplace(options_, parts_.link, parts_.lines, *place_.snapshot);
  }
  auto next = snapshot_->Next();
  if (const auto* failure = std::get_if<Failure>(&next)) {
    snapshot_.reset();
    const Turn turn = course_.AfterFind(*failure);
    if (turn != Turn::kStop || place_.snapshot->filter.empty()) return TakeTurn(turn, *failure);
    // Nobody needs it: a filter that the server refuses stops nothing.
    parts_.tell(Weight::kError, "snapshot_refused", Advice(*failure));
    parts_.progress.Set([](Status& status) { status.snapshot.reset(); });
    place_.snapshot.reset();
    course_.Works();
    return PutMark(place_.operation_time);
  }
  course_.Works();
  auto& chunk = std::get<Chunk>(next);
  place_.snapshot = chunk.place;
  // The stream begins where the earliest piece was read; what it shows again is known to be older.
  const Start& start = course_.start();
  const bool later =
      start.kind == StartKind::kStartAtOperationTime && start.time > chunk.place.since;
  if (chunk.place.since != 0 && (start.kind == StartKind::kNow || later)) {
    course_.GoTo({StartKind::kStartAtOperationTime, {}, chunk.place.since});
  }
  const std::uint64_t documents = chunk.place.documents;
  NoteChunk(chunk);
  if (chunk.ended) {
    return EndSnapshot(chunk.place.filter.empty() ? chunk.place.since : 0, documents);
  }
  if (chunk.items.empty()) return PutMark(place_.operation_time);
  chunk.items.back().mark = MarkHere(place_.operation_time);
  for (Item& item : chunk.items) {
    if (!parts_.inbox.Put(std::move(item), stop_)) return false;
  }
  return true;
}

void Reader::NoteChunk(const Chunk& chunk) {
  parts_.progress.Set([&](Status& status) {
    status.phase = Phase::kSnapshot;
    status.line = Line::kWorks;
    status.trouble.clear();
    status.server = place_.replica_set;
    status.snapshot_documents += chunk.items.size();
    status.place_time = course_.start().time;
    if (status.snapshot) {
      status.snapshot->collection = chunk.place.collection;
      status.snapshot->documents = chunk.place.documents;
    }
    if (chunk.ended) status.snapshot.reset();
    status.moved = std::chrono::steady_clock::now();
    status.has_moved = true;
    ++status.replies;
    if (chunk.ended) ++status.snapshots_ended;
  });
}

// `since`: what it did not show is gone; 0: it was of a part.
bool Reader::EndSnapshot(std::uint64_t since, std::uint64_t documents) {
  place_.snapshot.reset();
  snapshot_.reset();
  Item end;
  end.mark = MarkHere(place_.operation_time);
  end.mark->ended_since = since;
  parts_.tell(Weight::kInfo, "snapshot_end",
              "what there was is read: " + std::to_string(documents) + " documents");
  return parts_.inbox.Put(std::move(end), stop_);
}

bool Reader::OpenStream() {
  parts_.progress.Set([](Status& status) { status.phase = Phase::kConnecting; });
  split_.Clear();
  quiet_time_ = 0;
  auto opened = cursor_.Open(course_.start());
  if (const auto* failure = std::get_if<Failure>(&opened)) {
    return TakeTurn(course_.AfterOpen(*failure), *failure);
  }
  if (!CheckServer()) return false;
  const Batch& batch = std::get<Batch>(opened);
  if (!batch.documents.empty()) course_.Works();
  parts_.tell(Weight::kInfo, "stream_open", "following the changes of " + options_.database);
  return Deliver(batch);
}

bool Reader::PullStream() {
  const auto asked = std::chrono::steady_clock::now();
  auto more = cursor_.More();
  if (const auto* failure = std::get_if<Failure>(&more)) {
    return TakeTurn(course_.AfterMore(*failure, cursor_.server().wire_version), *failure);
  }
  course_.Works();
  const Batch& batch = std::get<Batch>(more);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - asked);
  parts_.progress.Set([&](Status& status) {
    status.get_more.Add(base::Duration::Micros(took.count()));
    status.documents_per_reply.Add(batch.documents.size());
  });
  return Deliver(batch);
}

bool Reader::Deliver(const Batch& batch) {
  if (batch.operation_time != 0) place_.operation_time = batch.operation_time;
  read_at_ = std::chrono::steady_clock::now();
  invalidated_ = false;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < batch.documents.size(); ++i) {
    bytes += batch.documents[i].size();
    if (!DeliverEvent(batch.documents[i], batch, i + 1 == batch.documents.size())) return false;
  }
  const Start before = course_.start();
  if (batch.documents.empty() && !DeliverNothing(batch)) return false;
  const bool moved = !batch.documents.empty() || course_.start() != before;
  parts_.progress.Set([&](Status& status) {
    status.phase = Phase::kStreaming;
    if (course_.failures() == 0) status.line = Line::kWorks;
    status.trouble.clear();
    status.server = place_.replica_set;
    status.changes += batch.documents.size();
    status.bytes += bytes;
    ++status.replies;
    status.operation_time = std::max(status.operation_time, place_.operation_time);
    // A quiet token may hide its time: everything up to the empty reply was seen all the same.
    status.place_time = std::max(course_.start().time, seen_up_to_);
    if (!moved) return;
    status.moved = std::chrono::steady_clock::now();
    status.has_moved = true;
  });
  if (!cursor_.is_open()) {
    Reopen(invalidated_ ? Cause::kInvalidate : Cause::kServer,
           "the server ended the stream, it is opened again");
  }
  return true;
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
  return parts_.inbox.Put(std::move(item), stop_);
}

bool Reader::DeliverEvent(std::string_view event, const Batch& batch, bool last) {
  Item item;
  switch (split_.Take(event)) {
    case SplitEvents::Taken::kWhole:
      item.bytes = event;
      break;
    case SplitEvents::Taken::kJoined:
      item.bytes = split_.TakeJoined();
      break;
    case SplitEvents::Taken::kMore:
      return true;
    case SplitEvents::Taken::kBroken:
      return End(base::Code::kFailedPrecondition, "a change is larger than " +
                                                      std::to_string(options_.event_bytes_max) +
                                                      " bytes, or a fragment of it did not come");
  }
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
  return parts_.inbox.Put(std::move(item), stop_);
}

bool Reader::TakeTurn(Turn turn, const Failure& failure) {
  if (stop_.stop_requested()) return false;  // it is we who left
  switch (turn) {
    case Turn::kLost:
      return LoseHistory(failure);
    case Turn::kStop:
      return End(base::Code::kFailedPrecondition, Advice(failure));
    case Turn::kSmaller:
      cursor_.AskForLess();
      break;
    case Turn::kOpen:
      break;
  }
  Reopen(CauseOf(failure, mongo_source::AfterOpen(failure)), Advice(failure));
  parts_.progress.Set([](Status& status) { status.line = Line::kLeftAlone; });
  PauseFor(course_.pause());
  parts_.progress.Set([](Status& status) { status.line = Line::kTried; });
  return true;
}

bool Reader::LoseHistory(const Failure& failure) {
  cursor_.Close();
  parts_.progress.Set([](Status& status) {
    ++status.gaps;
    ++status.reopened[static_cast<std::size_t>(Cause::kHistoryLost)];
  });
  const std::string what =
      "the changes behind the position are gone from mongodb's oplog (" + Advice(failure) + ")";
  switch (options_.on_lost_history) {
    case OnLostHistory::kFail:
      return End(base::Code::kFailedPrecondition,
                 what +
                     "; set source.mongo.on_lost_history to resnapshot (reads everything anew) "
                     "or skip (leaves them out), and enlarge the oplog");
    case OnLostHistory::kSkip:
      parts_.tell(Weight::kError, "history_gap", what + "; they are left out, as it is set");
      course_.GoTo({});
      break;
    case OnLostHistory::kResnapshot:
      parts_.tell(Weight::kError, "history_gap", what + "; everything is read anew, as it is set");
      course_.GoTo({});
      BeginSnapshot(SnapshotPlace::New(options_.seed + parts_.progress.Get().replies));
      break;
  }
  PauseFor(course_.pause());
  return true;
}

void Reader::Reopen(Cause cause, const std::string& why) {
  cursor_.Close();
  split_.Clear();
  parts_.progress.Set([&](Status& status) {
    ++status.reopened[static_cast<std::size_t>(cause)];
    if (IsTrouble(cause)) status.trouble = why;
  });
  parts_.tell(
      cause == Cause::kAsked || cause == Cause::kInvalidate ? Weight::kInfo : Weight::kWarning,
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

bool Reader::PutMark(std::uint64_t operation_time) {
  Item item;
  item.mark = MarkHere(operation_time);
  return parts_.inbox.Put(std::move(item), stop_);
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
