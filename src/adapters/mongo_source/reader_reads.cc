#include "adapters/mongo_source/reader.h"

#include <utility>

#include "adapters/mongo_source/moment.h"
#include "adapters/mongo_source/snapshot_size.h"

// What a reader reads besides the stream: snapshots, and single documents.
namespace stockwatch::mongo_source {

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

bool Reader::PullSnapshot() {
  const bool following = IsFollowing();
  if (!snapshot_) {
    if (!following) {
      if (const auto failure = FindServer()) return TakeTurn(course_.AfterOpen(*failure), *failure);
      if (!CheckServer()) return false;
    }
    if (const auto failure = TellOfSnapshot()) return FailPiece(*failure);
    snapshot_.emplace(options_, parts_.link, parts_.lines, *place_.snapshot);
  }
  auto next = snapshot_->Next();
  if (const auto* failure = std::get_if<Failure>(&next)) return FailPiece(*failure);
  following ? reads_.Works() : course_.Works();
  auto& chunk = std::get<Chunk>(next);
  place_.snapshot = chunk.place;
  if (chunk.place.since != 0) {
    CompareWithLost(chunk.place.since);
    BeginStreamAt(chunk.place.since);
  }
  const std::uint64_t documents = chunk.place.documents;
  NoteChunk(chunk);
  if (chunk.ended) {
    return EndSnapshot(chunk.place.filter.empty() ? chunk.place.since : 0, documents);
  }
  if (chunk.items.empty()) return PutMark(place_.operation_time);
  chunk.items.back().mark = MarkHere(place_.operation_time);
  for (Item& item : chunk.items) {
    if (!Put(std::move(item))) return false;
  }
  return true;
}

void Reader::NoteChunk(const Chunk& chunk) {
  const bool following = IsFollowing();
  parts_.progress.Set([&](Status& status) {
    status.snapshot_documents += chunk.items.size();
    if (status.snapshot) {
      status.snapshot->collection = chunk.place.collection;
      status.snapshot->documents = chunk.place.documents;
    }
    if (chunk.ended) status.snapshot.reset();
    ++status.replies;
    if (chunk.ended) ++status.snapshots_ended;
    // Of a stream that follows a piece says nothing.
    if (following) return;
    status.phase = Phase::kSnapshot;
    status.line = Line::kWorks;
    status.trouble.clear();
    status.server = place_.replica_set;
    status.place_time = course_.start().time;
    status.moved = std::chrono::steady_clock::now();
    status.has_moved = true;
  });
}

// A stream that follows goes on meanwhile, and nothing of a snapshot that was asked for stops it.
bool Reader::FailPiece(const Failure& failure) {
  snapshot_.reset();
  if (stop_.stop_requested()) return false;  // it is we who left
  const bool following = IsFollowing();
  Course& course = following ? reads_ : course_;
  const Turn turn = course.AfterFind(failure);
  if (turn == Turn::kStop && (following || !place_.snapshot->filter.empty())) {
    parts_.tell(Weight::kError, "snapshot_refused", Advice(failure));
    place_.snapshot.reset();
    parts_.progress.Set([](Status& status) { status.snapshot.reset(); });
    course.Works();
    return PutMark(place_.operation_time);
  }
  if (!following) return TakeTurn(turn, failure);
  LeaveReads(failure);
  return true;
}

void Reader::LeaveReads(const Failure& failure) {
  next_read_ =
      std::chrono::steady_clock::now() + std::chrono::microseconds(reads_.pause().micros());
  parts_.tell(Weight::kWarning, "read_again", Advice(failure));
}

// The stream begins where the earliest piece was read; what it shows again is known to be older.
void Reader::BeginStreamAt(std::uint64_t since) {
  const Start& start = course_.start();
  const bool later = start.kind == StartKind::kStartAtOperationTime && start.time > since;
  if (start.kind == StartKind::kNow || later) {
    course_.GoTo({StartKind::kStartAtOperationTime, {}, since});
  }
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
  return Put(std::move(end));
}

// An answer also where nothing was found: the document is gone, and its delete comes.
bool Reader::ReadAgain() {
  auto read =
      ReadNow(options_, parts_.link, options_.collections.inventory, again_, course_.start().time);
  std::vector<Item> items;
  if (auto* failure = std::get_if<Failure>(&read)) {
    if (stop_.stop_requested()) return false;
    if (reads_.AfterFind(*failure) != Turn::kStop) {
      LeaveReads(*failure);
      return true;
    }
    // Their next updates want the same.
    parts_.tell(
        Weight::kError, "read_refused",
        "documents of which only looked-up images are known stay unopened: " + Advice(*failure));
  } else {
    items = std::get<std::vector<Item>>(std::move(read));
  }
  reads_.Works();
  parts_.progress.Set([&](Status& status) { status.read_again += items.size(); });
  if (items.empty()) items.emplace_back();
  items.back().mark = MarkHere(place_.operation_time);
  items.back().mark->read_again = std::exchange(again_, {});
  for (Item& item : items) {
    if (!Put(std::move(item))) return false;
  }
  return true;
}

// What these changes don't say of their documents, as of a moment behind them.
std::variant<std::vector<Item>, Failure> Reader::ReadUnknown(const std::vector<Item>& items) {
  const Detail detail = cursor_.shape().detail;
  Images images(options_, detail);
  for (const Item& item : items) images.Note(item.bytes);
  if (images.lost() > 0) {
    parts_.tell(Weight::kError, "change_too_large",
                "a movement is too large for a reply of mongodb and is not booked: its dead letter "
                "\"too large\" names it and says what to do");
  }
  std::vector<Item> read;
  for (const auto& [collection, ids] : images.unknown()) {
    if (detail != Detail::kLeast && !std::exchange(told_missing_, true)) {
      parts_.tell(Weight::kWarning, "image_missing",
                  "updates of " + collection +
                      " come without a stored post-image, their documents are read instead; run "
                      "collMod on it with changeStreamPreAndPostImages: {enabled: true}");
    }
    auto found =
        ReadNow(options_, parts_.link, collection, {ids.begin(), ids.end()}, images.unknown_at());
    if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
    for (Item& item : std::get<std::vector<Item>>(found)) read.push_back(std::move(item));
  }
  parts_.progress.Set([&](Status& status) {
    for (std::size_t i = 0; i < images.counts().size(); ++i) status.images[i] += images.counts()[i];
    status.read_again += read.size();
  });
  return read;
}

}  // namespace stockwatch::mongo_source
