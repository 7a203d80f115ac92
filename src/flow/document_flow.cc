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

std::optional<event::Reject> DocumentFlow::Refusal(const event::InventoryImage& image,
                                                   key::ItemIndex index,
                                                   std::uint8_t source) const {
  if (index == key::kNoItem) return std::nullopt;
  const stock::Item& item = state_.ledger.at(index);
  if (item.source != source) return ForeignSource();
  const std::string_view document = state_.directory.Document(index);
  const bool described = item.life != stock::Life::kRetired && !document.empty();
  if (described && document != image.document_key) {
    return AnotherDocument();
  }
  return std::nullopt;
}

Handling DocumentFlow::Upsert(const event::InventoryImage& image, base::Position position,
                              std::uint8_t source) {
  const key::ItemIndex index = state_.directory.Find(image.item);
  if (index != key::kNoItem && state_.ledger.Knows(index, position)) return Handled::kDuplicate;
  const key::ItemIndex named = state_.directory.FindDocument(image.document_key);
  if (named != key::kNoItem && named != index) return Move(image, position, source, named);
  // Its delete may have come before it.
  const auto deleted_at = state_.departed.Next(image.document_key, position);
  if (named == key::kNoItem && deleted_at) {
    return PutFormer(image, position, source, *deleted_at);
  }
  if (named != key::kNoItem && deleted_at) Retire(named, *deleted_at, ItemFlow::Counts::kNo);
  if (auto refusal = Refusal(image, index, source)) return *refusal;
  const key::ItemIndex item = items_.ItemOf(image.item, source);
  const Handled handled = Put(item, image, position);
  Bind(item, image.document_key);
  return handled;
}

Handling DocumentFlow::Move(const event::InventoryImage& image, base::Position position,
                            std::uint8_t source, key::ItemIndex named) {
  const key::ItemIndex index = state_.directory.Find(image.item);
  if (position > state_.ledger.DescribedAt(state_.ledger.at(named))) {
    if (auto refusal = Refusal(image, index, source)) return *refusal;
    Retire(named, position);
    state_.directory.Unbind(named);
    const key::ItemIndex item = items_.ItemOf(image.item, source);
    const Handled handled = Put(item, image, position);
    Bind(item, image.document_key);
    return handled;
  }
  // Late: the document named this item until it went on to the other one.
  base::Position left_at = FirstDocumentAbove(named, position).value_or(position);
  const auto deleted_at = state_.departed.Next(image.document_key, position);
  if (deleted_at && (left_at == position || *deleted_at < left_at)) left_at = *deleted_at;
  return PutFormer(image, position, source, left_at);
}

// What the document said of an item that it has left since.
Handling DocumentFlow::PutFormer(const event::InventoryImage& image, base::Position position,
                                 std::uint8_t source, base::Position left_at) {
  const key::ItemIndex index = state_.directory.Find(image.item);
  if (index != key::kNoItem && state_.ledger.at(index).source != source) return ForeignSource();
  const key::ItemIndex item = items_.ItemOf(image.item, source);
  // Its end first: nothing is judged as if it were still there.
  if (left_at > position) Retire(item, left_at, ItemFlow::Counts::kNo);
  return Put(item, image, position);
}

void DocumentFlow::Bind(key::ItemIndex item, std::string_view document_key) {
  const std::string_view former = state_.directory.Document(item);
  if (former == document_key) return;
  if (!former.empty()) state_.departed.Add(former, state_.ledger.at(item).opening);
  state_.directory.Bind(item, document_key);
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
  if (!state_.departed.Add(document_key, position)) return Handled::kDuplicate;
  const key::ItemIndex named = state_.directory.FindDocument(document_key);
  if (named == key::kNoItem) return Handled::kApplied;
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
    const bool document = row.kind == RowKind::kDocument || row.kind == RowKind::kLookedUp;
    if (document && row.position > position && (!first || row.position < *first)) {
      first = row.position;
    }
  }
  return first;
}

}  // namespace stockwatch::flow
