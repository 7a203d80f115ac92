#include "domain/alert/silence_book.h"

#include <gtest/gtest.h>

namespace stockwatch::alert {
namespace {

using base::Instant;
using event::ConditionType;

event::Silence Of(const std::string& id, std::int64_t from, std::int64_t until) {
  event::Silence silence;
  silence.id = id;
  silence.from = Instant::Seconds(from);
  silence.until = Instant::Seconds(until);
  return silence;
}

std::string Covering(const SilenceBook& book, ConditionType type, const threshold::Subject& subject,
                     std::int64_t at) {
  const event::Silence* found = book.Covering(type, subject, Instant::Seconds(at));
  return found == nullptr ? "" : found->id;
}

const threshold::Subject kMug{"GB", "d", "c", "b", "p", "mug"};
const threshold::Subject kGlobalCategory{"", "d", "c", "", "", ""};

TEST(SilenceBook, CoversWhatScopeTypesAndTimeSay) {
  SilenceBook book;
  event::Silence stocktake = Of("stocktake", 100, 200);
  stocktake.scope.warehouse_id = "GB";
  stocktake.types = {ConditionType::kLowStock, ConditionType::kOutOfStock};
  ASSERT_TRUE(book.Add(stocktake).ok());
  EXPECT_EQ(Covering(book, ConditionType::kLowStock, kMug, 99), "");
  EXPECT_EQ(Covering(book, ConditionType::kLowStock, kMug, 100), "stocktake");
  EXPECT_EQ(Covering(book, ConditionType::kLowStock, kMug, 200), "");
  EXPECT_EQ(Covering(book, ConditionType::kDrift, kMug, 150), "");
  EXPECT_EQ(Covering(book, ConditionType::kLowStock, kGlobalCategory, 150), "")
      << "a node of all warehouses is not of one";
  ASSERT_TRUE(book.Add(Of("all", 120, 130)).ok());
  EXPECT_EQ(Covering(book, ConditionType::kDrift, kGlobalCategory, 125), "all");
}

TEST(SilenceBook, AnIdIsThereOnceAndCanComeAgainWhenItEnded) {
  SilenceBook book;
  ASSERT_TRUE(book.Add(Of("a", 1, 2)).ok());
  EXPECT_EQ(book.Add(Of("a", 1, 2)).error().code, base::Code::kAlreadyExists);
  EXPECT_TRUE(book.End("a"));
  EXPECT_FALSE(book.End("a"));
  EXPECT_TRUE(book.Add(Of("a", 1, 2)).ok());
}

TEST(SilenceBook, HoldsNoMoreThanItsLimit) {
  SilenceBook book;
  for (std::size_t i = 0; i < SilenceBook::kSilencesMax; ++i) {
    ASSERT_TRUE(book.Add(Of(std::to_string(i), 1, 2)).ok());
  }
  EXPECT_EQ(book.Add(Of("one more", 1, 2)).error().code, base::Code::kResourceExhausted);
}

TEST(SilenceBook, TurnsWhereOneBeginsOrEndsAndForgetsWhatIsOver) {
  SilenceBook book;
  ASSERT_TRUE(book.Add(Of("a", 10, 30)).ok());
  ASSERT_TRUE(book.Add(Of("b", 20, 40)).ok());
  EXPECT_EQ(book.NextTurn(Instant::Seconds(0)), Instant::Seconds(10));
  EXPECT_EQ(book.NextTurn(Instant::Seconds(10)), Instant::Seconds(20));
  EXPECT_EQ(book.NextTurn(Instant::Seconds(30)), Instant::Seconds(40));
  EXPECT_EQ(book.NextTurn(Instant::Seconds(40)), std::nullopt);
  std::string over;
  book.Expire(Instant::Seconds(30), [&](const std::string& id) { over += id; });
  EXPECT_EQ(over, "a");
  ASSERT_EQ(book.all().size(), 1u);
  EXPECT_EQ(book.all().front().id, "b");
}

}  // namespace
}  // namespace stockwatch::alert
