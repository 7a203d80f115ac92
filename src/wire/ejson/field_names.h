#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "domain/event/raw_document.h"

namespace stockwatch::ejson {

// Finds a name that comes twice in one object while its fields are put on the tape: by looking back
// in a small object, by sorting at the end of a large one, so that no object costs the square of
// its size.
class FieldNames {
 public:
  explicit FieldNames(std::uint32_t index) : index_(index) {}

  // Called for each field before it is put on the tape below the open document `index`; true if
  // `name` is there already.
  bool Repeats(const event::RawDocument& document, std::string_view name) {
    const std::uint64_t bit = Bit(name);
    const bool possible = count_ < kLookedBack && (seen_ & bit) != 0;
    seen_ |= bit;
    ++count_;
    return possible && IsOnTape(document, name);
  }
  // Called behind the last field. `scratch` saves an allocation.
  bool AnyRepeats(const event::RawDocument& document,
                  std::vector<std::string_view>& scratch) const {
    return count_ > kLookedBack && SortedRepeats(document, scratch);
  }

 private:
  static constexpr std::uint32_t kLookedBack = 32;

  // Names of different bits are different.
  static std::uint64_t Bit(std::string_view name) {
    if (name.empty()) return 1;
    const std::size_t first = static_cast<unsigned char>(name.front());
    const std::size_t last = static_cast<unsigned char>(name.back());
    return std::uint64_t{1} << ((name.size() * 7 + first + last * 13) % 64);
  }
  bool IsOnTape(const event::RawDocument& document, std::string_view name) const;
  bool SortedRepeats(const event::RawDocument& document,
                     std::vector<std::string_view>& scratch) const;

  std::uint32_t index_;
  std::uint32_t count_ = 0;
  std::uint64_t seen_ = 0;
};

}  // namespace stockwatch::ejson
