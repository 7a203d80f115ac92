#include "config/nearest_key.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace stockwatch::config {
namespace {

constexpr std::size_t kKeyBytesMax = 64;  // of a key that may be near another

// Letters inserted, left out, replaced, or swapped with their neighbour. Source: Damerau, "A
// technique for computer detection and correction of spelling errors", CACM 1964 (optimal string
// alignment).
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

bool BeginsWith(std::string_view text, std::string_view beginning) {
  return beginning.size() >= 3 && text.substr(0, beginning.size()) == beginning;
}

}  // namespace

std::string_view NearestKey(std::string_view key, std::span<const std::string_view> known) {
  if (key.size() > kKeyBytesMax) return {};
  std::string_view nearest;
  std::size_t least = kKeyBytesMax;
  for (std::string_view candidate : known) {
    const std::size_t distance = Distance(key, candidate);
    const std::size_t near = std::max<std::size_t>(1, std::max(key.size(), candidate.size()) / 3);
    if (distance <= near && distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  if (!nearest.empty()) return nearest;
  for (std::string_view candidate : known) {
    if (BeginsWith(candidate, key) || BeginsWith(key, candidate)) return candidate;
  }
  return {};
}

std::string UnknownKey(std::string_view key, std::span<const std::string_view> known) {
  const std::string_view nearest = NearestKey(key, known);
  if (!nearest.empty()) {
    return "is no known key; the nearest one is \"" + std::string(nearest) + "\"";
  }
  std::string names;
  for (std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  return "is no known key; known are " + names;
}

}  // namespace stockwatch::config
