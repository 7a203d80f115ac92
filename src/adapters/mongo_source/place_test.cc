#include "adapters/mongo_source/place.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

using base::Code;

std::string TokenOf(std::int32_t number) {
  return bson::DocumentWriter().Text("_data", "82" + std::to_string(number)).Finish();
}

Place SomePlace() {
  Place place;
  place.generation = 3;
  place.start = {StartKind::kResumeAfter, TokenOf(5), std::uint64_t{6} << 32 | 1};
  place.older = {StartKind::kStartAfter, TokenOf(2), std::uint64_t{3} << 32 | 1};
  place.operation_time = 99;
  place.hash = 77;
  place.database = "shop";
  place.replica_set = "rs";
  place.snapshot = {{8, "inventory", bson::DocumentWriter().Int32("_id", 4).Finish(), {}, 12, 5}};
  return place;
}

TEST(Place, OfAPartOfTheInventoryComesBackToo) {
  for (const bool paused : {false, true}) {
    Place place = SomePlace();
    place.paused = paused;
    place.snapshot->filter = bson::DocumentWriter().Text("part", "x").Finish();
    const auto back = DecodePlace(EncodePlace(place));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back.value(), place);
  }
}

TEST(Place, ComesBackAsItWas) {
  const auto back = DecodePlace(EncodePlace(SomePlace()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value(), SomePlace());
}

// Each in the oldest version that says all.
TEST(Place, APausedOneAndASnapshotSaySo) {
  Place place = SomePlace();
  EXPECT_EQ(EncodePlace(place)[1], 3) << "where a snapshot goes on";
  place.snapshot.reset();
  EXPECT_EQ(EncodePlace(place)[1], 1);
  place.paused = true;
  const std::string record = EncodePlace(place);
  EXPECT_EQ(record[1], 2) << "a version that does not know it would go on";
  EXPECT_EQ(DecodePlace(record).value(), place);
}

// It ends with the snapshot, in version 2 with whether it is paused.
TEST(Place, WhatIsToBeReadAgainComesBackToo) {
  for (const bool snapshot : {false, true}) {
    Place place = SomePlace();
    if (!snapshot) place.snapshot.reset();
    place.paused = snapshot;
    place.again = {bson::DocumentWriter().Int32("_id", 4).Finish(),
                   bson::DocumentWriter().Text("_id", "x").Finish()};
    const auto back = DecodePlace(EncodePlace(place));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back.value(), place);
  }
}

TEST(Place, ASnapshotOfAnOlderVersionGoesOn) {
  constexpr std::size_t kChecksum = 8;
  for (const char version : {char{1}, char{2}}) {
    std::string record = EncodePlace(SomePlace());
    record.resize(record.size() - kChecksum - 4 - (version == 1 ? 1 : 0));  // no filter
    record[1] = version;
    const auto digest = base::Sha256Of(record);
    record.append(reinterpret_cast<const char*>(digest.data()), kChecksum);
    const auto read = DecodePlace(record);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read.value(), SomePlace());
  }
}

// Never "begin now".
TEST(Place, TornOrChangedIsRefused) {
  const std::string record = EncodePlace(SomePlace());
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(DecodePlace(record.substr(0, size)).ok()) << size;
  }
  for (std::size_t i = 0; i < record.size(); ++i) {
    std::string changed = record;
    changed[i] = static_cast<char>(changed[i] ^ 64);
    const auto decoded = DecodePlace(changed);
    ASSERT_FALSE(decoded.ok()) << i;
    EXPECT_EQ(decoded.error().code, i < 2 ? Code::kFailedPrecondition : Code::kDataLoss) << i;
  }
  EXPECT_FALSE(DecodePlace(record + "x").ok());
}

}  // namespace
}  // namespace stockwatch::mongo_source
