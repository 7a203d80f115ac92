#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::webhook_notifier {

// What Slack, PagerDuty and the like take at least.
inline constexpr std::size_t kBodyBytesMax = 64 * 1024;

// The body of a webhook: api/schemas/notice.schema.json. Of a digest with the first entries alone
// where all would be longer than kBodyBytesMax. `links_url` stands before the paths of the
// API in links; empty: they are paths alone.
std::string NoticeJson(const outbox::Row& row, std::string_view links_url);
// That of `channels test`.
std::string TestJson(std::string_view key, base::Instant at);

}  // namespace stockwatch::webhook_notifier
