#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mongo_stream {

// The change stream of a shop, encoded as a server of MongoDB encodes it, a function of the number
// of the change: first an inventory document of each item (40 on hand, keys as those of the job
// stock-rmw-1), then movements of one piece to five: a receipt of 40 for each 15 sales, of items
// spread over all. `per_second` changes to the second of cluster time.
class Stream {
 public:
  Stream(std::uint64_t items, std::uint64_t changes, std::uint64_t per_second);

  std::uint64_t size() const { return items_ + movements_; }
  // The reply to aggregate ("firstBatch") or getMore ("nextBatch") of a cursor, with the changes
  // from `begin` to `end`, BSON.
  std::string Reply(std::string_view name, std::int64_t cursor, std::uint64_t begin,
                    std::uint64_t end) const;
  // Where a stream begins that is opened with this aggregate (BSON): behind its token, at its
  // time, or at the end.
  std::uint64_t BeginOf(std::string_view aggregate) const;

 private:
  void AppendChange(std::uint64_t number, std::string& out) const;
  std::string Item(std::uint64_t item) const;
  std::uint64_t NumberOf(std::uint64_t time) const;

  std::uint64_t items_;
  std::uint64_t movements_;
  std::uint64_t per_second_;
  // Events with room for what differs, and where that stands.
  struct Template {
    std::string bytes;
    std::size_t time = 0;       // of clusterTime, 8 bytes
    std::size_t wall = 0;       // of wallTime, 8 bytes
    std::size_t token = 0;      // of the 8 + 8 digits of its time
    std::size_t ids[2]{};       // of the 12 digits of the document's _id, in document and key
    std::size_t quantity = 0;   // 4 bytes
    std::size_t warehouse = 0;  // 2 digits
    std::size_t sku = 0;        // 8 digits
  };
  static Template MakeTemplate(std::string_view type);
  Template sale_;
  Template receipt_;
};

}  // namespace mongo_stream
