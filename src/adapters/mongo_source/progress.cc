#include "adapters/mongo_source/progress.h"

#include <algorithm>

namespace stockwatch::mongo_source {

std::optional<std::int64_t> SnapshotProgress::SecondsLeft(
    std::chrono::system_clock::time_point now) const {
  const auto read = static_cast<double>(documents - documents_before);
  const double passed = std::chrono::duration<double>(now - started).count();
  if (!estimate || read <= 0 || passed <= 0) return std::nullopt;
  const auto left = static_cast<double>(*estimate - std::min(documents, *estimate));
  return static_cast<std::int64_t>(left * passed / read);
}

}  // namespace stockwatch::mongo_source
