#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::base {

static_assert(std::endian::native == std::endian::little,
              "records are little-endian; a big-endian port swaps here");

// Appends fixed little-endian fields to a record. `out` must outlive the writer.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  template <std::integral T>
  void Put(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    out_.append(raw, sizeof(T));
  }
  // Seven bits a byte, the lowest first; the high bit says that more follow.
  void PutVarint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  // Small amounts of either sign take few bytes: 0, -1, 1, -2 … as 0, 1, 2, 3 …
  void PutSignedVarint(std::int64_t value) {
    PutVarint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  // The bytes alone.
  void PutRaw(std::string_view bytes) { out_.append(bytes); }
  // Length (u32), then the bytes.
  void PutBytes(std::string_view bytes) {
    Put(static_cast<std::uint32_t>(bytes.size()));
    out_.append(bytes);
  }

 private:
  std::string& out_;
};

// The same into a record of fixed length on the stack.
template <std::size_t kSize>
class FixedRecord {
 public:
  // REQUIRES: it fits
  template <std::integral T>
  void Put(T value) {
    std::memcpy(bytes_ + used_, &value, sizeof(T));
    used_ += sizeof(T);
  }
  std::string_view bytes() const { return {bytes_, used_}; }

 private:
  char bytes_[kSize]{};
  std::size_t used_ = 0;
};

// Reads what ByteWriter wrote. A read beyond the end gives zeros and sticks: check Finish() once,
// at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral T>
  T Take() {
    T value{};
    if (rest_.size() < sizeof(T)) {
      Fail();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
    return value;
  }
  std::uint64_t TakeVarint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      const auto byte = Take<std::uint8_t>();
      // Ten bytes hold 64 bits: the last of them one.
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80) == 0) return value;
    }
    Fail();
    return 0;
  }
  std::int64_t TakeSignedVarint() {
    const std::uint64_t value = TakeVarint();
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  // A view into the record, as PutBytes wrote it.
  std::string_view TakeBytes() { return TakeRaw(Take<std::uint32_t>()); }
  // A view of so many bytes.
  std::string_view TakeRaw(std::size_t size) {
    if (rest_.size() < size) {
      Fail();
      return {};
    }
    std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  // Sticks: for a value that was read and cannot be.
  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  // Nothing is left.
  bool empty() const { return rest_.empty(); }
  // How many bytes are left.
  std::size_t rest() const { return rest_.size(); }

  // kDataLoss if the record was shorter or longer than what was read. `what` names the record.
  Status Finish(std::string_view what) const {
    if (ok_ && rest_.empty()) return {};
    return Error{Code::kDataLoss, "damaged record: " + std::string(what)};
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace stockwatch::base
