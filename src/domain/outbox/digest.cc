#include "domain/outbox/digest.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/assertion.h"
#include "base/digest.h"

namespace stockwatch::outbox {
namespace {

DigestLine LineOf(const Row& row) {
  const Message& message = row.message;
  return {row.key,
          message.type,
          message.kind,
          message.severity,
          message.warehouse_id,
          message.sku,
          message.tree,
          message.path,
          message.value,
          message.threshold,
          message.context.revenue_at_risk,
          message.context.price,
          message.component,
          message.compare};
}

// Most first. Amounts of different currencies are never added; to order them by their number is
// what can be done.
bool Before(const Row* a, const Row* b) {
  const auto rank = [](const Row& row) {
    const auto amount = [](const std::optional<base::Money>& money) {
      return money ? -money->ten_thousandths : 0;
    };
    return std::tuple(-static_cast<int>(row.message.severity),
                      amount(row.message.context.revenue_at_risk),
                      amount(row.message.context.price), row.key);
  };
  return rank(*a) < rank(*b);
}

std::string KeyOf(const std::vector<std::string>& keys, const Row& first) {
  base::Sha256 hash;
  hash.Update("digest/1\n");
  for (const std::string& key : keys) hash.Update(key + "\n");
  return "digest/" + base::Hex(hash.Finish()).substr(0, 32) + "/" + first.route + "/" +
         first.destination;
}

}  // namespace

Row Fold(const std::vector<const Row*>& rows, std::optional<Group> group) {
  SW_ASSERT(!rows.empty(), "a digest of nothing");
  std::vector<const Row*> ranked = rows;
  std::sort(ranked.begin(), ranked.end(), Before);
  Digest digest;
  digest.group = std::move(group);
  digest.from = digest.until = ranked[0]->message.at;
  std::size_t top = 0;
  for (const Row* row : ranked) {
    const Message& message = row->message;
    digest.from = std::min(digest.from, message.at);
    digest.until = std::max(digest.until, message.at);
    ++digest.by_type[event::Index(message.type)];
    ++digest.by_severity[static_cast<std::size_t>(message.severity)];
    if (message.kind == alert::NoticeKind::kResolved) ++digest.resolved;
    const bool critical = message.severity >= event::Severity::kCritical;
    if (critical || top++ < kDigestTop) digest.lines.push_back(LineOf(*row));
    digest.keys.push_back(row->key);
  }
  std::sort(digest.keys.begin(), digest.keys.end());
  Row folded;
  folded.key = KeyOf(digest.keys, *ranked[0]);
  folded.route = ranked[0]->route;
  folded.destination = ranked[0]->destination;
  folded.message.type = ranked[0]->message.type;
  folded.message.severity = ranked[0]->message.severity;
  folded.message.at = folded.message.opened_at = digest.until;
  folded.message.digest = std::move(digest);
  return folded;
}

}  // namespace stockwatch::outbox
