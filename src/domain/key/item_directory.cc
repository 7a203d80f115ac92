#include "domain/key/item_directory.h"

#include <absl/container/flat_hash_set.h>

#include <vector>

#include "base/assertion.h"
#include "base/huge_pages.h"
#include "domain/key/text_arena.h"

namespace stockwatch::key {
namespace {

struct Entry {
  NameId warehouse = kNoName;
  TextRef sku = 0;
  TextRef document = 0;
};

struct Entries {
  explicit Entries(const NamePool* pool) : names(pool) {}

  const NamePool* names;
  TextArena texts;
  base::HugeList<Entry> list;

  event::ItemKey Key(ItemIndex item) const {
    const Entry& entry = list[item];
    return {event::WarehouseIdView::Trusted(names->Text(entry.warehouse)),
            event::SkuView::Trusted(texts.Text(entry.sku))};
  }
  std::string_view Document(ItemIndex item) const { return texts.Text(list[item].document); }
};

// The tables hold numbers alone, and by key its hash: a look-up that finds the hash has found the
// item but for one in billions. The texts stand in the arena. absl seeds its hash by process, which
// also keeps hostile keys from colliding on purpose.
struct Slot {
  std::uint32_t hash;
  ItemIndex item;
};
struct HashedKey {
  const event::ItemKey& key;
  std::uint32_t hash;
};
struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::uint32_t hash) const {
    return hash * std::uint64_t{0x9E3779B97F4A7C15} >> 7;
  }
  std::size_t operator()(const Slot& slot) const { return (*this)(slot.hash); }
  std::size_t operator()(const HashedKey& key) const { return (*this)(key.hash); }
};
struct KeyEqual {
  using is_transparent = void;
  const Entries* entries;
  bool operator()(const Slot& a, const Slot& b) const { return a.item == b.item; }
  bool operator()(const Slot& a, std::uint32_t hash) const { return a.hash == hash; }
  bool operator()(const Slot& a, const HashedKey& key) const {
    return a.hash == key.hash && entries->Key(a.item) == key.key;
  }
};
struct DocumentHash {
  using is_transparent = void;
  const Entries* entries;
  std::size_t operator()(std::string_view key) const { return absl::HashOf(key); }
  std::size_t operator()(ItemIndex item) const { return (*this)(entries->Document(item)); }
};
struct DocumentEqual {
  using is_transparent = void;
  const Entries* entries;
  bool operator()(ItemIndex a, ItemIndex b) const { return a == b; }
  bool operator()(ItemIndex a, std::string_view key) const { return entries->Document(a) == key; }
};

}  // namespace

struct ItemDirectory::State {
  explicit State(NamePool& pool) : names(pool) {}

  NamePool& names;
  Entries entries{&names};
  absl::flat_hash_set<Slot, KeyHash, KeyEqual, base::HugeAllocator<Slot>> by_key{
      0, KeyHash{}, KeyEqual{&entries}};
  absl::flat_hash_set<ItemIndex, DocumentHash, DocumentEqual> by_document{0, DocumentHash{&entries},
                                                                          DocumentEqual{&entries}};
  std::vector<ItemIndex> free;
};

ItemDirectory::ItemDirectory(NamePool& names) : state_(std::make_unique<State>(names)) {}

ItemDirectory::~ItemDirectory() = default;

std::uint32_t ItemDirectory::HashOf(const event::ItemKey& key) const {
  return static_cast<std::uint32_t>(absl::HashOf(key.warehouse.text(), key.sku.text()));
}

void ItemDirectory::Prefetch(std::uint32_t hash) const {
  state_->by_key.prefetch(hash);
}

ItemIndex ItemDirectory::Likely(std::uint32_t hash) const {
  const auto found = state_->by_key.find(hash);
  return found == state_->by_key.end() ? kNoItem : found->item;
}

void ItemDirectory::PrefetchEntry(ItemIndex item) const {
  __builtin_prefetch(&state_->entries.list[item]);
}

void ItemDirectory::PrefetchText(ItemIndex item) const {
  state_->entries.texts.Prefetch(state_->entries.list[item].sku);
}

