#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace stockwatch::ejson {

// A copy of a line with zeros behind it, for a parser that reads past the end. What the parser
// finds in the copy is shown as a view of the line itself, so that it outlives the copy.
class PaddedLine {
 public:
  explicit PaddedLine(std::size_t padding) : padding_(padding) {}

  void Assign(std::string_view line) {
    line_ = line;
    if (bytes_.size() < line.size() + padding_)
      bytes_.resize(std::bit_ceil(line.size() + padding_));
    std::copy(line.begin(), line.end(), bytes_.begin());
    std::memset(bytes_.data() + line.size(), 0, padding_);
  }

  const char* data() const { return bytes_.data(); }
  std::size_t size() const { return line_.size(); }
  std::size_t capacity() const { return bytes_.size(); }
  std::size_t OffsetOf(const char* at) const {
    return static_cast<std::size_t>(at - bytes_.data());
  }
  std::string_view ViewOf(const char* begin, const char* end) const {
    return {line_.data() + OffsetOf(begin), static_cast<std::size_t>(end - begin)};
  }

  // The first quote or backslash. REQUIRES: there is one, and padding of eight bytes or more.
  static const char* QuoteOrBackslash(const char* at) {
    constexpr std::uint64_t kOnes = 0x0101010101010101u;
    const auto zero_bytes = [](std::uint64_t word) {
      return (word - kOnes) & ~word & (kOnes << 7);
    };
    for (;; at += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      const std::uint64_t found = zero_bytes(word ^ kOnes * '"') | zero_bytes(word ^ kOnes * '\\');
      if (found != 0) return at + std::countr_zero(found) / 8;
    }
  }

 private:
  std::size_t padding_;
  std::string_view line_;
  std::vector<char> bytes_;
};

}  // namespace stockwatch::ejson
