#include "domain/stock/carry.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "domain/stock/fold.h"
#include "domain/stock/shadow.h"

namespace stockwatch::stock {
namespace {

using Rows = std::vector<HistoryRow>;

constexpr std::int64_t kSecondsPerDay = 86'400;
// Rings of demand reach so far back; no other one reaches behind a history's length.
constexpr std::int64_t kWeeks = 53;

// Weeks begin on Mondays; 1970-01-01 was a Thursday.
std::int64_t WeekOf(base::Instant at) {
  return (at.micros() / 1'000'000 / kSecondsPerDay + 3) / 7;
}

// What old rows come to, for all that reads them.
struct Sense {
  Folded folded;
  base::Instant first_sale;
  base::Instant last_sale;
  std::map<std::int64_t, base::Quantity> sold;  // by week, as far as rings may reach

  bool operator==(const Sense&) const = default;
};

Sense SenseOf(Rows rows, std::int64_t first_week, const WarehouseRules& rules,
              std::uint32_t keep_seconds) {
  Sense sense{Fold(rows, rules, keep_seconds), {}, {}, {}};
  for (const HistoryRow* sale : LivingSales(rows, keep_seconds)) {
    const base::Instant at = SoldAt(*sale);
    if (sense.first_sale == base::Instant() || at < sense.first_sale) sense.first_sale = at;
    sense.last_sale = std::max(sense.last_sale, at);
    if (WeekOf(at) >= first_week) sense.sold[WeekOf(at)] += sale->stated.on_hand;
  }
  return sense;
}

// The old rows, in order of position, and which of them stay.
class Selection {
 public:
  explicit Selection(Rows rows) : rows_(std::move(rows)), stays_(rows_.size()) {}

  template <typename Is>
  void KeepFirst(Is is) {
    const auto found = std::find_if(rows_.begin(), rows_.end(), is);
    if (found != rows_.end()) stays_[static_cast<std::size_t>(found - rows_.begin())] = true;
  }
  template <typename Is>
  void KeepLast(Is is) {
    const auto found = std::find_if(rows_.rbegin(), rows_.rend(), is);
    if (found != rows_.rend()) stays_[static_cast<std::size_t>(rows_.rend() - found) - 1] = true;
  }
  template <typename Is>
  void KeepEach(Is is) {
    for (std::size_t i = 0; i < rows_.size(); ++i) stays_[i] = stays_[i] || is(rows_[i]);
  }
  bool Stays(base::Position position) const { return stays_[IndexOf(position)]; }
  // In the place of the row at its position.
  void Put(const HistoryRow& row) {
    rows_[IndexOf(row.position)] = row;
    stays_[IndexOf(row.position)] = true;
  }

  const Rows& all() const { return rows_; }
  Rows Kept() const {
    Rows kept;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (stays_[i]) kept.push_back(rows_[i]);
    }
    return kept;
  }
  // The place of the highest row that does not stay, and below those that were taken before.
  std::optional<base::Position> TakePlace() {
    while (next_ > 0) {
      --next_;
      if (!stays_[next_]) return rows_[next_].position;
    }
    return std::nullopt;
  }

 private:
  std::size_t IndexOf(base::Position position) const {
    const auto at = std::lower_bound(
        rows_.begin(), rows_.end(), position,
        [](const HistoryRow& row, base::Position wanted) { return row.position < wanted; });
    return static_cast<std::size_t>(at - rows_.begin());
  }

  Rows rows_;
  std::vector<bool> stays_;
  std::size_t next_ = rows_.size();
};

// Rows that are no sum: each says something that no other one can say.
void KeepTelling(Selection& rows, const Sense& sense, const WarehouseRules& rules,
                 bool raises_shadow) {
  const Folded& folded = sense.folded;
  rows.KeepEach([&](const HistoryRow& row) {
    return row.position == folded.opening || row.position == folded.base ||
           row.position == folded.began;
  });
  const bool opened = folded.life == Life::kOpened;
  rows.KeepFirst([&](const HistoryRow& row) {  // what opened it
    return opened && row.position.seconds == folded.opened_seconds && row.position > folded.began;
  });
  rows.KeepLast([](const HistoryRow& row) { return IsDocument(row.kind); });
  const auto is_delete = [](const HistoryRow& row) { return row.kind == RowKind::kDelete; };
  rows.KeepLast(is_delete);  // sales of the life before it may stay
  if (folded.began != base::Position()) rows.KeepEach(is_delete);
  const auto sold_at = [](base::Instant at) {
    return [at](const HistoryRow& row) { return row.kind == RowKind::kSale && SoldAt(row) == at; };
  };
  if (sense.last_sale != base::Instant()) {
    rows.KeepFirst(sold_at(sense.first_sale));
    rows.KeepLast(sold_at(sense.last_sale));
  }
  if (rules.authority == Authority::kLedger) return;
  rows.KeepLast([](const HistoryRow&) { return true; });
  if (raises_shadow) return;
  // A shadow will start with it, or with another document than today.
  const HistoryRow* starts = FirstMovement(rows.all(), PresentLifeOf(rows.all(), folded.began));
  rows.KeepFirst([&](const HistoryRow& row) { return &row == starts; });
}

// The sales of a week as one: a return after a delete gives the demand of the life before back.
void AddUpSales(Selection& rows, std::int64_t first_week, std::uint32_t keep_seconds) {
  std::map<std::int64_t, HistoryRow> weeks;
  Rows copy = rows.all();
  for (const HistoryRow* sale : LivingSales(copy, keep_seconds)) {
    const std::int64_t week = WeekOf(SoldAt(*sale));
    if (week < first_week || rows.Stays(sale->position)) continue;
    const auto [known, first] = weeks.emplace(week, *sale);
    if (first) continue;
    const base::Quantity before = known->second.stated.on_hand;
    known->second = *sale;
    known->second.stated.on_hand += before;
  }
  for (const auto& [week, sale] : weeks) rows.Put(sale);
}

HistoryRow Carried(base::Position position, base::Quantity on_hand) {
  HistoryRow row;
  row.position = position;
  row.kind = RowKind::kCarried;
  row.occurred_at = base::Instant::Seconds(position.seconds);
  row.result = on_hand;
  return row;
}

std::string_view ReferenceIn(const Rows& rows, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const HistoryRow& row) { return row.reference == name; });
  return found == rows.end() ? std::string_view() : found->reference;
}

