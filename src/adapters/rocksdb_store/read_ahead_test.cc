#include "adapters/rocksdb_store/read_ahead.h"

#include <gtest/gtest.h>

#include <string>

namespace stockwatch::rocksdb_store {
namespace {

TEST(ReadAhead, GivesAllInOrderAndTheReadersResult) {
  constexpr int kRecords = 300'000;  // some more than may wait at once
  const std::string record(40, 'r');
  int expected = 0;
  const auto status = ReadAhead(
      [&](const ports::StateStore::Record& give) -> base::Status {
        for (int i = 0; i < kRecords; ++i) give(std::to_string(i), record);
        return base::Error{base::Code::kDataLoss, "at the end"};
      },
      [&](std::string_view key, std::string_view taken) {
        ASSERT_EQ(key, std::to_string(expected++));
        ASSERT_EQ(taken, record);
      });
  EXPECT_EQ(expected, kRecords);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "at the end");
}

TEST(ReadAhead, OfNothingGivesNothing) {
  const auto status = ReadAhead([](const auto&) { return base::Status(); },
                                [](std::string_view, std::string_view) { FAIL(); });
  EXPECT_TRUE(status.ok());
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
