#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/mongo_source/finds.h"
#include "adapters/mongo_source/inbox.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "adapters/mongo_source/place.h"
#include "adapters/mongo_source/reply.h"

namespace stockwatch::mongo_source {

// Some documents of a snapshot, in the order of their ids.
struct Chunk {
  std::vector<Item> items;  // changes that insert them, as of the read; may be none
  SnapshotPlace place;      // behind them
  bool ended = false;       // there was nothing more to read in any collection
};

// What the documents of the collections were, read in pieces: each by one find of its own, as of
// one cluster time of its own, from one id to another in the order of all types of ids (a filter
// with $gt would stay within one type). The ids at which pieces end are looked for ahead, so many
// ids apart, and pieces are read over several lines at once, but delivered in order: a restart goes
// on with the first that was not delivered. A document is exact at the time of its piece, and what
// changed before that and comes by the stream later is known to be older. A document deleted before
// its piece was read is never shown.
//
// Of a part (SnapshotPlace::filter) a piece is what the filter lets through, so that a filter that
// lets little through takes many short finds and none that never ends.
class Snapshot {
 public:
  // `link` looks for the ends of pieces, and reads them where there are no `lines`. `options`,
  // `link` and what the lines refer to must outlive it.
  Snapshot(const Options& options, const Link& link, const std::vector<Link>& lines,
           SnapshotPlace place);

  // The next piece. REQUIRES: the link has a server; it has not ended, and has not failed
  std::variant<Chunk, Failure> Next();

 private:
  struct Piece {
    std::string from;  // `{_id: …}` of its first; empty: the first there is
    std::string to;    // that of the first behind it; empty: it goes to the end
  };

  std::optional<Failure> AskAhead();
  std::optional<Failure> LookAhead();
  void Begin(const std::string& collection);
  Chunk Deliver(const Piece& piece, const Batch& batch);
  void ReadAt(std::uint64_t time);

  const Options& options_;
  const Link& link_;
  SnapshotPlace place_;
  std::vector<std::string> left_;  // collections; the one that is read is the first
  std::string collection_;         // whose pieces are asked for
  std::string next_from_;          // of the next piece to be asked for
  bool has_next_from_ = false;     // its document was delivered
  std::deque<std::string> ends_;   // of the next pieces, as Piece::to
  bool asked_all_ = false;         // of the collection
  std::deque<Piece> pieces_;       // asked for and not delivered
  const std::size_t ahead_;        // as many pieces are asked for
  Finds finds_;
};

// Ids from `from` on (`{_id: …}`; empty: from the first on).
std::string IdsCommand(std::string_view collection, std::string_view from, std::int64_t ids_max);
// What `filter` (empty: all) lets through of the ids from `from` on (empty: the first) to before
// `to` (empty: the last).
std::string PieceCommand(std::string_view collection, std::string_view filter,
                         std::string_view from, std::string_view to, std::uint32_t documents_max);
// The same filter without the document of that id.
std::string Without(std::string_view id, std::string_view filter);

}  // namespace stockwatch::mongo_source
