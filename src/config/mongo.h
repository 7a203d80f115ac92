#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/instant.h"

namespace stockwatch::config {

enum class MongoSnapshot : std::uint8_t { kInitial, kNever };
enum class LostHistory : std::uint8_t { kFail, kResnapshot, kSkip };

// MongoDB as the source of changes. The URI, which may hold a password, is named, never held.
struct MongoSettings {
  std::string uri_file;
  std::string uri_env;
  MongoSnapshot snapshot = MongoSnapshot::kInitial;
  LostHistory on_lost_history = LostHistory::kFail;
  base::Duration await = base::Duration::Seconds(1);
  base::Duration connect_timeout = base::Duration::Seconds(5);
  base::Duration socket_timeout = base::Duration::Seconds(10);
  base::Duration socket_timeout_max = base::Duration::Hours(1);
  base::Duration heartbeat = base::Duration::Seconds(10);
  base::Duration heartbeat_log = base::Duration::Seconds(30);
  base::Duration headroom_min = base::Duration::Minutes(10);
  std::uint64_t queue_bytes_max = std::uint64_t{64} << 20;
  std::uint64_t event_bytes_max = std::uint64_t{64} << 20;
  std::uint32_t batch_documents_max = 1'000;
  std::uint32_t snapshot_documents = 1'000;
  std::uint32_t snapshot_readers = 2;
};

// What is wrong with settings that are good one by one.
std::vector<base::Error> ValidateMongo(const MongoSettings& mongo);

}  // namespace stockwatch::config