ItemIndex ItemDirectory::Find(const event::ItemKey& key, std::uint32_t hash,
                              ItemIndex likely) const {
  // Its number may have become free since, or another item's.
  if (likely != kNoItem && state_->entries.list[likely].sku != 0 &&
      state_->entries.Key(likely) == key) {
    return likely;
  }
  return Find(key, hash);
}

ItemIndex ItemDirectory::Find(const event::ItemKey& key, std::uint32_t hash) const {
  const auto found = state_->by_key.find(HashedKey{key, hash});
  return found == state_->by_key.end() ? kNoItem : found->item;
}

void ItemDirectory::Reserve(std::size_t items) {
  state_->by_key.reserve(items);
  state_->by_document.reserve(items);
}

bool ItemDirectory::Restore(ItemIndex item, const event::ItemKey& key) {
  auto& entries = state_->entries;
  if (item < entries.list.size()) return false;
  while (entries.list.size() < item) {
    state_->free.push_back(static_cast<ItemIndex>(entries.list.size()));
    entries.list.push_back();
  }
  entries.list.push_back();
  return Enter(item, key);
}

// False: the key is there.
bool ItemDirectory::Enter(ItemIndex item, const event::ItemKey& key) {
  const std::uint32_t hash = HashOf(key);
  auto& entries = state_->entries;
  entries.list[item] = {state_->names.Intern(key.warehouse.text()),
                        entries.texts.Add(key.sku.text()), 0};
  bool is_new = false;
  state_->by_key.lazy_emplace(HashedKey{key, hash}, [&](const auto& construct) {
    construct(Slot{hash, item});
    is_new = true;
  });
  return is_new;
}

ItemIndex ItemDirectory::Add(const event::ItemKey& key) {
  auto& entries = state_->entries;
  auto item = static_cast<ItemIndex>(entries.list.size());
  if (state_->free.empty()) {
    entries.list.push_back();
  } else {
    item = state_->free.back();
    state_->free.pop_back();
  }
  SW_ASSERT(Enter(item, key), "an item is added once");
  return item;
}

void ItemDirectory::Drop(ItemIndex item) {
  Unbind(item);
  state_->by_key.erase(Slot{HashOf(Key(item)), item});
  state_->entries.list[item] = Entry();
  state_->free.push_back(item);
}

event::ItemKey ItemDirectory::Key(ItemIndex item) const {
  return state_->entries.Key(item);
}

NameId ItemDirectory::Warehouse(ItemIndex item) const {
  return state_->entries.list[item].warehouse;
}

ItemIndex ItemDirectory::FindDocument(std::string_view document_key) const {
  auto found = state_->by_document.find(document_key);
  return found == state_->by_document.end() ? kNoItem : *found;
}

void ItemDirectory::Bind(ItemIndex item, std::string_view document_key) {
  auto& entries = state_->entries;
  if (entries.list[item].document != 0 && Document(item) == document_key) return;
  Unbind(item);
  entries.list[item].document = entries.texts.Add(document_key);
  const ItemIndex bound = *state_->by_document.lazy_emplace(
      document_key, [&](const auto& construct) { construct(item); });
  if (bound == item) return;
  Unbind(bound);
  state_->by_document.insert(item);
}

void ItemDirectory::Unbind(ItemIndex item) {
  Entry& entry = state_->entries.list[item];
  if (entry.document == 0) return;
  state_->by_document.erase(item);
  entry.document = 0;
}

std::string_view ItemDirectory::Document(ItemIndex item) const {
  if (state_->entries.list[item].document == 0) return {};
  return state_->entries.Document(item);
}

std::size_t ItemDirectory::size() const {
  return state_->by_key.size();
}

std::size_t ItemDirectory::memory_bytes() const {
  constexpr std::size_t kControl = 1;
  return state_->entries.texts.bytes() + state_->entries.list.memory_bytes() +
         state_->by_key.capacity() * (sizeof(Slot) + kControl) +
         state_->by_document.capacity() * (sizeof(ItemIndex) + kControl);
}

}  // namespace stockwatch::key
