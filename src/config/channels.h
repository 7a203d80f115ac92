#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/instant.h"
#include "domain/outbox/grouping.h"

namespace stockwatch::config {

enum class ChannelType : std::uint8_t { kConsole, kWebhook };

// One way to a receiver. Secrets are named, never held.
struct ChannelSettings {
  ChannelType type = ChannelType::kConsole;
  std::string url;
  std::string secret_file;
  std::string secret_env;
  std::string previous_secret_file;
  std::string previous_secret_env;
  base::Duration timeout = base::Duration::Seconds(10);
  bool allow_private = false;
  std::string ca_file;
  std::uint32_t in_flight_max = 4;
  std::uint32_t notices_per_minute = 0;
  outbox::Grouping grouping;
};

inline constexpr std::size_t kChannelsMax = 64;

// Every mistake, each naming the setting's path.
std::vector<base::Error> ValidateChannels(const std::map<std::string, ChannelSettings>& channels);

}  // namespace stockwatch::config
