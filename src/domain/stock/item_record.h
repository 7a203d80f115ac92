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

// All that a restart needs of one stock item, by names: numbers in memory differ from run to run.
// The tail is no part of it: the history has those rows.
struct ItemRecord {
  std::string warehouse;
  std::string sku;
  std::string document_key;  // canonical bytes of the living document's `_id`; empty: none
  std::string department{event::kNoLevel};
  std::string category{event::kNoLevel};
  std::string brand{event::kNoLevel};
  std::string product{event::kNoLevel};
  Figures sums;  // from here on as in Item
  base::Position top;
  base::Position opening;
  Life life = Life::kUnopened;
  bool discontinued = false;
  std::uint8_t source = 0;
  std::uint32_t opened_seconds = 0;
  base::Instant last_sale;
  std::optional<Description> description;
  std::optional<Book> book;

  bool operator==(const ItemRecord&) const = default;
};

// Appends the record to `out`; docs/formats.md, Records. REQUIRES: names and key of at most 65,535
// bytes, `checks` of the book in order of position
void EncodeItem(const ItemRecord& item, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<ItemRecord> DecodeItem(std::string_view record);

}  // namespace stockwatch::stock
