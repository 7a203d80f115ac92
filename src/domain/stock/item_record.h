#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/event/change.h"
#include "domain/stock/book.h"
#include "domain/stock/description.h"
#include "domain/stock/item.h"

namespace stockwatch::stock {

// All that a restart needs of one stock item, in two records: what each of its changes writes, and
// what an inventory document says of it. The tail is no part of them: the history has those rows.
// Fields as in Item.
struct ItemRecord {
  Figures sums;
  base::Position top;
  base::Position opening;
  Life life = Life::kUnopened;
  std::uint32_t opened_seconds = 0;
  base::Instant last_sale;
  std::optional<base::Money> transaction_price;  // as in Description
  base::Position transaction_price_at;
  // What was sold in the hour in progress when it was written, of an item whose demand is known:
  // the one bucket of its rings that a sale of the present changes.
  struct SoldInHour {
    std::uint32_t hour = 0;  // since the Unix epoch
    base::Quantity quantity;
    bool operator==(const SoldInHour&) const = default;
  };
  std::optional<SoldInHour> sold_in_hour;
  std::optional<Book> book;

  bool operator==(const ItemRecord&) const = default;
};

// By names: numbers of names differ from run to run. Views: into the record that it was decoded
// from, or whatever it was made of.
struct ItemNameRecord {
  std::string_view warehouse;
  std::string_view sku;
  std::string_view document_key;  // canonical bytes of the living document's `_id`; empty: none
  std::string_view department = event::kNoLevel;
  std::string_view category = event::kNoLevel;
  std::string_view brand = event::kNoLevel;
  std::string_view product = event::kNoLevel;
  bool discontinued = false;
  std::uint8_t source = 0;
  std::optional<Description> description;  // without the transaction price

  bool operator==(const ItemNameRecord&) const = default;
};

// Appends the record to `out`; docs/formats.md, Records. `book` stands for that of the item, so
// that it need not be copied; nullptr: none. REQUIRES: `checks` of the book in order of position
void EncodeItem(const ItemRecord& item, const Book* book, std::string& out);
// REQUIRES: names and key of at most 65,535 bytes
void EncodeItemName(const ItemNameRecord& name, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<ItemRecord> DecodeItem(std::string_view record);
// The same; views point into `record`.
base::Result<ItemNameRecord> DecodeItemName(std::string_view record);

}  // namespace stockwatch::stock
