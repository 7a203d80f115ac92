#include "shop/books.h"

#include <array>
#include <utility>

#include "base/assertion.h"
#include "base/random.h"

namespace stockwatch::shop {
namespace {

constexpr std::array<std::string_view, 13> kMovementNames{
    "sale",        "return",  "damage",  "shrinkage", "adjustment",      "transfer_out", "receipt",
    "transfer_in", "reserve", "release", "ordered",   "order_cancelled", "count"};

// Every warehouse leaves out one article of each five, neighbours different ones; which of the
// five, turns.
bool LeavesOut(std::uint32_t warehouse, std::size_t article) {
  return (article + article / 5) % 5 == warehouse % 5;
}

std::string WarehouseName(std::uint32_t warehouse) {
  return std::string("W").append(std::to_string(warehouse + 1));
}

DocumentText PriceDocument(Cents amount) {
  return DocumentText().Decimal("amount", amount, 2).Text("currency", "EUR");
}

void MoveInbound(StockItem& item, const Movement& movement, Pieces pieces) {
  SW_ASSERT(movement.reference != nullptr, "the shop orders nothing without a reference");
  const Reference& reference = *movement.reference;
  Inbound& inbound =
      item.inbound.try_emplace(reference.id, Inbound{reference.kind, 0}).first->second;
  inbound.pieces += pieces;
  SW_ASSERT(inbound.pieces >= 0, "no more arrives than was ordered");
  if (inbound.pieces == 0) item.inbound.erase(reference.id);
}

void Apply(StockItem& item, const Movement& movement) {
  const Pieces quantity = movement.quantity;
  switch (movement.type) {
    case MovementType::kSale:
      item.on_hand -= quantity;
      item.reserved -= movement.reserved_quantity;
      break;
    case MovementType::kReturn:
    case MovementType::kAdjustment:
      item.on_hand += quantity;
      break;
    case MovementType::kDamage:
    case MovementType::kShrinkage:
    case MovementType::kTransferOut:
      item.on_hand -= quantity;
      break;
    case MovementType::kReceipt:
    case MovementType::kTransferIn:
      item.on_hand += quantity;
      MoveInbound(item, movement, -quantity);
      break;
    case MovementType::kReserve:
      item.reserved += quantity;
      break;
    case MovementType::kRelease:
      item.reserved -= quantity;
      break;
    case MovementType::kOrdered:
      MoveInbound(item, movement, quantity);
      break;
    case MovementType::kOrderCancelled:
      MoveInbound(item, movement, -quantity);
      break;
    case MovementType::kCount:
      item.on_hand = quantity;
      break;
  }
}

}  // namespace

Pieces StockItem::InboundTotal() const {
  Pieces total = 0;
  for (const auto& [reference, coming] : inbound) total += coming.pieces;
  return total;
}

Pieces StockItem::InboundOf(const Reference& reference) const {
  const auto found = inbound.find(reference.id);
  return found == inbound.end() ? 0 : found->second.pieces;
}

Books::Books(const Options& options, Catalogue& catalogue)
    : seed_(options.seed),
      warehouses_(options.warehouses),
      catalogue_(catalogue),
      by_article_(catalogue.articles().size()),
      writer_(options.seed) {
  const std::size_t launch = catalogue.ordinary_articles();
  for (std::uint32_t warehouse = 0; warehouse < options.warehouses; ++warehouse) {
    std::uint32_t stocked = 0;
    for (std::size_t article = 0; article < catalogue.articles().size(); ++article) {
      const bool ordinary = article < launch;
      if (ordinary && (LeavesOut(warehouse, article) || stocked == options.items_per_warehouse))
        continue;
      if (ordinary) ++stocked;
      AddItem(warehouse, article);
    }
  }
}

void Books::AddItem(std::uint32_t warehouse, std::size_t article) {
  StockItem item;
  item.warehouse = warehouse;
  item.article = article;
  item.document =
      DocumentId::OfText(WarehouseName(warehouse) + "/" + catalogue_.articles()[article].sku);
  item.price = catalogue_.articles()[article].price;
  by_article_[article].push_back(items_.size());
  items_.push_back(std::move(item));
}

void Books::AddProduct() {
  catalogue_.AddProduct();
  by_article_.resize(catalogue_.articles().size());
  for (std::uint32_t warehouse = 0; warehouse < warehouses_; ++warehouse) {
    for (const std::size_t article : catalogue_.products().back().articles) {
      AddItem(warehouse, article);
    }
  }
}

const Article& Books::ArticleOf(ItemIndex item) const {
  return catalogue_.articles()[items_[item].article];
}

const Product& Books::ProductOf(ItemIndex item) const {
  return catalogue_.ProductOf(ArticleOf(item));
}

std::string Books::WarehouseId(ItemIndex item) const {
  return WarehouseName(items_[item].warehouse);
}

DocumentText Books::InventoryDocument(const StockItem& item, base::Instant now) const {
  const Article& article = catalogue_.articles()[item.article];
  const Product& product = catalogue_.ProductOf(article);
  DocumentText document;
  document.Json("_id", item.document.json)
      .Text("warehouse_id", WarehouseName(item.warehouse))
      .Text("sku", article.sku)
      .Text("product_id", product.id)
      .Text("brand", product.brand)
      .Text("category", product.category->name)
      .Text("department", product.category->department)
      .Text("name", article.name)
      .Number("on_hand", item.on_hand)
      .Number("reserved", item.reserved)
      .Number("inbound", item.InboundTotal())
      .Document("price", PriceDocument(item.price))
      .Document("cost", PriceDocument(article.cost))
      .Number("lead_time_days", product.lead_time_days)
      .Number("pack_size", product.pack_size)
      .Text("status", item.discontinued ? "discontinued" : "active")
      .Date("updated_at", now)
      .Number("schema_version", 1);
  return document;
}

void Books::List(ItemIndex index, Pieces on_hand, base::Instant now) {
  StockItem& item = items_[index];
  SW_ASSERT(!item.listed, "an item is listed once");
  item.listed = true;
  item.on_hand = on_hand;
  writer_.Insert({Collection::kInventory, item.document}, InventoryDocument(item, now), now);
}

void Books::SetPrice(ItemIndex index, Cents price, base::Instant now) {
  StockItem& item = items_[index];
  item.price = price;
  DocumentText changed;
  changed.Decimal("price.amount", price, 2).Date("updated_at", now);
  writer_.Update({Collection::kInventory, item.document}, changed, InventoryDocument(item, now),
                 now);
}

void Books::Discontinue(ItemIndex index, base::Instant now) {
  StockItem& item = items_[index];
  item.discontinued = true;
  DocumentText changed;
  changed.Text("status", "discontinued").Date("updated_at", now);
  writer_.Update({Collection::kInventory, item.document}, changed, InventoryDocument(item, now),
                 now);
}

void Books::Rewrite(ItemIndex index, base::Instant now) {
  const StockItem& item = items_[index];
  writer_.Replace({Collection::kInventory, item.document}, InventoryDocument(item, now), now);
}

void Books::Delete(ItemIndex index, base::Instant now) {
  StockItem& item = items_[index];
  item.listed = false;
  writer_.Delete({Collection::kInventory, item.document}, now);
}

DocumentText Books::TransactionDocument(const StockItem& item, const DocumentId& id,
                                        const Movement& movement, base::Instant now) const {
  DocumentText document;
  document.Json("_id", id.json)
      .Text("warehouse_id", WarehouseName(item.warehouse))
      .Text("sku", catalogue_.articles()[item.article].sku)
      .Text("type", kMovementNames[static_cast<std::size_t>(movement.type)])
      .Number("quantity", movement.quantity);
  if (movement.reserved_quantity != 0) {
    document.Number("reserved_quantity", movement.reserved_quantity);
  }
  if (!movement.reason.empty()) document.Text("reason", movement.reason);
  if (movement.reference != nullptr) {
    const bool order = movement.reference->kind == Reference::Kind::kOrder;
    document.Text(order ? "order_id" : "transfer_id", movement.reference->id);
  }
  if (movement.type == MovementType::kSale) document.Document("price", PriceDocument(item.price));
  if (movement.expected_at) document.Date("expected_at", *movement.expected_at);
  // The till's time: a little before the database's.
  const auto till_delay = base::Duration::Micros(20'000 + transactions_ % 37 * 7'000);
  document.Date("occurred_at", now - till_delay).Number("schema_version", 1);
  return document;
}

void Books::Post(ItemIndex index, const Movement& movement, base::Instant now) {
  StockItem& item = items_[index];
  SW_ASSERT(item.listed, "only what is listed moves");
  Apply(item, movement);
  const auto seconds = static_cast<std::uint32_t>(now.micros() / 1'000'000);
  const auto id = DocumentId::OfObject(seconds, base::SplitMix64(seed_), ++transactions_);
  writer_.Insert({Collection::kTransactions, id}, TransactionDocument(item, id, movement, now),
                 now);
}

void Books::Cancel(ItemIndex index, const Reference& reference, std::string_view reason,
                   base::Instant now) {
  const StockItem& item = items_[index];
  const Pieces rest = item.InboundOf(reference);
  if (!item.listed || rest == 0) return;
  Post(index,
       {.type = MovementType::kOrderCancelled,
        .quantity = rest,
        .reason = reason,
        .reference = &reference},
       now);
}

Reference Books::NewReference(Reference::Kind kind, base::Instant now) {
  std::string date;
  base::AppendInstant(date, now);
  date.resize(10);  // 2026-01-08
  std::erase(date, '-');
  std::string number = std::to_string(++references_);
  if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
  return {kind, (kind == Reference::Kind::kOrder ? "PO-" : "TR-") + date + "-" + number};
}

}  // namespace stockwatch::shop
