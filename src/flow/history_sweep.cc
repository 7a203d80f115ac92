#include "flow/history_sweep.h"

#include <algorithm>

#include "domain/stock/carry.h"
#include "domain/stock/fold.h"

namespace stockwatch::flow {
namespace {

constexpr int kSweepsInAHistory = 4;
// With one commit.
constexpr int kItemsMax = 256;
constexpr std::size_t kRowsStoredMax = 4096;
// Fewer old rows than that are not worth a look at what they come to.
constexpr std::ptrdiff_t kOldRowsMin = 32;

std::int64_t SecondsOf(base::Duration duration) {
  return duration.micros() / 1'000'000;
}

}  // namespace

void HistorySweep::AfterCommit() {
  const std::int64_t period = std::int64_t{state_.now_seconds()} /
                              (SecondsOf(state_.options.history_keep) / kSweepsInAHistory);
  if (next_ == key::kNoItem) {
    const bool begins = period_ >= 0 && period > period_;
    if (period_ < 0 || begins) period_ = period;
    if (!begins) return;
    next_ = 0;
  }
  std::size_t stored = 0;
  for (int i = 0; i < kItemsMax && stored < kRowsStoredMax; ++i) {
    if (next_ >= state_.ledger.size()) {
      next_ = key::kNoItem;
      return;
    }
    stored += Carry(next_++);
  }
}

std::size_t HistorySweep::Carry(key::ItemIndex index) {
  stock::Item& item = state_.ledger.at(index);
  if (item.group == stock::kNoSlab || item.life == stock::Life::kRetired) return 0;
  const stock::WarehouseRules& rules = state_.RulesOf(index);
  const std::int64_t keep = SecondsOf(state_.options.history_keep);
  // Documents that wait look back as far as their grace.
  const std::int64_t until =
      std::int64_t{state_.now_seconds()} - keep - SecondsOf(rules.drift_grace) - 1;
  if (until <= 0) return 0;
  auto& rows = state_.ledger.ReadHistory(index);
  const auto old = std::count_if(rows.begin(), rows.end(), [&](const stock::HistoryRow& row) {
    return std::int64_t{row.position.seconds} <= until;
  });
  const auto all = static_cast<std::ptrdiff_t>(rows.size());
  if (old < kOldRowsMin || old < all - old || rows.size() > kRowsMax) return 0;
  stock::SortByPosition(rows);
  const bool has_book = state_.ledger.FindBook(item) != nullptr;
  stock::Book* book = has_book ? &state_.ledger.BookOf(item) : nullptr;
  stock::Shadow* shadow = book != nullptr && book->shadow ? &*book->shadow : nullptr;
  if (!stock::CarryOver(rows, static_cast<std::uint32_t>(until), rules,
                        static_cast<std::uint32_t>(keep), shadow)) {
    return 0;
  }
  state_.batch.Forget(index);
  for (const stock::HistoryRow& row : rows) {
    record_.clear();
    stock::EncodeHistoryRow(row, record_);
    state_.batch.AppendHistory(index, row.position, record_);
  }
  if (shadow != nullptr) state_.ledger.Touch(index, stock::Ledger::kFigures);
  return rows.size();
}

}  // namespace stockwatch::flow
