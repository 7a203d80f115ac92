#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/utf8.h"

namespace stockwatch::base {

inline constexpr std::size_t kIdBytesMax = 128;

// UTF-8, 1–128 bytes, no control characters: the rule for every id.
inline Status ValidateId(std::string_view text) {
  if (text.empty()) return Error{Code::kInvalidArgument, "empty id"};
  if (text.size() > kIdBytesMax) {
    return Error{Code::kInvalidArgument,
                 "id longer than 128 bytes: " + std::to_string(text.size())};
  }
  if (!IsUtf8WithoutControls(text)) {
    return Error{Code::kInvalidArgument, "id is not UTF-8 without control characters"};
  }
  return {};
}

// An id that cannot be mistaken for another kind of id. With Storage = std::string_view it is a
// view into bytes that somebody else owns.
template <typename Tag, typename Storage = std::string>
class StrongId {
 public:
  StrongId() = default;
  static Result<StrongId> Create(std::string_view text) {
    SW_TRY_STATUS(ValidateId(text));
    return StrongId(Storage(text));
  }
  // REQUIRES: `text` was validated before, or is a name of our own such as "(none)".
  static StrongId Trusted(std::string_view text) { return StrongId(Storage(text)); }

  const Storage& text() const { return text_; }
  auto operator<=>(const StrongId&) const = default;

 private:
  explicit StrongId(Storage text) : text_(std::move(text)) {}
  Storage text_;
};

}  // namespace stockwatch::base
