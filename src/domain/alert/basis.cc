#include "domain/alert/basis.h"

#include "domain/event/record_parts.h"

namespace stockwatch::alert {
namespace {

constexpr std::uint8_t kReceiptDue = 1;
constexpr std::uint8_t kCover = 2;
constexpr std::uint8_t kLow = 4;
constexpr std::uint8_t kDayBefore = 8;
constexpr std::uint8_t kFloor = 16;
constexpr std::uint8_t kCeiling = 32;
constexpr std::uint8_t kFlags = 63;

std::uint8_t FlagsOf(const Basis& basis) {
  unsigned flags = 0;
  if (basis.receipt_due) flags |= kReceiptDue;
  if (basis.cover) flags |= kCover;
  if (!basis.low) return static_cast<std::uint8_t>(flags);
  flags |= kLow;
  if (basis.low->day_before) flags |= kDayBefore;
  if (basis.low->floor) flags |= kFloor;
  if (basis.low->ceiling) flags |= kCeiling;
  return static_cast<std::uint8_t>(flags);
}

void Put(base::ByteWriter& writer, base::Quantity quantity) {
  writer.PutSignedVarint(quantity.thousandths());
}
void Put(base::ByteWriter& writer, event::Thousandths number) {
  writer.PutSignedVarint(number.count);
}
base::Quantity TakeFigure(base::ByteReader& reader) {
  return base::Quantity::Thousandths(reader.TakeSignedVarint());
}
event::Thousandths TakeNumber(base::ByteReader& reader) {
  return {reader.TakeSignedVarint()};
}

void PutLow(base::ByteWriter& writer, const Basis::Low& low) {
  for (const base::Quantity figure : {low.safety_stock, low.reorder_point, low.low}) {
    Put(writer, figure);
  }
  event::PutEnum(writer, low.limit);
  for (const auto& figure : {low.day_before, low.floor, low.ceiling}) {
    if (figure) Put(writer, *figure);
  }
}

Basis::Low TakeLow(base::ByteReader& reader, std::uint8_t flags) {
  Basis::Low low;
  for (base::Quantity* figure : {&low.safety_stock, &low.reorder_point, &low.low}) {
    *figure = TakeFigure(reader);
  }
  low.limit = event::TakeEnum(reader, demand::LowLimit::kFloor);
  if ((flags & kDayBefore) != 0) low.day_before = TakeFigure(reader);
  if ((flags & kFloor) != 0) low.floor = TakeFigure(reader);
  if ((flags & kCeiling) != 0) low.ceiling = TakeFigure(reader);
  return low;
}

}  // namespace

void PutBasis(base::ByteWriter& writer, const Basis& basis) {
  writer.Put(FlagsOf(basis));
  event::PutEnum(writer, basis.pattern);
  writer.Put(basis.teaching_days);
  for (const base::Quantity figure : {basis.daily, basis.deviation, basis.sold_day}) {
    Put(writer, figure);
  }
  for (const event::Thousandths number :
       {basis.season_factor, basis.lead_time_days, basis.lead_time_sd_days, basis.service_level,
        basis.review_days}) {
    Put(writer, number);
  }
  event::PutInstant(writer, basis.receipt);
  if (basis.cover) {
    Put(writer, basis.cover->days);
    for (const base::Instant at : {basis.cover->stockout, basis.cover->early, basis.cover->late}) {
      event::PutInstant(writer, at);
    }
  }
  if (basis.low) PutLow(writer, *basis.low);
}

Basis TakeBasis(base::ByteReader& reader) {
  Basis basis;
  const auto flags = reader.Take<std::uint8_t>();
  if ((flags & ~kFlags) != 0) reader.Fail();
  basis.receipt_due = (flags & kReceiptDue) != 0;
  basis.pattern = event::TakeEnum(reader, demand::Pattern::kSparse);
  basis.teaching_days = reader.Take<std::uint8_t>();
  for (base::Quantity* figure : {&basis.daily, &basis.deviation, &basis.sold_day}) {
    *figure = TakeFigure(reader);
  }
  for (event::Thousandths* number :
       {&basis.season_factor, &basis.lead_time_days, &basis.lead_time_sd_days, &basis.service_level,
        &basis.review_days}) {
    *number = TakeNumber(reader);
  }
  basis.receipt = event::TakeInstant(reader);
  if ((flags & kCover) != 0) {
    Basis::Cover& cover = basis.cover.emplace();
    cover.days = TakeNumber(reader);
    for (base::Instant* at : {&cover.stockout, &cover.early, &cover.late}) {
      *at = event::TakeInstant(reader);
    }
  }
  if ((flags & kLow) != 0) basis.low = TakeLow(reader, flags);
  return basis;
}

}  // namespace stockwatch::alert
