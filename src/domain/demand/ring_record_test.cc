#include "domain/demand/ring_record.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "testing/record_checks.h"

namespace stockwatch::demand {
namespace {

using base::Duration;
using base::Instant;
using base::Quantity;
using stockwatch::testing::FromHex;

constexpr Instant kMonday = Instant::Seconds(1'704'067'200);  // day 19,723, hour 473,352

std::string Hours(const Rings& rings) {
  std::string record;
  EncodeHours(rings, record);
  return record;
}
std::string Days(const Rings& rings) {
  std::string record;
  if (rings.HasPast()) EncodeDays(rings, record);
  return record;
}

// Two days and two hours in: three pieces now, half a piece an hour ago; seven pieces yesterday.
Rings Example() {
  Rings rings(kMonday);
  rings.AdvanceTo(kMonday + Duration::Hours(50), Rings::Stock::kNone);
  rings.AddSale(kMonday + Duration::Hours(50), Quantity::Pieces(3));
  rings.AddSale(kMonday + Duration::Hours(49), Quantity::Thousandths(500));
  rings.AddSale(kMonday + Duration::Hours(24), Quantity::Pieces(7));
  rings.AddSale(kMonday - Duration::Hours(1), Quantity::Pieces(200));
  rings.Freeze(19'723);
  return rings;
}

// By hand from docs/formats.md, Demand: hour 473,402 = 0x0007393a, day 19,725 = 0x4d0d.
constexpr std::string_view kHoursBytes =
    "01 3a390700"
    "02"     // of the hours from now back: the second
    "e907";  // 500 thousandths: 1,001
constexpr std::string_view kDaysBytes =
    "01 0d4d0000"
    "0a4d0000"    // first sale: the day before Monday
    "03000000"    // the last two days ended with nothing
    "02000000"    // Monday was frozen
    "05 0e 9003"  // yesterday 7 pieces, three days ago 200
    "01 9003";    // last week 200

TEST(RingRecord, WritesTheDocumentedBytes) {
  EXPECT_EQ(Hours(Example()), FromHex(kHoursBytes));
  EXPECT_EQ(Days(Example()), FromHex(kDaysBytes));
}

// As the version wrote it that kept the present among the hours.
TEST(RingRecord, HoursMayHoldThePresent) {
  const auto read =
      DecodeRings({.hours = FromHex("01 3a390700 03 06 e907"), .days = FromHex(kDaysBytes)});
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), Example());
}

TEST(RingRecord, TheFirstHourIsThePresentAlone) {
  Rings rings(kMonday);
  rings.AddSale(kMonday, Quantity::Pieces(3));
  EXPECT_FALSE(rings.HasPast());
  EXPECT_FALSE(rings.TakeHoursChanged());
  const auto read = DecodeRings({.present = PresentOf(rings)});
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), rings);
  EXPECT_EQ(read.value().first_sale_day(), 19'723);
}

// A restart after that: the item never sold anything.
TEST(RingRecord, WhatWasTakenBackWasNotSold) {
  Rings rings(kMonday);
  rings.AddSale(kMonday, Quantity::Pieces(3));
  rings.TakeBackSale(kMonday, Quantity::Pieces(3));
  rings.SetFirstSaleDay(Rings::kNoDay);
  const std::string hours = Hours(rings);
  for (const StoredRings& stored : {StoredRings{.present = PresentOf(rings)},
                                    StoredRings{.present = PresentOf(rings), .hours = hours}}) {
    const auto read = DecodeRings(stored);
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(read.value().HasSale());
  }
}

TEST(RingRecord, ReadsWhatItWrote) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    base::Random random(seed);
    Rings rings(kMonday + Duration::Hours(random.Below(9'000)));
    for (int i = 0; i < 60; ++i) {
      const Instant now = base::Instant::Seconds(rings.hour() * 3600);
      rings.AddSale(
          now - Duration::Hours(random.Below(9'500)),
          random.Chance(1, 90) ? Quantity::Thousandths(1) : Quantity::Pieces(random.Below(70'000)));
      rings.AdvanceTo(now + Duration::Hours(random.Below(40)),
                      random.Chance(1, 2) ? Rings::Stock::kNone : Rings::Stock::kAvailable);
      rings.Freeze(rings.day() - static_cast<Day>(random.Below(40)));
    }
    const std::string days = Days(rings);
    const std::string hours = Hours(rings);
    StoredRings stored{.present = PresentOf(rings), .hours = hours};
    if (rings.HasPast()) stored.days = days;
    const auto read = DecodeRings(stored);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read.value(), rings) << "seed " << seed;
  }
}

TEST(RingRecord, TheLongestOfAnItemThatSellsPiecesIsShort) {
  Rings rings(kMonday + Duration::Days(400));
  for (int hour = 0; hour < 24 * 400; ++hour) {
    rings.AddSale(kMonday + Duration::Hours(hour), Quantity::Pieces(1));
  }
  EXPECT_LE(Hours(rings).size(), 40u);
  EXPECT_LE(Days(rings).size(), 17u + 4 + 28 + 8 + 2 * 53);
}

void ExpectDamaged(std::string_view hours, std::string_view days) {
  const auto read = DecodeRings({.hours = hours, .days = days});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::Code::kDataLoss);
}

TEST(RingRecord, RecordsOfTwoHoursDoNotBelongTogether) {
  Rings rings = Example();
  const std::string hours = Hours(rings);
  rings.AdvanceTo(kMonday + Duration::Hours(51), Rings::Stock::kAvailable);
  EXPECT_TRUE(rings.TakeHoursChanged());
  EXPECT_FALSE(DecodeRings({.present = PresentOf(rings), .hours = hours}).ok());
  EXPECT_FALSE(DecodeRings({.days = Days(rings)}).ok());
}

TEST(RingRecord, DamageIsFound) {
  const std::string hours = Hours(Example());
  const std::string days = Days(Example());
  for (std::size_t cut = 0; cut < hours.size(); ++cut) ExpectDamaged(hours.substr(0, cut), days);
  for (std::size_t cut = 0; cut < days.size(); ++cut) ExpectDamaged(hours, days.substr(0, cut));
  ExpectDamaged(hours + "x", days);
  ExpectDamaged(hours, days + "x");
  ExpectDamaged(FromHex("00 3a390700 00"), days);
  ExpectDamaged(FromHex("01 3a390700 01 00"), days);     // a bucket of nothing
  ExpectDamaged(FromHex("01 3a390700 01 d10f"), days);   // one piece as 1,000 thousandths
  ExpectDamaged(FromHex("01 3a390700 80808010"), days);  // a 26th hour
  ExpectDamaged(FromHex("01 3a390700 01 feffffffffffffffff01"), days);  // beyond every bucket
  ExpectDamaged(FromHex("01 5a390700 00"), days);                       // hours of the next day
  ExpectDamaged(hours, FromHex("01 0d4d0000 0a4d0000 00000010 00000000 00 00"));  // a 29th day
}

TEST(RingRecord, ANewerOneIsLeftAlone) {
  const auto read = DecodeRings({.hours = FromHex("02 3a390700 00"), .days = Days(Example())});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::Code::kFailedPrecondition);
}

}  // namespace
}  // namespace stockwatch::demand
