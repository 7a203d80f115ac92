#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "base/instant.h"

namespace stockwatch::mongo_source {

enum class Grade : std::uint8_t {
  kGood,
  kDoubtful,  // it works, but something is lost or will be
  kBad,       // the source cannot work
};

// What one look at a server found.
struct Finding {
  Grade grade = Grade::kGood;
  std::string check;  // what was looked at: "oplog"
  std::string says;
  std::string fix;  // empty: nothing is to be done
};

// A way to the server with commands going to that database. The link lives as long as the function.
using LinkTo = std::function<Link(const std::string& database)>;

// Looks at all that the source needs of its server: version, replica set and arbiters, clock,
// privileges, a stream as ours, images, the oplog's window. Reads only. `wall`: our wall clock,
// read before and behind the server's.
std::vector<Finding> CheckUp(const Options& options, const LinkTo& link_to,
                             const std::function<base::Instant()>& wall);

// Settings `documents.inventory.fields` for the documents that are there, as YAML with the reason
// of each line; for people to read before they use it. `names` are those of the core fields. Empty
// where the documents have them all, or there is no document; the Finding says which.
struct Suggestion {
  std::string yaml;
  Finding finding;
};
Suggestion SuggestMapping(std::span<const std::string_view> documents,
                          std::span<const std::string_view> names);
// Up to 200 documents of the inventory, read for it; as they came, in BSON.
std::vector<std::string> SampleInventory(const Options& options, const LinkTo& link_to);

}  // namespace stockwatch::mongo_source
