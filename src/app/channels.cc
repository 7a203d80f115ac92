#include "app/channels.h"

#include <cstdlib>
#include <fstream>
#include <ostream>
#include <random>

#include "adapters/console_notifier/console_notifier.h"
#include "adapters/webhook_notifier/webhook_notifier.h"
#include "base/digest.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using config::ChannelSettings;
using config::ChannelType;

constexpr const char* kConsole = "console";
constexpr std::size_t kSecretBytesMax = 4096;
// Lines that may be on their way to standard output, by one thread.
constexpr std::uint32_t kConsoleInFlight = 100;

// Settings without channels have this one.
std::map<std::string, ChannelSettings> ChannelsOf(const config::Settings& settings) {
  if (!settings.channels.empty()) return settings.channels;
  return {{kConsole, ChannelSettings()}};
}

base::Result<std::string> ReadSecret(const std::string& file, const std::string& variable,
                                     const std::string& path) {
  std::string secret;
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    secret.resize(kSecretBytesMax);
    in.read(secret.data(), static_cast<std::streamsize>(secret.size()));
    secret.resize(static_cast<std::size_t>(in.gcount()));
    if (secret.empty()) {
      return Error{Code::kInvalidArgument, path + "_file: cannot read a secret: " + file};
    }
  } else {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) {
      return Error{Code::kInvalidArgument,
                   path + "_env: there is no environment variable " + variable};
    }
    secret = value;
  }
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  auto key = webhook_notifier::KeyOf(secret);
  if (!key.ok()) {
    return Error{key.error().code, path + (file.empty() ? "_env: " : "_file: ") +
                                       (file.empty() ? variable : file) + " " +
                                       key.error().message};
  }
  return key;
}

base::Result<webhook_notifier::Options> WebhookOptions(const std::string& name,
                                                       const ChannelSettings& channel) {
  const std::string path = "channels." + name;
  webhook_notifier::Options options;
  options.url = channel.url;
  options.timeout = channel.timeout;
  options.allow_private = channel.allow_private;
  options.ca_file = channel.ca_file;
  SW_TRY(options.keys.emplace_back(),
         ReadSecret(channel.secret_file, channel.secret_env, path + ".secret"));
  if (!channel.previous_secret_file.empty() || !channel.previous_secret_env.empty()) {
    SW_TRY(options.keys.emplace_back(),
           ReadSecret(channel.previous_secret_file, channel.previous_secret_env,
                      path + ".previous_secret"));
  }
  return options;
}

std::unique_ptr<ports::Channel> MakeConsole(std::ostream& console, Colour colour) {
  console_notifier::ConsoleNotifier::Options options;
  options.colour = colour == Colour::kAnsi;
  return std::make_unique<console_notifier::ConsoleNotifier>(console, options);
}

// New each time, so that no receiver takes a test for one that it has seen.
std::string TestKey() {
  std::random_device device;
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t word = device();
    bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  return "test/" + base::Hex(bytes);
}

}  // namespace

void LinksUrl::Listens(const std::string& address, std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  of_engine_ = "http://" + address + ":" + std::to_string(port);
}

std::string LinksUrl::Get() const {
  if (!of_settings_.empty()) return of_settings_;
  const std::lock_guard lock(mutex_);
  return of_engine_;
}

base::Result<OpenChannels> MakeChannels(const config::Settings& settings, std::ostream& console,
                                        Colour colour, const LinksUrl& links) {
  OpenChannels open;
  for (const auto& [name, channel] : ChannelsOf(settings)) {
    outbox::ChannelOptions options;
    options.per_minute_max = channel.notices_per_minute;
    options.grouping = channel.grouping;
    if (channel.type == ChannelType::kConsole) {
      options.in_flight_max = kConsoleInFlight;
      open.channels[name].push_back(MakeConsole(console, colour));
    } else {
      SW_TRY(webhook_notifier::Options webhook, WebhookOptions(name, channel));
      webhook.links_url = [&links] { return links.Get(); };
      options.in_flight_max = channel.in_flight_max;
      options.fingerprint = channel.url;
      for (std::uint32_t i = 0; i < channel.in_flight_max; ++i) {
        open.channels[name].push_back(std::make_unique<webhook_notifier::WebhookNotifier>(webhook));
      }
    }
    open.destinations.push_back(name);
    open.options[name] = std::move(options);
  }
  return open;
}

std::vector<Error> CheckSecrets(const config::Settings& settings) {
  std::vector<Error> errors;
  for (const auto& [name, channel] : settings.channels) {
    if (channel.type != ChannelType::kWebhook) continue;
    const auto options = WebhookOptions(name, channel);
    if (!options.ok()) errors.push_back(options.error());
  }
  return errors;
}

base::Result<ports::Sent> TestChannel(const config::Settings& settings, const std::string& name,
                                      std::ostream& console) {
  const auto channels = ChannelsOf(settings);
  const auto channel = channels.find(name);
  if (channel == channels.end()) {
    return Error{Code::kNotFound, "no channel has the name " + name};
  }
  if (channel->second.type == ChannelType::kWebhook) {
    SW_TRY(webhook_notifier::Options webhook, WebhookOptions(name, channel->second));
    return webhook_notifier::WebhookNotifier(std::move(webhook)).SendTest(TestKey());
  }
  console << "TEST  a test of this channel; nothing has happened\n" << std::flush;
  ports::Sent sent;
  sent.outcome = console.good() ? outbox::Outcome::kDelivered : outbox::Outcome::kUnknown;
  return sent;
}

std::vector<std::string> ChannelNames(const config::Settings& settings) {
  std::vector<std::string> names;
  for (const auto& [name, channel] : ChannelsOf(settings)) names.push_back(name);
  return names;
}

}  // namespace stockwatch::app
