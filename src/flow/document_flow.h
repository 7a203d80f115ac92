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

  // `item`: the one that the image names, kNoItem if it is unknown.
  Handling Upsert(const event::InventoryImage& image, key::ItemIndex item, base::Position position,
                  std::uint8_t source);
  Handling Delete(std::string_view document_key, base::Position position);

 private:
  struct Arrived {
    const event::InventoryImage& image;
    key::ItemIndex item = key::kNoItem;  // that it names; kNoItem: to be made
    base::Position position;
    std::uint8_t source = 0;
  };
  std::optional<event::Reject> Refusal(const Arrived& document) const;
  // The item that it names, made if it is new.
  key::ItemIndex ItemOf(const Arrived& document);
  Handling PutPresent(const Arrived& document);
  // The document names another item by now: it did not yet, or no longer.
  Handling Move(const Arrived& document, key::ItemIndex named);
  Handling PutFormer(const Arrived& document, base::Position left_at);
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
