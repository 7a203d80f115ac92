#include "domain/alert/basis.h"

#include <gtest/gtest.h>

#include "domain/alert/fact.h"
#include "testing/record_checks.h"

namespace stockwatch::alert {
namespace {

using stockwatch::testing::FromHex;

base::Quantity Thousandths(std::int64_t count) {
  return base::Quantity::Thousandths(count);
}

Basis WholeBasis() {
  Basis basis;
  basis.pattern = demand::Pattern::kIntermittent;
  basis.teaching_days = 28;
  basis.daily = Thousandths(1);
  basis.deviation = Thousandths(2);
  basis.sold_day = Thousandths(3);
  basis.season_factor = {4};
  basis.lead_time_days = {5};
  basis.lead_time_sd_days = {6};
  basis.service_level = {7};
  basis.review_days = {8};
  basis.receipt_due = true;
  basis.receipt = base::Instant::Micros(9);
  basis.cover = Basis::Cover{
      {10}, base::Instant::Micros(11), base::Instant::Micros(12), base::Instant::Micros(13)};
  basis.low =
      Basis::Low{Thousandths(14), Thousandths(15),          Thousandths(16), Thousandths(17),
                 Thousandths(18), demand::LowLimit::kFloor, Thousandths(19)};
  return basis;
}

// Written by hand from docs/formats.md, Basis.
std::string WholeBytes() {
  return FromHex(
      "3f 01 1c"             // flags, intermittent, 28 days
      "02 04 06"             // demand of a day, its deviation, sold in a day
      "08 0a 0c 0e 10"       // season, lead time, its deviation, service level, review days
      "0900000000000000"     // receipt
      "14 0b00000000000000"  // days of cover, stock-out
      "0c00000000000000 0d00000000000000"
      "1c 1e 26 03"  // safety stock, reorder point, low in force, limited by the floor
      "20 22 24");   // day before, floor, ceiling
}

TEST(Basis, HasTheDocumentedBytes) {
  std::string bytes;
  base::ByteWriter writer(bytes);
  PutBasis(writer, WholeBasis());
  EXPECT_EQ(bytes, WholeBytes());
  base::ByteReader reader(bytes);
  EXPECT_EQ(TakeBasis(reader), WholeBasis());
  EXPECT_TRUE(reader.ok() && reader.empty());
}

TEST(Basis, SaysNothingOfWhatIsNotThere) {
  const Basis bare;
  std::string bytes;
  base::ByteWriter writer(bytes);
  PutBasis(writer, bare);
  base::ByteReader reader(bytes);
  EXPECT_EQ(TakeBasis(reader), bare);
  EXPECT_TRUE(reader.ok() && reader.empty());
}

TEST(Basis, OfNoKnownFlagPatternOrLimitIsNone) {
  const std::pair<std::size_t, unsigned char> cases[] = {{0, 0x7f}, {1, 3}, {47, 4}};
  for (const auto& [offset, byte] : cases) {
    const std::string damaged = stockwatch::testing::WithByte(WholeBytes(), offset, byte);
    base::ByteReader reader(damaged);
    TakeBasis(reader);
    EXPECT_FALSE(reader.ok()) << offset;
  }
}

TEST(Basis, StandsBehindItsFactAndOnlyThere) {
  Fact with;
  with.basis = WholeBasis();
  Timeline timeline;
  timeline.Add(with);
  timeline.Add(Fact());
  std::vector<Fact> facts;
  timeline.ForEach([&](std::uint32_t, const Fact& fact) { facts.push_back(fact); });
  EXPECT_EQ(facts, (std::vector<Fact>{with, Fact()}));
}

}  // namespace
}  // namespace stockwatch::alert
