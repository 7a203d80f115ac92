#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "adapters/mongo_source/options.h"

namespace stockwatch::mongo_source {

// What the document of an update is.
enum class UpdateImage : std::uint8_t {
  kStored,   // the post-image, exact at the update
  kLookup,   // the server looked it up some time later
  kMissing,  // there is none
};
constexpr std::array<std::string_view, 3> kUpdateImageNames{"stored", "lookup", "missing"};

// The images of the updates of one reply, and the documents that are to be read instead.
class Images {
 public:
  Images(const Options& options, Detail detail) : options_(options), detail_(detail) {}

  // One change event, whole.
  void Note(std::string_view event);

  const std::array<std::uint64_t, kUpdateImageNames.size()>& counts() const { return counts_; }
  // Ids (IdOf) by collection. A look-up that shows nothing found that the document is gone; of a
  // post-image that is not there nothing follows: the collection may keep none. With the least
  // detail there are no documents at all.
  const std::map<std::string, std::set<std::string>>& unknown() const { return unknown_; }
  // Inserts and replaces without a document that nothing reads either: with the least detail.
  std::size_t lost() const { return lost_; }
  // Cluster time of the last change of one of these.
  std::uint64_t unknown_at() const { return unknown_at_; }

 private:
  // False: its collection is none whose documents are read.
  bool NoteUnknown(std::string_view event);

  const Options& options_;
  const Detail detail_;
  std::array<std::uint64_t, kUpdateImageNames.size()> counts_{};
  std::map<std::string, std::set<std::string>> unknown_;
  std::size_t lost_ = 0;
  std::uint64_t unknown_at_ = 0;
};

}  // namespace stockwatch::mongo_source
