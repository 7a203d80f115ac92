#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "app/dispatcher.h"
#include "base/result.h"
#include "config/settings.h"
#include "domain/outbox/delivery.h"

namespace stockwatch::app {

enum class Colour : std::uint8_t { kNone, kAnsi };

// The channels that settings name: the console alone where they name none.
struct OpenChannels {
  Dispatcher::Channels channels;
  std::vector<std::string> destinations;
  std::map<std::string, outbox::ChannelOptions> options;  // of DeliveryOptions
};

// Where links in notices begin: as the settings say, else where the engine listens.
class LinksUrl {
 public:
  explicit LinksUrl(std::string of_settings) : of_settings_(std::move(of_settings)) {}

  void Listens(const std::string& address, std::uint16_t port);
  // Of any thread. Empty: nothing is said and nobody listens yet.
  std::string Get() const;

 private:
  const std::string of_settings_;
  mutable std::mutex mutex_;
  std::string of_engine_;  // guarded by mutex_
};

// Reads the secrets. `console` and `links` must outlive the channels. kInvalidArgument:
// a secret cannot be read or is none; the message names the setting.
base::Result<OpenChannels> MakeChannels(const config::Settings& settings, std::ostream& console,
                                        Colour colour, const LinksUrl& links);

// Of each channel whose secrets MakeChannels would refuse, why.
std::vector<base::Error> CheckSecrets(const config::Settings& settings);

// Sends a marked test through the channel of that name and waits for the answer. kNotFound; else as
// MakeChannels.
base::Result<ports::Sent> TestChannel(const config::Settings& settings, const std::string& name,
                                      std::ostream& console);

// Names as MakeChannels has them.
std::vector<std::string> ChannelNames(const config::Settings& settings);

}  // namespace stockwatch::app
