#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "domain/event/change.h"
#include "domain/key/name_pool.h"

namespace stockwatch::key {

// A stock item's number in memory. Numbers of dropped items are given again; they never show.
using ItemIndex = std::uint32_t;
inline constexpr ItemIndex kNoItem = 0xFFFFFFFF;

// Which number a stock item has, and which living document describes it. Deletes carry only the
// document's key, so the reader finds their item here. One thread at a time.
class ItemDirectory {
 public:
  explicit ItemDirectory(NamePool& names);
  ~ItemDirectory();
  ItemDirectory(const ItemDirectory&) = delete;
  ItemDirectory& operator=(const ItemDirectory&) = delete;

  // kNoItem if it is not known.
  ItemIndex Find(const event::ItemKey& key) const { return Find(key, HashOf(key)); }

  // The same in steps, so that the memory of many can be on its way at once: HashOf and Prefetch;
  // Likely and PrefetchEntry; PrefetchText; Find.
  std::uint32_t HashOf(const event::ItemKey& key) const;
  void Prefetch(std::uint32_t hash) const;
  // An item whose key has this hash, so most likely the one that is looked for; kNoItem if none
  // has.
  ItemIndex Likely(std::uint32_t hash) const;
  void PrefetchEntry(ItemIndex item) const;
  void PrefetchText(ItemIndex item) const;
  // Compares the likely item first, which may be another one by now.
  ItemIndex Find(const event::ItemKey& key, std::uint32_t hash, ItemIndex likely) const;
  ItemIndex Find(const event::ItemKey& key, std::uint32_t hash) const;

  // REQUIRES: Find(key) == kNoItem
  ItemIndex Add(const event::ItemKey& key);
  // Makes room for that many items; more may come.
  void Reserve(std::size_t items);
  // After a restart: the item gets the number that it had. Call with rising numbers; those between
  // them are free. False, and nothing changes: an item of that key, or a later number, is there.
  bool Restore(ItemIndex item, const event::ItemKey& key);
  // Forgets the item and the document that names it.
  void Drop(ItemIndex item);

  // Views stay valid until the directory ends.
  event::ItemKey Key(ItemIndex item) const;
  NameId Warehouse(ItemIndex item) const;

  // The item that the document with these key bytes names; kNoItem if none.
  ItemIndex FindDocument(std::string_view document_key) const;
  // From now on this document names `item`, and no other document does.
  void Bind(ItemIndex item, std::string_view document_key);
  // No document names `item`.
  void Unbind(ItemIndex item);
  // Key bytes of the document that names `item`; empty if none does.
  std::string_view Document(ItemIndex item) const;

  std::size_t size() const;
  // Bytes held, estimated from the capacity of the parts.
  std::size_t memory_bytes() const;

 private:
  bool Enter(ItemIndex item, const event::ItemKey& key);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::key
