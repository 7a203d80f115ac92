#include "flow/document_flow.h"

#include "flow/refusals.h"

#include <algorithm>

namespace stockwatch::flow {
namespace {

using stock::HistoryRow;
using stock::RowKind;

HistoryRow RowOf(const event::InventoryImage& image, base::Position position) {
  HistoryRow row;
  row.position = position;
  row.kind = image.image == event::Image::kLookup ? RowKind::kLookedUp : RowKind::kDocument;
  row.has_reserved = image.reserved.has_value();
  row.has_inbound = image.inbound.has_value();
  row.stated = {image.on_hand, image.reserved.value_or(base::Quantity()),
                image.inbound.value_or(base::Quantity())};
  row.occurred_at = image.updated_at;
  return row;
}

Handled From(stock::Applied applied) {
  return applied == stock::Applied::kApplied ? Handled::kApplied : Handled::kDuplicate;
}

}  // namespace

std::optional<event::Reject> DocumentFlow::Refusal(const Arrived& document) const {
  if (document.item == key::kNoItem) return std::nullopt;
  const stock::Item& item = state_.ledger.at(document.item);
  if (item.source != document.source) return ForeignSource();
  const std::string_view bound = state_.directory.Document(document.item);
  const bool described = item.life != stock::Life::kRetired && !bound.empty();
  if (described && bound != document.image.document_key) return AnotherDocument();
  return std::nullopt;
}

key::ItemIndex DocumentFlow::ItemOf(const Arrived& document) {
  if (document.item != key::kNoItem) return document.item;
  return items_.Make(document.image.item, document.source);
}

Handling DocumentFlow::Upsert(const event::InventoryImage& image, key::ItemIndex item,
                              base::Position position, std::uint8_t source) {
  const Arrived document{image, item, position, source};
  if (item != key::kNoItem && state_.ledger.Knows(item, position)) return Handled::kDuplicate;
  const key::ItemIndex named = state_.directory.FindDocument(image.document_key);
  if (named != key::kNoItem && named != item) return Move(document, named);
  // Its delete may have come before it.
  const auto deleted_at = state_.departed.Next(image.document_key, position);
  if (named == key::kNoItem && deleted_at) return PutFormer(document, *deleted_at);
  if (named != key::kNoItem && deleted_at) Retire(named, *deleted_at, ItemFlow::Counts::kNo);
  if (auto refusal = Refusal(document)) return *refusal;
  return PutPresent(document);
}

Handling DocumentFlow::PutPresent(const Arrived& document) {
  const key::ItemIndex item = ItemOf(document);
  const Handled handled = Put(item, document.image, document.position);
  Bind(item, document.image.document_key);
  return handled;
}

Handling DocumentFlow::Move(const Arrived& document, key::ItemIndex named) {
  const base::Position position = document.position;
  if (position > state_.ledger.DescribedAt(state_.ledger.at(named))) {
    if (auto refusal = Refusal(document)) return *refusal;
    Retire(named, position);
    state_.directory.Unbind(named);
    state_.ledger.Touch(named, stock::Ledger::kNames);
    return PutPresent(document);
  }
  // Late: the document named this item until it went on to the other one.
  base::Position left_at = FirstDocumentAbove(named, position).value_or(position);
  const auto deleted_at = state_.departed.Next(document.image.document_key, position);
  if (deleted_at && (left_at == position || *deleted_at < left_at)) left_at = *deleted_at;
  return PutFormer(document, left_at);
}

// What the document said of an item that it has left since.
Handling DocumentFlow::PutFormer(const Arrived& document, base::Position left_at) {
  if (document.item != key::kNoItem && state_.ledger.at(document.item).source != document.source) {
    return ForeignSource();
  }
  const key::ItemIndex item = ItemOf(document);
  // Its end first: nothing is judged as if it were still there.
  if (left_at > document.position) Retire(item, left_at, ItemFlow::Counts::kNo);
  return Put(item, document.image, document.position);
}

void DocumentFlow::Bind(key::ItemIndex item, std::string_view document_key) {
  const std::string_view former = state_.directory.Document(item);
  if (former == document_key) return;
  if (!former.empty()) state_.Depart(former, state_.ledger.at(item).opening);
  state_.directory.Bind(item, document_key);
  state_.ledger.Touch(item, stock::Ledger::kNames);
}

Handled DocumentFlow::Put(key::ItemIndex item, const event::InventoryImage& image,
                          base::Position position) {
  HistoryRow row = RowOf(image, position);
  return From(items_.Apply(item, row, &image));
}

Handled DocumentFlow::Retire(key::ItemIndex item, base::Position position,
                             ItemFlow::Counts counts) {
  HistoryRow row;
  row.position = position;
  row.kind = RowKind::kDelete;
  row.occurred_at = base::Instant::Seconds(position.seconds);
  return From(items_.Apply(item, row, nullptr, counts));
}

Handling DocumentFlow::Delete(std::string_view document_key, base::Position position) {
  if (!state_.Depart(document_key, position)) return Handled::kDuplicate;
  const key::ItemIndex named = state_.directory.FindDocument(document_key);
  if (named == key::kNoItem) return Handled::kApplied;
  // It was deleted before, and is forgotten by then: what comes next finds a new item, which this
  // document does not name.
  if (state_.ledger.IsDroppedAt(state_.ledger.at(named), position)) return Handled::kApplied;
  // Late, and the document did not name this item yet: it was another one's end.
  const bool late = position < state_.ledger.DescribedAt(state_.ledger.at(named));
  if (late && !HasDocumentBelow(named, position)) return Handled::kApplied;
  return Retire(named, position);
}

bool DocumentFlow::HasDocumentBelow(key::ItemIndex item, base::Position position) {
  const auto& rows = state_.ledger.ReadHistory(item);
  return std::any_of(rows.begin(), rows.end(), [&](const HistoryRow& row) {
    return stock::IsDocument(row.kind) && row.position < position;
  });
}

std::optional<base::Position> DocumentFlow::FirstDocumentAbove(key::ItemIndex item,
                                                               base::Position position) {
  std::optional<base::Position> first;
  for (const HistoryRow& row : state_.ledger.ReadHistory(item)) {
    if (stock::IsDocument(row.kind) && row.position > position &&
        (!first || row.position < *first)) {
      first = row.position;
    }
  }
  return first;
}

}  // namespace stockwatch::flow
