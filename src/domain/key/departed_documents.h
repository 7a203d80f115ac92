#pragma once

#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/position.h"

namespace stockwatch::key {

// Deletes of inventory documents: a late insert below one must not bring its item back, and one
// that comes again is a duplicate. Kept for the length of the history.
class DepartedDocuments {
 public:
  // False if that delete was noted before.
  bool Add(std::string_view document_key, base::Position deleted_at) {
    return documents_[std::string(document_key)].insert(deleted_at).second;
  }
  // Its first delete above a position.
  std::optional<base::Position> Next(std::string_view document_key, base::Position above) const {
    auto found = documents_.find(document_key);
    if (found == documents_.end()) return std::nullopt;
    const auto next = found->second.upper_bound(above);
    if (next == found->second.end()) return std::nullopt;
    return *next;
  }
  // Forgets deletes of cluster seconds at or below `seconds`; calls `gone` with each of them.
  template <typename Gone>
  void Forget(std::uint32_t seconds, Gone gone) {
    for (auto document = documents_.begin(); document != documents_.end();) {
      std::erase_if(document->second, [&](base::Position at) {
        if (at.seconds > seconds) return false;
        gone(document->first, at);
        return true;
      });
      document = document->second.empty() ? documents_.erase(document) : std::next(document);
    }
  }
  std::size_t size() const { return documents_.size(); }

 private:
  std::map<std::string, std::set<base::Position>, std::less<>> documents_;
};

}  // namespace stockwatch::key
