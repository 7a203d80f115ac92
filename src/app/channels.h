#pragma once

#include <iosfwd>
#include <string>
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

// Reads the secrets. `console` must outlive the channels. kFailedPrecondition,
// kInvalidArgument: a secret cannot be read or is none; the message names the setting.
base::Result<OpenChannels> MakeChannels(const config::Settings& settings, std::ostream& console,
                                        Colour colour);

// Sends a marked test through the channel of that name and waits for the answer. kNotFound; else as
// MakeChannels.
base::Result<ports::Sent> TestChannel(const config::Settings& settings, const std::string& name,
                                      std::ostream& console);

// Names as MakeChannels has them.
std::vector<std::string> ChannelNames(const config::Settings& settings);

}  // namespace stockwatch::app
