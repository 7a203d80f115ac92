#include "adapters/rocksdb_store/options.h"

#include <cstddef>

namespace stockwatch::rocksdb_store {
namespace {

constexpr std::uint64_t kSegmentBytesMin = 4096;
constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{1} << 30;

base::Error Wrong(const char* field, std::uint64_t value) {
  return {base::Code::kInvalidArgument,
          std::string("store: ") + field + " is out of its range: " + std::to_string(value)};
}

}  // namespace

base::Status Options::Validate() const {
  if (folder.empty()) return base::Error{base::Code::kInvalidArgument, "store: no folder is named"};
  if (segment_bytes < kSegmentBytesMin || segment_bytes > kSegmentBytesMax) {
    return Wrong("segment_bytes", segment_bytes);
  }
  if (segments_unsettled_max == 0) return Wrong("segments_unsettled_max", segments_unsettled_max);
  return {};
}

}  // namespace stockwatch::rocksdb_store
