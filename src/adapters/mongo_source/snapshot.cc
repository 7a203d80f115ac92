#include "adapters/mongo_source/snapshot.h"

#include <algorithm>
#include <utility>

#include "adapters/mongo_source/moment.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

// Pieces whose ends are looked for with one find: ids alone are read fast.
constexpr std::size_t kPiecesOfALook = 10;

// By their ids, and as of one moment.
void FinishFind(bson::DocumentWriter& writer, std::string_view from, std::int64_t limit) {
  if (!from.empty()) writer.Document("min", from);
  writer.BeginDocument("hint").Int32("_id", 1).End();
  writer.BeginDocument("sort").Int32("_id", 1).End();
  writer.Int64("limit", limit).Int64("batchSize", limit);
  writer.BeginDocument("readConcern").Text("level", "snapshot").End();
}

}  // namespace

std::string IdsCommand(std::string_view collection, std::string_view from, std::int64_t ids_max) {
  bson::DocumentWriter writer;
  writer.Text("find", collection);
  writer.BeginDocument("projection").Int32("_id", 1).End();
  FinishFind(writer, from, ids_max);
  return writer.Finish();
}

std::string PieceCommand(std::string_view collection, std::string_view filter,
                         std::string_view from, std::string_view to, std::uint32_t documents_max) {
  bson::DocumentWriter writer;
  writer.Text("find", collection);
  if (!filter.empty()) writer.Document("filter", filter);
  if (!to.empty()) writer.Document("max", to);
  FinishFind(writer, from, documents_max);
  return writer.Finish();
}

std::string Without(std::string_view id, std::string_view filter) {
  bson::DocumentWriter without;
  without.BeginDocument("_id").Copy("$ne", *bson::Find(id, "_id")).End();
  if (filter.empty()) return without.Finish();
  bson::DocumentWriter both;
  both.BeginArray("$and").Document({}, filter).Document({}, without.Finish()).End();
  return both.Finish();
}

Snapshot::Snapshot(const Options& options, const Link& link, const std::vector<Link>& lines,
                   SnapshotPlace place)
    : options_(options),
      link_(link),
      place_(std::move(place)),
      ahead_(lines.size() + 1),
      finds_(link, lines) {
  // Old movements teach nothing that the documents do not say; a filter is for the inventory.
  if (!options.collections.inventory.empty()) left_.push_back(options.collections.inventory);
  if (!options.collections.thresholds.empty() && place_.filter.empty()) {
    left_.push_back(options.collections.thresholds);
  }
  const auto at = std::find(left_.begin(), left_.end(), place_.collection);
  if (at != left_.end()) {
    left_.erase(left_.begin(), at);
  } else {
    place_.collection.clear();
    place_.next_id.clear();
  }
}

void Snapshot::Begin(const std::string& collection) {
  if (place_.collection != collection) {
    place_.collection = collection;
    place_.next_id.clear();
  }
  collection_ = collection;
  next_from_ = place_.next_id;
  has_next_from_ = false;
  asked_all_ = false;
}

// The stream begins where the earliest of them was read: lines may lead to servers of which one is
// behind the other.
void Snapshot::ReadAt(std::uint64_t time) {
  place_.since = place_.since == 0 ? time : std::min(place_.since, time);
}

std::optional<Failure> Snapshot::LookAhead() {
  const std::size_t apart = options_.snapshot_documents;
  const std::size_t most = kPiecesOfALook * apart + 1;
  Finds look(link_, {});
  look.Ask(IdsCommand(collection_, next_from_, static_cast<std::int64_t>(most)));
  auto read = look.Take();
  if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
  const Batch& ids = std::get<Batch>(read);
  if (auto failure = WithoutMoment(ids)) return failure;
  ReadAt(ids.read_time);
  for (std::size_t i = apart; i < ids.documents.size(); i += apart) {
    ends_.push_back(IdOf(ids.documents[i]));
  }
  const bool all = ids.cursor == 0 && ids.documents.size() < most;
  // Ids so large that a reply holds few of them.
  if (!all && ends_.empty() && ids.documents.size() > 1) {
    ends_.push_back(IdOf(ids.documents.back()));
  }
  if (all || ends_.empty()) ends_.emplace_back();
  return std::nullopt;
}

std::optional<Failure> Snapshot::AskAhead() {
  while (!asked_all_ && pieces_.size() < ahead_) {
    if (ends_.empty()) {
      if (auto failure = LookAhead()) return failure;
    }
    std::string to = std::move(ends_.front());
    ends_.pop_front();
    const std::string filter =
        std::exchange(has_next_from_, false) ? Without(next_from_, place_.filter) : place_.filter;
    // Some more than there were: what was inserted since comes by the stream too, but must not push
    // others out.
    finds_.Ask(PieceCommand(collection_, filter, next_from_, to, 2 * options_.snapshot_documents));
    pieces_.push_back({std::move(next_from_), to});
    asked_all_ = to.empty();
    next_from_ = std::move(to);
  }
  return std::nullopt;
}

std::variant<Chunk, Failure> Snapshot::Next() {
  if (pieces_.empty() && asked_all_) left_.erase(left_.begin());
  if (left_.empty()) {
    Chunk end;
    end.place = place_;
    end.ended = true;
    return end;
  }
  if (collection_ != left_.front()) Begin(left_.front());
  if (auto failure = AskAhead()) return *std::move(failure);
  const Piece piece = std::move(pieces_.front());
  pieces_.pop_front();
  auto read = finds_.Take();
  if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
  const Batch& batch = std::get<Batch>(read);
  if (auto failure = WithoutMoment(batch)) return *std::move(failure);
  return Deliver(piece, batch);
}

Chunk Snapshot::Deliver(const Piece& piece, const Batch& batch) {
  ReadAt(batch.read_time);
  // Of a reply as large as a reply may be, or with all that was asked for, the rest is still to be
  // read, behind its last document.
  const bool whole =
      batch.cursor == 0 && batch.documents.size() < 2 * std::size_t{options_.snapshot_documents};
  Chunk chunk;
  for (const std::string_view document : batch.documents) {
    chunk.items.push_back(
        ShownAt(options_, place_.collection, document, batch.read_time, chunk.items.size(),
                "snapshot-" + std::to_string(place_.run) + "-" + std::to_string(place_.documents)));
    chunk.items.back().of_snapshot = true;
    ++place_.documents;
  }
  const std::string last = batch.documents.empty() ? piece.from : IdOf(batch.documents.back());
  if (!whole) {
    finds_.Forget();
    pieces_.clear();
    ends_.clear();
    next_from_ = last;
    has_next_from_ = !batch.documents.empty();
    asked_all_ = false;
  }
  // Behind the last piece its last document: that there is nothing more is not known by an id.
  place_.next_id = whole && !piece.to.empty() ? piece.to : last;
  chunk.place = place_;
  return chunk;
}

}  // namespace stockwatch::mongo_source
