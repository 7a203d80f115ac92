#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/instant.h"
#include "base/result.h"
#include "ports/batch.h"

namespace stockwatch::flow {

// The commands of the last day by their keys, so that one that comes again is known. One thread.
class CommandMemory {
 public:
  static constexpr base::Duration kKept = base::Duration::Hours(24);
  static constexpr std::size_t kCommandsMax = 100'000;

  // What the command with that key said; nullopt: none came.
  std::optional<base::Sha256Bytes> Find(std::string_view key) const;
  // kResourceExhausted: there are kCommandsMax of the last day.
  base::Status CheckRoom() const;
  // REQUIRES: CheckRoom() is ok
  void Add(std::string_view key, const base::Sha256Bytes& said, base::Instant engine_now,
           ports::Batch& batch);
  // Forgets what is older than kKept.
  void Forget(base::Instant engine_now, ports::Batch& batch);

  // kDataLoss, kFailedPrecondition: as the codecs of records.
  base::Status Restore(std::string_view key, std::string_view record);

 private:
  struct Entry {
    base::Instant at;
    base::Sha256Bytes said{};
  };
  std::map<std::string, Entry, std::less<>> commands_;
  std::multimap<base::Instant, std::string> by_time_;
};

}  // namespace stockwatch::flow
