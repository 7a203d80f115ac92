#include "adapters/rocksdb_store/read_ahead.h"

#include <gtest/gtest.h>

#include <string>

namespace stockwatch::rocksdb_store {
namespace {

TEST(ReadAhead, GivesAllInOrderAndTheReadersResult) {
  constexpr int kRecords = 300'000;  // some more than may wait at once
  const std::string record(40, 'r');
  int expected = 0;
  const auto family_of = [](int number) {
    return number < 100'000 ? ports::Family::kItemName : ports::Family::kItem;
  };
  const auto status = ReadAhead(
      2,
      [&](const ports::StateStore::FamilyRecord& give) -> base::Status {
        for (int i = 0; i < kRecords; ++i) give(family_of(i), std::to_string(i), record);
        return base::Error{base::Code::kDataLoss, "at the end"};
      },
      [&](ports::Family family, std::string_view key, std::string_view taken) {
        ASSERT_EQ(family, family_of(expected));
        ASSERT_EQ(key, std::to_string(expected++));
        ASSERT_EQ(taken, record);
      });
  EXPECT_EQ(expected, kRecords);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "at the end");
}

TEST(ReadAhead, OfNothingGivesNothing) {
  const auto status = ReadAhead(
      2, [](const auto&) { return base::Status(); },
      [](ports::Family, std::string_view, std::string_view) { FAIL(); });
  EXPECT_TRUE(status.ok());
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
