#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "config/channels.h"
#include "config/field_keys.h"
#include "config/mongo.h"
#include "domain/decode/options.h"
#include "domain/event/raw_change.h"
#include "flow/options.h"

namespace stockwatch::config {

// Where changes come from.
struct SourceOptions {
  std::string id = "default";
  // How exact the document of an update is: looked up by the server some time later, or stored as
  // of its position.
  event::Image update_images = event::Image::kLookup;
  std::uint64_t line_bytes_max = 64 * 1024 * 1024;
  std::uint32_t depth_max = 100;  // containers in containers of one change
  // How far ahead of the clock a change may be where there is one; zero: as far as it likes.
  base::Duration ahead_max = base::Duration::Days(1);
  MongoSettings mongo;
};

// What one request of the API may ask for.
struct ApiOptions {
  std::uint32_t page_max = 1'000;          // entries of one answer
  std::uint32_t scan_items_max = 100'000;  // items that one answer looks at
};

// The collections "inventory", "transactions", "thresholds"; amounts in USD.
decode::Options DefaultDecodeOptions();

// What a settings file sets; default-constructed as by an empty file.
struct Settings {
  SourceOptions source;
  decode::Options decode = DefaultDecodeOptions();
  flow::Options flow;
  ApiOptions api;
  std::map<std::string, ChannelSettings> channels;  // by name; none: the console alone
  std::string links_url;
  std::vector<FieldKey> field_keys;  // the first for new values, the others for old ones
};

}  // namespace stockwatch::config
