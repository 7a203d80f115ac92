#pragma once

#include <gtest/gtest.h>
// rapidcheck's adapter needs the lines above it.
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "base/position.h"
#include "base/quantity.h"
#include "domain/event/rule.h"

// Values of any kind for properties: to be called inside RC_GTEST_PROP alone.
namespace stockwatch::testing {

template <typename T>
T Any() {
  return *rc::gen::arbitrary<T>();
}

template <typename Enum>
Enum AnyEnum(Enum last) {
  return static_cast<Enum>(*rc::gen::inRange(0, static_cast<int>(last) + 1));
}

inline std::string AnyText() {
  return Any<std::string>();
}

// 1–12 characters of few kinds, so that equal ones occur.
inline std::string AnyId() {
  std::string id = *rc::gen::container<std::string>(rc::gen::element('a', 'Z', '0', '-', ' '));
  id.resize(std::size_t{1} + id.size() % 12, 'x');
  return id;
}

inline base::Quantity AnyQuantity() {
  return base::Quantity::Thousandths(Any<std::int64_t>());
}
inline base::Instant AnyInstant() {
  return base::Instant::Micros(Any<std::int64_t>());
}
inline base::Duration AnyDuration() {
  return base::Duration::Micros(Any<std::int64_t>());
}
inline event::Thousandths AnyThousandths() {
  return {Any<std::int64_t>()};
}

inline base::Position AnyPosition() {
  base::Position position;
  position.generation = Any<std::uint32_t>();
  position.seconds = Any<std::uint32_t>();
  position.increment = Any<std::uint32_t>();
  position.ordinal = Any<std::uint32_t>();
  return position;
}

inline base::Money AnyMoney() {
  base::Money money;
  money.ten_thousandths = Any<std::int64_t>();
  const std::string code = *rc::gen::element<std::string>("", "GBP", "EUR", "AAA", "ZZZ");
  if (!code.empty()) money.currency = base::Currency::Parse(code).value();
  return money;
}

template <typename Make>
auto Maybe(Make make) -> std::optional<decltype(make())> {
  if (!Any<bool>()) return std::nullopt;
  return make();
}

// Up to `count_max` values.
template <typename Make>
auto AnyList(int count_max, Make make) -> std::vector<decltype(make())> {
  std::vector<decltype(make())> list;
  for (int count = *rc::gen::inRange(0, count_max + 1); count > 0; --count) list.push_back(make());
  return list;
}

}  // namespace stockwatch::testing
