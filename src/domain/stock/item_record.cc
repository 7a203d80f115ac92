#include "domain/stock/item_record.h"

#include <algorithm>

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::stock {
namespace {

// An item is written in the oldest version that can say it.
constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kUndatedVersion = 2;  // has no kUnnamedExpected
constexpr std::string_view kWhat = "stock item";
constexpr std::uint32_t kSecondsPerHour = 3600;

constexpr std::uint8_t kNameVersion = 1;
constexpr std::string_view kWhatName = "name of a stock item";

// There are a million of these records: what is absent, zero or "(none)" is left out. The parts
// that are there follow in the order of their bits.
enum ItemFlag : std::uint16_t {
  kReserved = 1 << 0,
  kInbound = 1 << 1,
  kOpening = 1 << 2,
  kOpenedSeconds = 1 << 3,  // left out where they are those of `opening`
  kLastSale = 1 << 4,
  kTransactionPrice = 1 << 5,
  kTransactionPriceAt = 1 << 6,  // left out where it is `top`
  kBooked = 1 << 7,
  // Not in version 1, whose positions always are long, and whose flags are one byte.
  kLongTop = 1 << 8,  // with generation and ordinal, which are 0 without
  kLongOpening = 1 << 9,
  kSoldInHour = 1 << 10,
  kHour = 1 << 11,  // left out where it is that of `top`
  kItemFlagsEnd = 1 << 12,
};

enum NameFlag : std::uint8_t {
  kDocumentKey = 1 << 0,
  kDepartment = 1 << 1,
  kCategory = 1 << 2,
  kBrand = 1 << 3,
  kProduct = 1 << 4,
  kDescribed = 1 << 5,
  kDiscontinued = 1 << 6,  // the bit is all there is
  kNameFlagsEnd = 1 << 7,
};
enum DescriptionFlag : std::uint16_t {
  kName = 1 << 0,
  kPrice = 1 << 1,
  kCost = 1 << 2,
  kLeadTime = 1 << 3,
  kServiceLevel = 1 << 4,
  kPackSize = 1 << 5,
  kMoq = 1 << 6,
  kExpectedAt = 1 << 7,
  kDescriptionFlagsEnd = 1 << 8,
};
enum BookFlag : std::uint8_t {
  kBase = 1 << 0,
  kDescribedAt = 1 << 1,
  kBegan = 1 << 2,
  kReferences = 1 << 3,
  kShadow = 1 << 4,
  kChecks = 1 << 5,
  kUnnamedExpected = 1 << 6,
  kBookFlagsEnd = 1 << 7,
};

template <typename Flags>
void SetIf(Flags& flags, unsigned bit, bool condition) {
  if (condition) flags = static_cast<Flags>(flags | bit);
}

template <typename Flags>
Flags TakeFlags(base::ByteReader& reader, unsigned end) {
  const auto flags = reader.Take<Flags>();
  if (flags >= end) reader.Fail();
  return flags;
}

void PutFigures(base::ByteWriter& writer, const Figures& figures) {
  event::PutQuantity(writer, figures.on_hand);
  event::PutQuantity(writer, figures.reserved);
  event::PutQuantity(writer, figures.inbound);
}

Figures TakeFigures(base::ByteReader& reader) {
  Figures figures;
  figures.on_hand = event::TakeQuantity(reader);
  figures.reserved = event::TakeQuantity(reader);
  figures.inbound = event::TakeQuantity(reader);
  return figures;
}

void PutDescription(base::ByteWriter& writer, const Description& description) {
  const Description& d = description;
  std::uint16_t flags = 0;
  SetIf(flags, kName, !d.name.empty());
  SetIf(flags, kPrice, d.price.has_value());
  SetIf(flags, kCost, d.cost.has_value());
  SetIf(flags, kLeadTime, d.lead_time_days.has_value());
  SetIf(flags, kServiceLevel, d.service_level.has_value());
  SetIf(flags, kPackSize, d.pack_size.has_value());
  SetIf(flags, kMoq, d.moq.has_value());
  SetIf(flags, kExpectedAt, d.expected_at.has_value());
  writer.Put(flags);
  if (flags & kName) writer.PutBytes(d.name);
  if (d.price) event::PutMoney(writer, *d.price);
  if (d.cost) event::PutMoney(writer, *d.cost);
  if (d.lead_time_days) event::PutThousandths(writer, *d.lead_time_days);
  if (d.service_level) event::PutThousandths(writer, *d.service_level);
  if (d.pack_size) event::PutQuantity(writer, *d.pack_size);
  if (d.moq) event::PutQuantity(writer, *d.moq);
  if (d.expected_at) event::PutInstant(writer, *d.expected_at);
}

Description TakeDescription(base::ByteReader& reader) {
  Description description;
  const auto flags = TakeFlags<std::uint16_t>(reader, kDescriptionFlagsEnd);
  if (flags & kName) description.name = event::TakeString(reader);
  if (flags & kPrice) description.price = event::TakeMoney(reader);
  if (flags & kCost) description.cost = event::TakeMoney(reader);
  if (flags & kLeadTime) description.lead_time_days = event::TakeThousandths(reader);
  if (flags & kServiceLevel) description.service_level = event::TakeThousandths(reader);
  if (flags & kPackSize) description.pack_size = event::TakeQuantity(reader);
  if (flags & kMoq) description.moq = event::TakeQuantity(reader);
  if (flags & kExpectedAt) description.expected_at = event::TakeInstant(reader);
  return description;
}

void PutReference(base::ByteWriter& writer, const InboundReference& entry) {
  event::PutName(writer, entry.reference);
  event::PutQuantity(writer, entry.sum);
  event::PutOptional(writer, entry.expected_at, event::PutInstant);
}

InboundReference TakeReference(base::ByteReader& reader) {
  InboundReference entry;
  entry.reference = event::TakeName(reader);
  entry.sum = event::TakeQuantity(reader);
  entry.expected_at = event::TakeOptional(reader, event::TakeInstant);
  return entry;
}

InboundReferences TakeReferences(base::ByteReader& reader) {
  InboundReferences references;
  const auto list = event::TakeList(reader, TakeReference);
  const auto not_ascending = std::adjacent_find(
      list.begin(), list.end(), [](const InboundReference& a, const InboundReference& b) {
        return a.reference >= b.reference;
      });
  if (not_ascending != list.end()) reader.Fail();
  for (const InboundReference& entry : list) {
    if (entry.sum == base::Quantity()) reader.Fail();
    references.Add(entry.reference, entry.sum);
    if (entry.expected_at) references.SetExpected(entry.reference, *entry.expected_at);
  }
  return references;
}

void PutCheck(base::ByteWriter& writer, const DriftCheck& check) {
  event::PutPosition(writer, check.position);
  PutFigures(writer, check.stated);
  event::PutBool(writer, check.has_reserved);
  event::PutBool(writer, check.has_inbound);
}

DriftCheck TakeCheck(base::ByteReader& reader) {
  DriftCheck check;
  check.position = event::TakePosition(reader);
  check.stated = TakeFigures(reader);
  check.has_reserved = event::TakeBool(reader);
  check.has_inbound = event::TakeBool(reader);
  return check;
}

std::vector<DriftCheck> TakeChecks(base::ByteReader& reader) {
  std::vector<DriftCheck> checks = event::TakeList(reader, TakeCheck);
  const bool in_order = std::is_sorted(
      checks.begin(), checks.end(),
      [](const DriftCheck& a, const DriftCheck& b) { return a.position < b.position; });
  if (!in_order) reader.Fail();
  return checks;
}

bool IsDated(const Book* book) {
  return book != nullptr && book->references.unnamed_expected_at().has_value();
}

void PutBook(base::ByteWriter& writer, const Book& book) {
  std::uint8_t flags = 0;
  SetIf(flags, kBase, book.base.has_value());
  SetIf(flags, kDescribedAt, book.described_at.has_value());
  SetIf(flags, kBegan, book.began != base::Position());
  SetIf(flags, kReferences, !book.references.list().empty());
  SetIf(flags, kShadow, book.shadow.has_value());
  SetIf(flags, kChecks, !book.checks.empty());
  SetIf(flags, kUnnamedExpected, IsDated(&book));
  writer.Put(flags);
  if (book.base) event::PutPosition(writer, *book.base);
  if (book.described_at) event::PutPosition(writer, *book.described_at);
  if (flags & kBegan) event::PutPosition(writer, book.began);
  if (flags & kReferences) event::PutList(writer, book.references.list(), PutReference);
  if (book.shadow) {
    event::PutPosition(writer, book.shadow->base);
    PutFigures(writer, book.shadow->at_base);
    PutFigures(writer, book.shadow->sums);
    event::PutList(writer, book.shadow->references_at_base.list(), PutReference);
    event::PutList(writer, book.shadow->rebases, PutCheck);
  }
  if (flags & kChecks) event::PutList(writer, book.checks, PutCheck);
  if (IsDated(&book)) event::PutInstant(writer, *book.references.unnamed_expected_at());
}

Book TakeBook(base::ByteReader& reader, std::uint8_t version) {
  Book book;
  const auto flags =
      TakeFlags<std::uint8_t>(reader, version == kVersion ? kBookFlagsEnd : kUnnamedExpected);
  if (flags & kBase) book.base = event::TakePosition(reader);
  if (flags & kDescribedAt) book.described_at = event::TakePosition(reader);
  if (flags & kBegan) book.began = event::TakePosition(reader);
  if (flags & kReferences) book.references = TakeReferences(reader);
  if (flags & kShadow) {
    Shadow& shadow = book.shadow.emplace();
    shadow.base = event::TakePosition(reader);
    shadow.at_base = TakeFigures(reader);
    shadow.sums = TakeFigures(reader);
    shadow.references_at_base = TakeReferences(reader);
    shadow.rebases = TakeChecks(reader);
  }
  if (flags & kChecks) book.checks = TakeChecks(reader);
  if (flags & kUnnamedExpected) book.references.SetExpected({}, event::TakeInstant(reader));
  return book;
}

bool IsLong(const base::Position& position) {
  return position.generation != 0 || position.ordinal != 0;
}

base::Position TakePosition(base::ByteReader& reader, bool is_long) {
  if (is_long) return event::TakePosition(reader);
  base::Position position;
  position.seconds = reader.Take<std::uint32_t>();
  position.increment = reader.Take<std::uint32_t>();
  return position;
}

std::uint16_t FlagsOf(const ItemRecord& item, const Book* book) {
  std::uint16_t flags = 0;
  SetIf(flags, kReserved, item.sums.reserved != base::Quantity());
  SetIf(flags, kInbound, item.sums.inbound != base::Quantity());
  SetIf(flags, kOpening, item.opening != base::Position());
  SetIf(flags, kOpenedSeconds, item.opened_seconds != item.opening.seconds);
  SetIf(flags, kLastSale, item.last_sale != base::Instant());
  SetIf(flags, kTransactionPrice, item.transaction_price.has_value());
  SetIf(flags, kTransactionPriceAt,
        item.transaction_price && item.transaction_price_at != item.top);
  SetIf(flags, kBooked, book != nullptr);
  SetIf(flags, kLongTop, IsLong(item.top));
  SetIf(flags, kLongOpening, IsLong(item.opening));
  SetIf(flags, kSoldInHour, item.sold_in_hour.has_value());
  SetIf(flags, kHour,
        item.sold_in_hour && item.sold_in_hour->hour != item.top.seconds / kSecondsPerHour);
  return flags;
}

base::Result<ItemRecord> ReadItem(base::ByteReader& reader, std::uint8_t version,
                                  std::uint16_t flags) {
  ItemRecord item;
  item.life = event::TakeEnum(reader, Life::kRetired);
  item.top = TakePosition(reader, (flags & kLongTop) != 0);
  item.sums.on_hand = event::TakeQuantity(reader);
  if (flags & kReserved) item.sums.reserved = event::TakeQuantity(reader);
  if (flags & kInbound) item.sums.inbound = event::TakeQuantity(reader);
  if (flags & kOpening) item.opening = TakePosition(reader, (flags & kLongOpening) != 0);
  item.opened_seconds = item.opening.seconds;
  if (flags & kOpenedSeconds) item.opened_seconds = reader.Take<std::uint32_t>();
  if (flags & kLastSale) item.last_sale = event::TakeInstant(reader);
  if ((flags & kHour) != 0 && (flags & kSoldInHour) == 0) reader.Fail();
  if (flags & kSoldInHour) {
    const std::uint32_t hour =
        (flags & kHour) != 0 ? reader.Take<std::uint32_t>() : item.top.seconds / kSecondsPerHour;
    item.sold_in_hour = ItemRecord::SoldInHour{hour, event::TakeQuantity(reader)};
  }
  if (flags & kTransactionPrice) {
    item.transaction_price = event::TakeMoney(reader);
    item.transaction_price_at = item.top;
  }
  if (flags & kTransactionPriceAt) {
    if (!item.transaction_price) reader.Fail();
    item.transaction_price_at = event::TakePosition(reader);
  }
  if (flags & kBooked) item.book = TakeBook(reader, version);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return item;
}

std::uint8_t FlagsOf(const ItemNameRecord& name) {
  std::uint8_t flags = 0;
  SetIf(flags, kDocumentKey, !name.document_key.empty());
  SetIf(flags, kDepartment, name.department != event::kNoLevel);
  SetIf(flags, kCategory, name.category != event::kNoLevel);
  SetIf(flags, kBrand, name.brand != event::kNoLevel);
  SetIf(flags, kProduct, name.product != event::kNoLevel);
  SetIf(flags, kDescribed, name.description.has_value());
  SetIf(flags, kDiscontinued, name.discontinued);
  return flags;
}

base::Result<ItemNameRecord> ReadName(base::ByteReader& reader) {
  ItemNameRecord name;
  const auto flags = TakeFlags<std::uint8_t>(reader, kNameFlagsEnd);
  name.source = reader.Take<std::uint8_t>();
  name.warehouse = event::TakeIdView(reader);
  name.sku = event::TakeIdView(reader);
  if (flags & kDocumentKey) name.document_key = event::TakeNameView(reader);
  if (flags & kDepartment) name.department = event::TakeIdView(reader);
  if (flags & kCategory) name.category = event::TakeIdView(reader);
  if (flags & kBrand) name.brand = event::TakeIdView(reader);
  if (flags & kProduct) name.product = event::TakeIdView(reader);
  if (flags & kDescribed) name.description = TakeDescription(reader);
  name.discontinued = (flags & kDiscontinued) != 0;
  SW_TRY_STATUS(reader.Finish(kWhatName));
  return name;
}

}  // namespace

void EncodeItem(const ItemRecord& item, const Book* book, std::string& out) {
  const std::uint16_t flags = FlagsOf(item, book);
  base::FixedRecord<84> fixed;  // one append: an item is written for every change
  const auto put_position = [&](const base::Position& position, bool is_long) {
    if (is_long) fixed.Put(position.generation);
    fixed.Put(position.seconds);
    fixed.Put(position.increment);
    if (is_long) fixed.Put(position.ordinal);
  };
  fixed.Put(IsDated(book) ? kVersion : kUndatedVersion);
  fixed.Put(flags);
  fixed.Put(static_cast<std::uint8_t>(item.life));
  put_position(item.top, (flags & kLongTop) != 0);
  fixed.Put(item.sums.on_hand.thousandths());
  if (flags & kReserved) fixed.Put(item.sums.reserved.thousandths());
  if (flags & kInbound) fixed.Put(item.sums.inbound.thousandths());
  if (flags & kOpening) put_position(item.opening, (flags & kLongOpening) != 0);
  if (flags & kOpenedSeconds) fixed.Put(item.opened_seconds);
  if (flags & kLastSale) fixed.Put(item.last_sale.micros());
  if (flags & kHour) fixed.Put(item.sold_in_hour->hour);
  if (item.sold_in_hour) fixed.Put(item.sold_in_hour->quantity.thousandths());
  out.append(fixed.bytes());
  base::ByteWriter writer(out);
  if (item.transaction_price) event::PutMoney(writer, *item.transaction_price);
  if (flags & kTransactionPriceAt) event::PutPosition(writer, item.transaction_price_at);
  if (book != nullptr) PutBook(writer, *book);
}

void EncodeItemName(const ItemNameRecord& name, std::string& out) {
  const std::uint8_t flags = FlagsOf(name);
  base::ByteWriter writer(out);
  writer.Put(kNameVersion);
  writer.Put(flags);
  writer.Put(name.source);
  event::PutName(writer, name.warehouse);
  event::PutName(writer, name.sku);
  if (flags & kDocumentKey) event::PutName(writer, name.document_key);
  if (flags & kDepartment) event::PutName(writer, name.department);
  if (flags & kCategory) event::PutName(writer, name.category);
  if (flags & kBrand) event::PutName(writer, name.brand);
  if (flags & kProduct) event::PutName(writer, name.product);
  if (name.description) PutDescription(writer, *name.description);
}

base::Result<ItemRecord> DecodeItem(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhat);
    case 1: {
      const auto flags = reader.Take<std::uint8_t>();
      return ReadItem(reader, version, static_cast<std::uint16_t>(flags | kLongTop | kLongOpening));
    }
    case kUndatedVersion:
    case kVersion:
      return ReadItem(reader, version, TakeFlags<std::uint16_t>(reader, kItemFlagsEnd));
    default:
      return event::NewerRecord(kWhat, version);
  }
}

base::Result<ItemNameRecord> DecodeItemName(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(kWhatName);
  if (version > kNameVersion) return event::NewerRecord(kWhatName, version);
  return ReadName(reader);
}

}  // namespace stockwatch::stock
