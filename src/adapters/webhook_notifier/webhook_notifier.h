#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "ports/notifier.h"

namespace stockwatch::webhook_notifier {

struct Options {
  std::string url;
  std::vector<std::string> keys;  // that sign, the newest first: one, or two while they change
  base::Duration timeout = base::Duration::Seconds(10);  // of the whole exchange
  bool allow_private = false;  // addresses that are none of the internet, and http://
  std::string ca_file = {};    // certificates to trust; empty: the system's
  // What stands before the paths in links: asked for by each notice, of any thread. nullptr:
  // nothing.
  std::function<std::string()> links_url = {};
};

// The bytes of a secret as Standard Webhooks writes it: "whsec_" and Base64. kInvalidArgument: it
// is none, or shorter than 24 bytes; the message does not show it.
base::Result<std::string> KeyOf(std::string_view secret);

// "v1,<Base64>" for each key, as the header webhook-signature has it.
std::string Signature(const std::vector<std::string>& keys, std::string_view id,
                      std::int64_t timestamp, std::string_view body);

// Posts notices as Standard Webhooks: signed, with the row's key as webhook-id. An answer of 2xx
// takes it, 410 wants no more, anything else is tried again, and whoever redirects is not followed.
// Only addresses of the internet are connected to, unless private ones are allowed.
class WebhookNotifier : public ports::Channel {
 public:
  explicit WebhookNotifier(Options options) : options_(std::move(options)) {}

  ports::Sent Send(const outbox::Row& row) override;
  // A marked test. `key` is new each time.
  ports::Sent SendTest(const std::string& key);

 private:
  ports::Sent Post(const std::string& key, const std::string& body);

  const Options options_;
};

}  // namespace stockwatch::webhook_notifier
