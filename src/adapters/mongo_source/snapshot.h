#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/mongo_source/inbox.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "adapters/mongo_source/place.h"
#include "adapters/mongo_source/reply.h"

namespace stockwatch::mongo_source {

// Some documents of a snapshot, in the order of their ids.
struct Chunk {
  std::vector<Item> items;  // changes that insert them, as of the read
  SnapshotPlace place;      // behind them
  bool ended = false;       // there was nothing more to read in any collection
};

// What the documents of the collections were, read in pieces: each piece by one find of its own, as
// of one cluster time of its own, from the id on at which the last one ended, in the order of all
// types of ids (a filter with $gt would stay within one type). So a restart goes on with the piece
// that it was at; a document is exact at the time of its piece, and what changed before that and
// comes by the stream later is known to be older. A document deleted before its piece was read is
// never shown.
//
// Of a part (SnapshotPlace::filter) a piece is what the filter lets through of so many ids, so that
// a filter that lets little through takes many short finds and none that never ends.
class Snapshot {
 public:
  Snapshot(const Options& options, const Link& link, SnapshotPlace place);

  // The next piece; one of a part may be empty. REQUIRES: the link has a server; it has not ended
  std::variant<Chunk, Failure> Next();

 private:
  std::variant<Chunk, Failure> Read();
  std::variant<Chunk, Failure> ReadPart();
  // As of one moment.
  std::variant<Batch, Failure> Find(std::string_view command) const;
  void Add(const Batch& batch, std::string_view document, Chunk& chunk);

  const Options& options_;
  const Link& link_;
  SnapshotPlace place_;
  std::vector<std::string> left_;  // collections; the one that is read is the first
};

// The first piece of a collection, or that from `last_id` on (`{_id: …}`, included).
std::string FindCommand(std::string_view collection, std::string_view last_id,
                        std::uint32_t documents_max);

// The id behind so many, the first being `from` (`{_id: …}`; empty: the first there is).
std::string EdgeCommand(std::string_view collection, std::string_view from, std::uint32_t ids);
// What `filter` lets through of the ids from `from` on (empty: the first) to before `to` (empty:
// the last).
std::string PartCommand(std::string_view collection, std::string_view filter, std::string_view from,
                        std::string_view to, std::uint32_t documents_max);

}  // namespace stockwatch::mongo_source
