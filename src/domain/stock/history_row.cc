#include "domain/stock/history_row.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::stock {
namespace {

// Each row is written in the oldest version that can say it.
constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kUndatedVersion = 2;  // has no kExpectedStored
constexpr std::uint8_t kPlainVersion = 1;    // nor kCarried and kBegins
constexpr std::string_view kWhat = "history row";

// Most rows are sales and receipts without reference: those take 27 bytes.
enum Flag : std::uint8_t {
  kHasReserved = 1,
  kHasInbound = 2,
  kReservedStored = 4,
  kInboundStored = 8,
  kReferenceStored = 16,
  kBegins = 32,
  kExpectedStored = 64,
  kFlagsEnd = 128,
};

unsigned FlagsEnd(std::uint8_t version) {
  switch (version) {
    case kPlainVersion:
      return kBegins;
    case kUndatedVersion:
      return kExpectedStored;
    default:
      return kFlagsEnd;
  }
}

constexpr std::array<std::string_view, kRowKinds> kNames{
    "sale",    "return",      "damage",    "shrinkage", "adjustment", "transfer_out",
    "receipt", "transfer_in", "reserve",   "release",   "ordered",    "order_cancelled",
    "count",   "document",    "looked_up", "delete",    "carried"};

base::Result<HistoryRow> Read(base::ByteReader& reader, std::uint8_t version) {
  HistoryRow row;
  row.kind =
      event::TakeEnum(reader, version == kPlainVersion ? RowKind::kDelete : RowKind::kCarried);
  const auto flags = reader.Take<std::uint8_t>();
  if (flags >= FlagsEnd(version)) reader.Fail();
  row.begins = (flags & kBegins) != 0;
  row.has_reserved = (flags & kHasReserved) != 0;
  row.has_inbound = (flags & kHasInbound) != 0;
  row.occurred_at = event::TakeInstant(reader);
  row.stated.on_hand = event::TakeQuantity(reader);
  row.result = event::TakeQuantity(reader);
  if (flags & kReservedStored) row.stated.reserved = event::TakeQuantity(reader);
  if (flags & kInboundStored) row.stated.inbound = event::TakeQuantity(reader);
  if (flags & kReferenceStored) row.reference = reader.TakeBytes();
  if (flags & kExpectedStored) row.expected_at = event::TakeInstant(reader);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return row;
}

}  // namespace

std::string_view Name(RowKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

Figures EffectOf(const HistoryRow& row) {
  const base::Quantity q = row.stated.on_hand;
  const base::Quantity none;
  switch (row.kind) {
    case RowKind::kSale:
      return {-q, -row.stated.reserved, none};
    case RowKind::kReturn:
    case RowKind::kAdjustment:
      return {q, none, none};
    case RowKind::kDamage:
    case RowKind::kShrinkage:
    case RowKind::kTransferOut:
      return {-q, none, none};
    case RowKind::kReceipt:
    case RowKind::kTransferIn:
      return {q, none, -q};
    case RowKind::kReserve:
      return {none, q, none};
    case RowKind::kRelease:
      return {none, -q, none};
    case RowKind::kOrdered:
      return {none, none, q};
    case RowKind::kOrderCancelled:
      return {none, none, -q};
    case RowKind::kCount:
    case RowKind::kDocument:
    case RowKind::kLookedUp:
    case RowKind::kDelete:
      return {};
    case RowKind::kCarried:
      return row.stated;
  }
  return {};
}

void EncodeHistoryRow(const HistoryRow& row, std::string& out) {
  std::uint8_t flags = 0;
  if (row.has_reserved) flags |= kHasReserved;
  if (row.has_inbound) flags |= kHasInbound;
  if (row.stated.reserved != base::Quantity()) flags |= kReservedStored;
  if (row.stated.inbound != base::Quantity()) flags |= kInboundStored;
  if (!row.reference.empty()) flags |= kReferenceStored;
  if (row.begins) flags |= kBegins;
  if (row.expected_at) flags |= kExpectedStored;
  const bool plain = !row.begins && row.kind != RowKind::kCarried;
  const std::uint8_t undated = plain ? kPlainVersion : kUndatedVersion;
  base::FixedRecord<27> fixed;  // one append: a row is written for every change
  fixed.Put(row.expected_at ? kVersion : undated);
  fixed.Put(static_cast<std::uint8_t>(row.kind));
  fixed.Put(flags);
  fixed.Put(row.occurred_at.micros());
  fixed.Put(row.stated.on_hand.thousandths());
  fixed.Put(row.result.thousandths());
  out.append(fixed.bytes());
  base::ByteWriter writer(out);
  if (flags & kReservedStored) writer.Put(row.stated.reserved.thousandths());
  if (flags & kInboundStored) writer.Put(row.stated.inbound.thousandths());
  if (flags & kReferenceStored) writer.PutBytes(row.reference);
  if (row.expected_at) event::PutInstant(writer, *row.expected_at);
}

base::Result<HistoryRow> DecodeHistoryRow(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhat);
    case kPlainVersion:
    case kUndatedVersion:
    case kVersion:
      return Read(reader, version);
    default:
      return event::NewerRecord(kWhat, version);
  }
}

}  // namespace stockwatch::stock
