#pragma once

#include <string>
#include <string_view>

#include "adapters/mongo_source/link.h"
#include "ports/position_store.h"

namespace stockwatch::mongo_source {

// A place as a document of a collection, {_id: name, holder, epoch, expires, record}, for
// connectors on several machines. The server's clock says when a lease ends; both take and put are
// acknowledged by a majority, so that an election takes back neither. docs/formats.md, Places of
// connectors.
class PositionCollection : public ports::PositionStore {
 public:
  struct Options {
    std::string collection;
    std::string name;    // of the connector
    std::string holder;  // of this process: no other one has it
    base::Duration lease = base::Duration::Seconds(10);
  };

  // `link`: at the primary of the collection's database.
  PositionCollection(Link link, Options options)
      : link_(std::move(link)), options_(std::move(options)) {}
  ~PositionCollection() override;
  PositionCollection(const PositionCollection&) = delete;
  PositionCollection& operator=(const PositionCollection&) = delete;

  base::Result<std::string> Take() override;
  base::Status Put(std::string_view record) override;
  base::Duration lease() const override { return options_.lease; }

 private:
  // Picks the server where that is to be done. nullopt: it is there.
  std::optional<base::Error> Reach();
  base::Result<std::string> Send(const std::string& command);
  base::Error Held();

  Link link_;
  Options options_;
  bool reached_ = false;
  std::int64_t epoch_ = 0;  // of our lease; 0: none
};

}  // namespace stockwatch::mongo_source
