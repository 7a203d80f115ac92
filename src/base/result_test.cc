#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace stockwatch::base {
namespace {

const Error kSpent{Code::kResourceExhausted, "cannot take: 7"};

Result<int> Half(int value) {
  if (value % 2 != 0) return Error{Code::kInvalidArgument, "odd: " + std::to_string(value)};
  return value / 2;
}

Result<std::string> Quarter(int value) {
  SW_TRY(const int half, Half(value));
  SW_TRY(const int quarter, Half(half));
  return std::to_string(quarter);
}

Status CheckHalf(int value, int& steps) {
  ++steps;
  SW_TRY_STATUS(Half(value).ok() ? Status() : Status(kSpent));
  ++steps;
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = Half(8);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good.value(), 4);
  const Result<int> bad = Half(7);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, Code::kInvalidArgument);
  EXPECT_EQ(bad.error().message, "odd: 7");
}

TEST(Result, TryPassesTheFirstErrorUp) {
  EXPECT_EQ(Quarter(12).value(), "3");
  EXPECT_EQ(Quarter(7).error().message, "odd: 7");
  EXPECT_EQ(Quarter(6).error().message, "odd: 3");
}

TEST(Result, TryEvaluatesItsExpressionOnce) {
  int calls = 0;
  const auto count = [&calls]() -> Result<int> { return ++calls; };
  const auto take = [&]() -> Status {
    SW_TRY([[maybe_unused]] const int first, count());
    return {};
  };
  EXPECT_TRUE(take().ok());
  EXPECT_EQ(calls, 1);
}

TEST(Result, TryStatusStopsAtAnError) {
  int steps = 0;
  EXPECT_TRUE(CheckHalf(4, steps).ok());
  EXPECT_EQ(steps, 2);
  const Status status = CheckHalf(3, steps);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kResourceExhausted);
  EXPECT_EQ(steps, 3);
}

Result<std::unique_ptr<int>> MakeOwned(int value) {
  return std::make_unique<int>(value);
}

Result<int> ReadOwned() {
  SW_TRY(const std::unique_ptr<int> owned, MakeOwned(9));
  return *owned;
}

TEST(Result, MovesValuesThatCannotBeCopied) {
  EXPECT_EQ(ReadOwned().value(), 9);
}

TEST(Result, OfAnErrorTypeOfItsOwnStaysAValue) {
  const Result<std::string> text(std::string("no error"));
  EXPECT_TRUE(text.ok());
}

TEST(ResultDeathTest, ValueOfAFailureStops) {
  const Result<int> bad = Half(1);
  EXPECT_DEATH(static_cast<void>(bad.value()), "value of a failed result");
  const Status good;
  EXPECT_DEATH(static_cast<void>(good.error()), "error of a good status");
}

TEST(Code, NamesAreThoseOfGoogleRpc) {
  EXPECT_EQ(CodeName(Code::kInvalidArgument), "invalid_argument");
  EXPECT_EQ(CodeName(Code::kFailedPrecondition), "failed_precondition");
  EXPECT_EQ(CodeName(Code::kDataLoss), "data_loss");
  EXPECT_EQ(CodeName(Code::kUnimplemented), "unimplemented");
}

}  // namespace
}  // namespace stockwatch::base
