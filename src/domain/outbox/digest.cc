#include "domain/outbox/digest.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/assertion.h"
#include "base/digest.h"
#include "domain/outbox/row_key.h"

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

bool HasEnded(const Row& row) {
  return row.message.kind == alert::NoticeKind::kResolved;
}

// Most first. Amounts of different currencies are never added; to order them by their number is
// what can be done.
bool Before(const Row* a, const Row* b) {
  const auto rank = [](const Row& row) {
    const auto amount = [](const std::optional<base::Money>& money) {
      return money ? -money->ten_thousandths : 0;
    };
    return std::tuple(-static_cast<int>(row.message.severity), HasEnded(row),
                      amount(row.message.context.revenue_at_risk),
                      amount(row.message.context.price), row.key);
  };
  return rank(*a) < rank(*b);
}

// Of one subject and condition: an alert follows another, and its notices each other.
bool IsNewer(const Row& row, const Row& than) {
  const auto moment = [](const Row& of) {
    const auto place = PlaceOf(of.key);
    return std::tuple(of.message.opened_at, place ? place->sequence : 0, of.message.at);
  };
  return moment(than) < moment(row);
}

// What tells subjects apart. It refers to the message.
auto SubjectOf(const Message& message) {
  const auto& component = message.component;
  return std::tuple<int, std::string_view, std::string_view, std::string_view, std::string_view,
                    const std::vector<std::string>&>(
      component ? static_cast<int>(component->kind) : -1,
      component ? std::string_view(component->name) : std::string_view(), message.warehouse_id,
      message.sku, message.tree, message.path);
}

// The notices of one subject.
struct Standing {
  std::array<const Row*, event::kConditionTypes> newest{};  // by condition
  std::uint32_t notices = 0;

  void Add(const Row& row) {
    ++notices;
    const Row*& known = newest[event::Index(row.message.type)];
    if (known == nullptr || IsNewer(row, *known)) known = &row;
  }
  // What is open is not hidden by the end of something else.
  const Row* Shown() const {
    const Row* shown = nullptr;
    for (const Row* row : newest) {
      if (row == nullptr) continue;
      const bool better =
          shown == nullptr ||
          (HasEnded(*row) == HasEnded(*shown) ? Before(row, shown) : HasEnded(*shown));
      if (better) shown = row;
    }
    return shown;
  }
};

void AddSubjects(const std::vector<const Row*>& rows, Digest& digest) {
  std::map<decltype(SubjectOf(rows[0]->message)), Standing> subjects;
  for (const Row* row : rows) subjects[SubjectOf(row->message)].Add(*row);
  std::vector<std::pair<const Row*, std::uint32_t>> shown;
  for (const auto& [subject, standing] : subjects) {
    shown.emplace_back(standing.Shown(), standing.notices);
  }
  std::sort(shown.begin(), shown.end(),
            [](const auto& a, const auto& b) { return Before(a.first, b.first); });
  std::size_t critical = 0;
  std::size_t others = 0;
  for (const auto& [row, notices] : shown) {
    const event::Severity severity = row->message.severity;
    ++digest.subjects_by_type[event::Index(row->message.type)];
    ++digest.subjects_by_severity[static_cast<std::size_t>(severity)];
    const bool is_critical = severity >= event::Severity::kCritical;
    if (is_critical ? critical++ >= kDigestCritical : others++ >= kDigestTop) continue;
    digest.lines.push_back(LineOf(*row));
    digest.lines.back().notices = notices;
  }
}

std::string KeyOf(const std::vector<std::string>& keys, const Row& first) {
  base::Sha256 hash;
  hash.Update("digest/1\n");
  for (const std::string& key : keys) hash.Update(key + "\n");
  return "digest/" + base::Hex(hash.Finish()).substr(0, 32) + "/" + first.route + "/" +
         first.destination;
}

}  // namespace

std::size_t QuotedBytes(const Row& row) {
  const auto escaped =
      std::count_if(row.key.begin(), row.key.end(), [](char c) { return c == '"' || c == '\\'; });
  return row.key.size() + static_cast<std::size_t>(escaped) + 3;  // the marks and a comma
}

Row Fold(const std::vector<const Row*>& rows, std::optional<Group> group) {
  SW_ASSERT(!rows.empty(), "a digest of nothing");
  Digest digest;
  digest.group = std::move(group);
  digest.from = digest.until = rows[0]->message.at;
  for (const Row* row : rows) {
    const Message& message = row->message;
    digest.from = std::min(digest.from, message.at);
    digest.until = std::max(digest.until, message.at);
    ++digest.by_type[event::Index(message.type)];
    ++digest.by_severity[static_cast<std::size_t>(message.severity)];
    if (HasEnded(*row)) ++digest.resolved;
    digest.keys.push_back(row->key);
  }
  AddSubjects(rows, digest);
  std::sort(digest.keys.begin(), digest.keys.end());
  const Row& first = **std::min_element(rows.begin(), rows.end(), Before);
  Row folded;
  folded.key = KeyOf(digest.keys, first);
  folded.route = first.route;
  folded.destination = first.destination;
  folded.message.type = first.message.type;
  folded.message.severity = first.message.severity;
  folded.message.at = folded.message.opened_at = digest.until;
  folded.message.digest = std::move(digest);
  return folded;
}

}  // namespace stockwatch::outbox
