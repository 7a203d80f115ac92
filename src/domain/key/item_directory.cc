#include "domain/key/item_directory.h"

#include <absl/container/flat_hash_set.h>

#include <vector>

#include "base/assertion.h"
#include "domain/key/text_arena.h"

namespace stockwatch::key {
namespace {

struct Entry {
  NameId warehouse = kNoName;
  TextRef sku = 0;
  TextRef document = 0;
};

struct Entries {
  const NamePool* names;
  TextArena texts;
  std::vector<Entry> list;

  event::ItemKey Key(ItemIndex item) const {
    const Entry& entry = list[item];
    return {event::WarehouseIdView::Trusted(names->Text(entry.warehouse)),
            event::SkuView::Trusted(texts.Text(entry.sku))};
  }
  std::string_view Document(ItemIndex item) const { return texts.Text(list[item].document); }
};

// The tables hold item numbers alone (4 bytes and 1 of control each); the texts stand in the arena.
// absl seeds its hash by process, which also keeps hostile keys from colliding on purpose.
struct KeyHash {
  using is_transparent = void;
  const Entries* entries;
  std::size_t operator()(const event::ItemKey& key) const {
    return absl::HashOf(key.warehouse.text(), key.sku.text());
  }
  std::size_t operator()(ItemIndex item) const { return (*this)(entries->Key(item)); }
};
struct KeyEqual {
  using is_transparent = void;
  const Entries* entries;
  bool operator()(ItemIndex a, ItemIndex b) const { return a == b; }
  bool operator()(ItemIndex a, const event::ItemKey& key) const { return entries->Key(a) == key; }
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
  explicit State(NamePool& pool) : names(pool) { entries.list.reserve(1024); }

  NamePool& names;
  Entries entries{&names, {}, {}};
  absl::flat_hash_set<ItemIndex, KeyHash, KeyEqual> by_key{0, KeyHash{&entries},
                                                           KeyEqual{&entries}};
  absl::flat_hash_set<ItemIndex, DocumentHash, DocumentEqual> by_document{0, DocumentHash{&entries},
                                                                          DocumentEqual{&entries}};
  std::vector<ItemIndex> free;
};

ItemDirectory::ItemDirectory(NamePool& names) : state_(std::make_unique<State>(names)) {}

ItemDirectory::~ItemDirectory() = default;

ItemIndex ItemDirectory::Find(const event::ItemKey& key) const {
  auto found = state_->by_key.find(key);
  return found == state_->by_key.end() ? kNoItem : *found;
}

ItemIndex ItemDirectory::Add(const event::ItemKey& key) {
  SW_ASSERT(Find(key) == kNoItem, "an item is added once");
  auto& entries = state_->entries;
  ItemIndex item = static_cast<ItemIndex>(entries.list.size());
  if (state_->free.empty()) {
    entries.list.emplace_back();
  } else {
    item = state_->free.back();
    state_->free.pop_back();
  }
  entries.list[item] = {state_->names.Intern(key.warehouse.text()),
                        entries.texts.Add(key.sku.text()), 0};
  state_->by_key.insert(item);
  return item;
}

void ItemDirectory::Drop(ItemIndex item) {
  Unbind(item);
  state_->by_key.erase(item);
  state_->free.push_back(item);
}

void ItemDirectory::Prefetch(const event::ItemKey& key) const {
  state_->by_key.prefetch(key);
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
  const ItemIndex before = FindDocument(document_key);
  if (before != kNoItem) Unbind(before);
  Unbind(item);
  entries.list[item].document = entries.texts.Add(document_key);
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
  constexpr std::size_t kSlot = sizeof(ItemIndex) + 1;
  return state_->entries.texts.bytes() + state_->entries.list.capacity() * sizeof(Entry) +
         (state_->by_key.capacity() + state_->by_document.capacity()) * kSlot;
}

}  // namespace stockwatch::key
