#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "shop/catalogue.h"
#include "shop/change_text.h"
#include "shop/options.h"

namespace stockwatch::shop {

enum class MovementType {
  kSale,
  kReturn,
  kDamage,
  kShrinkage,
  kAdjustment,
  kTransferOut,
  kReceipt,
  kTransferIn,
  kReserve,
  kRelease,
  kOrdered,
  kOrderCancelled,
  kCount,
};

// An order of a supplier or a transfer between warehouses.
struct Reference {
  enum class Kind { kOrder, kTransfer };
  Kind kind = Kind::kOrder;
  std::string id;
};

struct Movement {
  MovementType type;
  Pieces quantity;
  Pieces reserved_quantity = 0;  // of a sale
  // NOLINTNEXTLINE(readability-redundant-member-init): for -Wmissing-field-initializers
  std::string_view reason = {};  // empty: none
  const Reference* reference = nullptr;
  std::optional<base::Instant> expected_at = std::nullopt;
};

struct Inbound {
  Reference::Kind kind = Reference::Kind::kOrder;
  Pieces pieces = 0;
};

using ItemIndex = std::size_t;

// One article at one warehouse, as the shop believes it to be.
struct StockItem {
  std::uint32_t warehouse = 0;  // from 0
  std::size_t article = 0;
  DocumentId document;
  bool listed = false;  // has an inventory document
  bool discontinued = false;
  Cents price = 0;
  Pieces on_hand = 0;
  Pieces reserved = 0;
  std::map<std::string, Inbound> inbound;  // what is still to come, by reference

  Pieces available() const { return on_hand - reserved; }
  Pieces InboundTotal() const;
  // 0 for a reference that has nothing to come.
  Pieces InboundOf(const Reference& reference) const;
};

// The shop's books of stock. All stock moves through here, so the lines that are written and what
// the shop believes are the same thing.
class Books {
 public:
  Books(const Options& options, Catalogue& catalogue);

  Catalogue& catalogue() { return catalogue_; }
  const Article& ArticleOf(ItemIndex item) const;
  const Product& ProductOf(ItemIndex item) const;
  const std::vector<StockItem>& items() const { return items_; }
  const StockItem& at(ItemIndex item) const { return items_[item]; }
  // The items of an article, by warehouse.
  const std::vector<ItemIndex>& ItemsOf(std::size_t article) const { return by_article_[article]; }
  std::string WarehouseId(ItemIndex item) const;
  ChangeWriter& writer() { return writer_; }

  // Every warehouse takes to one more product; nothing of it is listed yet.
  void AddProduct();
  // Inserts the inventory document. REQUIRES: not listed before
  void List(ItemIndex item, Pieces on_hand, base::Instant now);
  void SetPrice(ItemIndex item, Cents price, base::Instant now);
  void Discontinue(ItemIndex item, base::Instant now);
  // Replaces the document after the catalogue changed.
  void Rewrite(ItemIndex item, base::Instant now);
  void Delete(ItemIndex item, base::Instant now);

  // REQUIRES: listed
  void Post(ItemIndex item, const Movement& movement, base::Instant now);
  // Cancels what is still to come of the reference, if the item is listed and there is anything.
  void Cancel(ItemIndex item, const Reference& reference, std::string_view reason,
              base::Instant now);
  // A new id such as "PO-20260108-0001".
  Reference NewReference(Reference::Kind kind, base::Instant now);

 private:
  void AddItem(std::uint32_t warehouse, std::size_t article);
  DocumentText InventoryDocument(const StockItem& item, base::Instant now) const;
  DocumentText TransactionDocument(const StockItem& item, const DocumentId& id,
                                   const Movement& movement, base::Instant now) const;

  const std::uint64_t seed_;
  const std::uint32_t warehouses_;
  Catalogue& catalogue_;
  std::vector<StockItem> items_;
  std::vector<std::vector<ItemIndex>> by_article_;
  ChangeWriter writer_;
  std::uint32_t transactions_ = 0;
  std::uint32_t references_ = 0;
};

}  // namespace stockwatch::shop
