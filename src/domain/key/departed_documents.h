#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/position.h"

namespace stockwatch::key {

// Deletes of documents that name no item (any more): a late insert below the delete must not bring its item back. Kept
// for the length of the history.
class DepartedDocuments {
 public:
  void Add(std::string_view document_key, base::Position deleted_at) {
    auto [place, added] = documents_.try_emplace(std::string(document_key), deleted_at);
    if (!added && deleted_at > place->second) place->second = deleted_at;
  }
  std::optional<base::Position> Find(std::string_view document_key) const {
    auto found = documents_.find(document_key);
    if (found == documents_.end()) return std::nullopt;
    return found->second;
  }
  // Forgets deletes of cluster seconds at or below `seconds`.
  void Forget(std::uint32_t seconds) {
    std::erase_if(documents_, [&](const auto& entry) { return entry.second.seconds <= seconds; });
  }
  std::size_t size() const { return documents_.size(); }

 private:
  std::map<std::string, base::Position, std::less<>> documents_;
};

}  // namespace stockwatch::key