// Adds to `kept` what is missing from the figures, in the places of rows that went. False: there
// are too few of them.
bool AddDifference(Selection& rows, const Folded& whole, const Folded& part, Rows& kept) {
  const bool ends_kept = !kept.empty() && kept.back().position == rows.all().back().position;
  Figures rest = whole.sums;
  rest -= part.sums;
  const auto& unnamed_due = whole.references.unnamed_expected_at();
  if (rest != Figures() || !ends_kept || unnamed_due != part.references.unnamed_expected_at()) {
    const auto place = rows.TakePlace();
    if (!place) return false;
    HistoryRow sum = Carried(*place, whole.sums.on_hand);
    sum.stated = rest;
    sum.expected_at = unnamed_due;
    kept.push_back(sum);
  }
  InboundReferences missing = whole.references;
  for (const InboundReference& known : part.references.list()) {
    missing.Add(known.reference, -known.sum);
  }
  for (const InboundReference& reference : missing.list()) {
    const auto place = rows.TakePlace();
    if (!place) return false;
    HistoryRow sum = Carried(*place, whole.sums.on_hand);
    sum.stated.inbound = reference.sum;
    sum.reference = ReferenceIn(rows.all(), reference.reference);
    sum.expected_at = reference.expected_at;
    kept.push_back(sum);
  }
  return true;
}

base::Position LastOf(std::uint32_t generation, std::uint32_t second) {
  constexpr std::uint32_t kMax = 0xFFFFFFFF;
  return {generation, second, kMax, kMax};
}

}  // namespace

bool CarryOver(std::vector<HistoryRow>& rows, std::uint32_t until, const WarehouseRules& rules,
               std::uint32_t keep_seconds, Shadow* shadow) {
  const auto end = std::find_if(rows.begin(), rows.end(), [&](const HistoryRow& row) {
    return row.position.seconds > until;
  });
  if (end == rows.begin()) return false;
  const base::Position border = LastOf(std::prev(end)->position.generation, until);
  if (end != rows.end() && end->position < border) return false;
  const std::int64_t first_week = WeekOf(base::Instant::Seconds(until)) - kWeeks;
  Selection old(Rows(rows.begin(), end));
  const Sense sense = SenseOf(old.all(), first_week, rules, keep_seconds);
  if (sense.folded.life == Life::kRetired) return false;
  // With what came first of the movements and the document before it the shadow has begun for good.
  // If one of the two is still above, a late document may take its place.
  const bool raises =
      shadow != nullptr && shadow->base < border &&
      FirstMovement(old.all(), PresentLifeOf(old.all(), sense.folded.began)) != nullptr;
  KeepTelling(old, sense, rules, raises);
  AddUpSales(old, first_week, keep_seconds);
  Rows fewer = old.Kept();
  if (rules.authority == Authority::kLedger) {
    Rows kept = fewer;
    if (!AddDifference(old, sense.folded, Fold(kept, rules, keep_seconds), fewer)) return false;
  }
  SortByPosition(fewer);
  const bool same = SenseOf(fewer, first_week, rules, keep_seconds) == sense;
  if (!same || fewer.size() >= old.all().size()) return false;
  for (HistoryRow& row : fewer) row.begins = &row == &fewer.back();
  if (raises) RaiseShadow(*shadow, rows, border);
  fewer.insert(fewer.end(), end, rows.end());
  rows = std::move(fewer);
  return true;
}

}  // namespace stockwatch::stock
