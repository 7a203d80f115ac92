#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace stockwatch::config {

// The path of a key below `parent`, "stock.warehouses.GB"; a key that is no short plain text is
// shown in quotes.
std::string KeyPath(std::string_view parent, std::string_view key);
// "thresholds.rules[2]"
std::string ItemPath(std::string_view parent, std::size_t index);

// All that is wrong with one settings text.
class Mistakes {
 public:
  static constexpr std::size_t kKeptMax = 100;

  // `line` counts from 1, 0 is unknown; an empty path is the whole text.
  void Add(int line, std::string_view path, std::string_view what,
           base::Code code = base::Code::kInvalidArgument);

  bool Names(const std::string& path) const { return paths_.contains(path); }
  std::size_t count() const { return count_; }

  // By line, those without at the end; the last one says how many were left out.
  std::vector<base::Error> Sorted() const;

 private:
  struct Mistake {
    int line = 0;
    base::Error error;
  };
  std::vector<Mistake> mistakes_;
  std::set<std::string> paths_;  // of those that are kept
  std::size_t count_ = 0;
};

}  // namespace stockwatch::config
