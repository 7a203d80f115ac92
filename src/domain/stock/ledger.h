#pragma once

#include <cstdint>
#include <vector>

#include "base/huge_pages.h"
#include "domain/stock/book.h"
#include "domain/stock/description.h"
#include "domain/stock/item.h"
#include "domain/stock/slab.h"
#include "domain/stock/tail.h"

namespace stockwatch::stock {

enum class Applied : std::uint8_t {
  kApplied,    // superseded ones too: the row belongs into the history
  kDuplicate,  // its position was applied before: no effect
};

// The stock of every item: figures as a function of the set of applied changes, whatever their
// order of arrival. Movements commute and take one addition; a late count, document or delete folds
// the item's history again. Owns items, tails, books and descriptions. One thread at a time.
class Ledger {
 public:
  // `keep_seconds`: how long the history keeps rows; a retired item is dropped after it.
  Ledger(History& history, std::uint32_t keep_seconds)
      : history_(history), keep_seconds_(keep_seconds) {}

  // The item of that number is new, unopened and empty.
  Item& Start(key::ItemIndex index);
  // The item is forgotten; what it has beside its hot state is freed.
  void Drop(key::ItemIndex index);
  // A retired item whose time has run out at that position: what comes now finds a new one. Its
  // rows stay marks of deduplication.
  bool IsDroppedAt(const Item& item, base::Position position) const {
    return item.life == Life::kRetired &&
           position.seconds >= std::uint64_t{item.opening.seconds} + keep_seconds_;
  }
  void Renew(Item& item);

  // What of an item is to be stored again; as bits.
  enum Part : std::uint8_t { kFigures = 1, kNames = 2, kDemand = 4 };
  void Touch(key::ItemIndex index, Part part) {
    Item& item = items_[index];
    if (item.unsaved == 0) touched_.push_back(index);
    item.unsaved = static_cast<std::uint8_t>(item.unsaved | part);
  }
  // Calls back with each item that was touched since the last call, and which parts of it (0: it
  // was dropped since). A number may come twice, the second time with 0.
  // `approach`: called a few items before, to ask for the memory that `each` will touch.
  template <typename Each, typename Approach>
  void TakeTouched(Each each, Approach approach) {
    for (std::size_t i = 0; i < touched_.size(); ++i) {
      constexpr std::size_t kAhead = 16;
      constexpr std::size_t kNear = 8;
      if (i + kAhead < touched_.size()) Prefetch(touched_[i + kAhead]);
      if (i + kNear < touched_.size()) approach(items_[touched_[i + kNear]]);
      const key::ItemIndex index = touched_[i];
      const std::uint8_t parts = items_[index].unsaved;
      items_[index].unsaved = 0;
      each(index, parts);
    }
    touched_.clear();
  }
  template <typename Each>
  void TakeTouched(Each each) {
    TakeTouched(each, [](const Item&) {});
  }

  // Applies a change; fills row.result. Duplicates change nothing.
  Applied Apply(key::ItemIndex index, HistoryRow& row, const WarehouseRules& rules);

  // A change at this position was applied to the item.
  bool Knows(key::ItemIndex index, base::Position position);

  // True if `row` is an order that would bring the item beyond its limit of positive references (it
  // is to be refused before Apply).
  bool ExceedsReferences(key::ItemIndex index, const HistoryRow& row,
                         const WarehouseRules& rules) const;

  Item& at(key::ItemIndex index) { return items_[index]; }
  const Item& at(key::ItemIndex index) const { return items_[index]; }
  std::size_t size() const { return items_.size(); }

  Shown ShownOf(const Item& item) const {
    const base::Quantity reserved = std::max(base::Quantity(), item.sums.reserved);
    const Book* book = FindBook(item);
    if (book == nullptr || book->shadow) {
      return {item.sums.on_hand, reserved, std::max(base::Quantity(), item.sums.inbound)};
    }
    return {item.sums.on_hand, reserved, book->references.Shown(item.sums.inbound)};
  }

  // Position of the inventory event that describes the item; the default position if there was
  // none.
  base::Position DescribedAt(const Item& item) const;
  void SetDescribedAt(Item& item, base::Position position);

  Description& DescriptionOf(Item& item);
  const Description* FindDescription(const Item& item) const {
    return item.description == kNoSlab ? nullptr : &descriptions_[item.description];
  }
  void SetDescription(Item& item, const Description& description);

  Book& BookOf(Item& item);
  const Book* FindBook(const Item& item) const {
    return item.book == kNoSlab ? nullptr : &books_[item.book];
  }
  const Tails& tails() const { return tails_; }

  // All rows that the history keeps of the item. Valid until the next call.
  std::vector<HistoryRow>& ReadHistory(key::ItemIndex index);

  // Forgets what is older than the tails' length. Call now and then.
  void TrimTails(std::uint32_t source_seconds) {
    if (source_seconds > kTailSeconds) tails_.Forget(source_seconds - kTailSeconds);
  }

  // After a restart: of what lies at or below this cluster second only the history knows.
  void StartTails(std::uint32_t source_seconds) { tails_.Start(source_seconds); }

  // Asks for memory that Apply will touch.
  void Prefetch(key::ItemIndex index) const {
    __builtin_prefetch(&items_[index]);
    __builtin_prefetch(reinterpret_cast<const char*>(&items_[index]) + 64);
  }

 private:
  void ApplyInOrder(Item& item, const HistoryRow& row, const WarehouseRules& rules);
  void ApplyMovement(Item& item, const HistoryRow& row, const WarehouseRules& rules);
  void OpenAtZero(Item& item, const HistoryRow& row, const WarehouseRules& rules);
  void ApplyToShadow(Item& item, const HistoryRow& row, const Figures& effect);
  void AddEffect(Item& item, const HistoryRow& row, const Figures& effect);
  void Open(Item& item, const HistoryRow& row);
  void ApplyDocument(Item& item, const HistoryRow& row, const WarehouseRules& rules);
  void ApplyCount(Item& item, const HistoryRow& row, const WarehouseRules& rules);
  void Retire(Item& item, base::Position position);
  void Refold(key::ItemIndex index, Item& item, const HistoryRow& row, const WarehouseRules& rules);
  bool IsBelowShadow(const Item& item, const HistoryRow& row, const WarehouseRules& rules) const;
  void NoteSale(key::ItemIndex index, Item& item, const HistoryRow& row);
  base::Position BaseOf(const Item& item) const;
  base::Position BeganAt(const Item& item) const;
  void ReleaseEmptyBook(Item& item);

  History& history_;
  std::uint32_t keep_seconds_;
  base::HugeList<Item> items_;
  Tails tails_;
  Slab<Book> books_;
  Slab<Description> descriptions_;
  std::vector<key::ItemIndex> touched_;
  std::vector<HistoryRow> rows_;  // scratch of ReadHistory
};

}  // namespace stockwatch::stock
