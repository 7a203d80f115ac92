#include "config/channels.h"

#include "net/http_client.h"

namespace stockwatch::config {
namespace {

using base::Code;
using base::Error;

void CheckWebhook(const ChannelSettings& channel, const std::string& path,
                  std::vector<Error>& errors) {
  const auto check = [&](bool good, const std::string& key, const std::string& why) {
    if (!good) errors.push_back({Code::kInvalidArgument, path + key + ": " + why});
  };
  const bool https = channel.url.starts_with("https://");
  const bool http = channel.url.starts_with("http://");
  check(!channel.url.empty(), ".url", "is missing");
  if (https || http) {  // first, for it does not show a password
    const auto sendable = net::CheckUrl(channel.url);
    if (!sendable.ok()) check(false, ".url", sendable.error().message);
  }
  if (!channel.url.empty()) {
    check(https || http, ".url", "does not begin with https://");
    check(!http || channel.allow_private, ".url", "is http://, for which allow_private is wanted");
  }
  check(channel.secret_file.empty() != channel.secret_env.empty(), "",
        "one of secret_file and secret_env is wanted");
  check(channel.previous_secret_file.empty() || channel.previous_secret_env.empty(),
        ".previous_secret_file", "stands beside previous_secret_env");
}

void CheckConsole(const ChannelSettings& channel, const std::string& path,
                  std::vector<Error>& errors) {
  const std::pair<const char*, const std::string*> texts[] = {
      {"url", &channel.url},
      {"secret_file", &channel.secret_file},
      {"secret_env", &channel.secret_env},
      {"previous_secret_file", &channel.previous_secret_file},
      {"previous_secret_env", &channel.previous_secret_env},
      {"ca_file", &channel.ca_file}};
  for (const auto& [key, text] : texts) {
    if (text->empty()) continue;
    errors.push_back({Code::kInvalidArgument, path + "." + key + ": is no key of a console"});
  }
}

}  // namespace

std::vector<Error> ValidateChannels(const std::map<std::string, ChannelSettings>& channels) {
  std::vector<Error> errors;
  for (const auto& [name, channel] : channels) {
    const std::string path = "channels." + name;
    if (channel.grouping.by == outbox::GroupBy::kWarehouse &&
        channel.grouping.tree == stock::Tree::kGlobal) {
      errors.push_back({Code::kInvalidArgument,
                        path + ".group_by: no warehouse is a subtree of group_tree global"});
    }
    if (channel.type == ChannelType::kWebhook) {
      CheckWebhook(channel, path, errors);
    } else {
      CheckConsole(channel, path, errors);
    }
  }
  return errors;
}

}  // namespace stockwatch::config
