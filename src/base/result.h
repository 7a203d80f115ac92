#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/assertion.h"
#include "base/error.h"

namespace stockwatch::base {

// A value, or the reason why there is none. A dropped Result does not compile.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }

  // REQUIRES: ok()
  const T& value() const& {
    SW_ASSERT(ok(), "value of a failed result");
    return *std::get_if<0>(&state_);
  }
  T& value() & {
    SW_ASSERT(ok(), "value of a failed result");
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    SW_ASSERT(ok(), "value of a failed result");
    return std::move(*std::get_if<0>(&state_));
  }

  // REQUIRES: !ok()
  const Error& error() const& {
    SW_ASSERT(!ok(), "error of a good result");
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    SW_ASSERT(!ok(), "error of a good result");
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }

  // REQUIRES: !ok()
  const Error& error() const& {
    SW_ASSERT(!ok(), "error of a good status");
    return *error_;
  }
  Error&& error() && {
    SW_ASSERT(!ok(), "error of a good status");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace stockwatch::base

#define SW_CONCAT_INNER(a, b) a##b
#define SW_CONCAT(a, b) SW_CONCAT_INNER(a, b)
#define SW_TRY_INNER(result, declaration, expression) \
  auto result = (expression);                         \
  if (!result.ok()) [[unlikely]]                      \
    return std::move(result).error();                 \
  declaration = std::move(result).value()

// SW_TRY(auto x, F()): x is the value of F(), or the error is passed up.
#define SW_TRY(declaration, expression) \
  SW_TRY_INNER(SW_CONCAT(sw_result_, __LINE__), declaration, expression)

// SW_TRY_STATUS(F()): passes the error of a Status up.
#define SW_TRY_STATUS(expression)          \
  do {                                     \
    auto sw_status = (expression);         \
    if (!sw_status.ok()) [[unlikely]]      \
      return std::move(sw_status).error(); \
  } while (false)
