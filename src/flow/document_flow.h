#pragma once

#include <optional>

#include "flow/item_flow.h"

namespace stockwatch::flow {

// What became of a change of an item.
enum class Handled : std::uint8_t { kApplied, kDuplicate };
using Handling = std::variant<Handled, event::Reject>;

// Inventory documents: which item a document's change belongs to. A delete carries only the
// document's key; a document may move to another item; late changes of a document find the item
// that it named at their position.
class DocumentFlow {
 public:
  DocumentFlow(State& state, ItemFlow& items) : state_(state), items_(items) {}

  Handling Upsert(const event::InventoryImage& image, base::Position position, std::uint8_t source);
  Handling Delete(std::string_view document_key, base::Position position);

 private:
  std::optional<event::Reject> Refusal(const event::InventoryImage& image, key::ItemIndex item,
                                       std::uint8_t source) const;
  // The document names another item by now: it did not yet, or no longer.
  Handling Move(const event::InventoryImage& image, base::Position position, std::uint8_t source,
                key::ItemIndex named);
  Handling PutFormer(const event::InventoryImage& image, base::Position position,
                     std::uint8_t source, base::Position left_at);
  void Bind(key::ItemIndex item, std::string_view document_key);
  Handled Put(key::ItemIndex item, const event::InventoryImage& image, base::Position position);
  Handled Retire(key::ItemIndex item, base::Position position,
                 ItemFlow::Counts counts = ItemFlow::Counts::kYes);
  bool HasDocumentBelow(key::ItemIndex item, base::Position position);
  std::optional<base::Position> FirstDocumentAbove(key::ItemIndex item, base::Position position);

  State& state_;
  ItemFlow& items_;
};

}  // namespace stockwatch::flow
