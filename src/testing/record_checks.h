#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/assertion.h"
#include "base/error.h"

namespace stockwatch::testing {

// The bytes that hexadecimal digits name; blanks are skipped.
inline std::string FromHex(std::string_view hex) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    const std::size_t digit = kDigits.find(c);
    SW_ASSERT(digit != std::string_view::npos, "a hexadecimal digit in lower case");
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      bytes.push_back(static_cast<char>(high * 16 + static_cast<int>(digit)));
      high = -1;
    }
  }
  SW_ASSERT(high < 0, "two digits a byte");
  return bytes;
}

// The code with which `decode` refuses the record; a record that is taken fails the test.
template <typename Decode>
base::Code CodeOf(Decode decode, std::string_view record) {
  const auto result = decode(record);
  EXPECT_FALSE(result.ok());
  return result.ok() ? base::Code::kUnimplemented : result.error().code;
}

// `record` is good. Cut short anywhere, made longer, of version 0 or of a newer version it is
// refused.
template <typename Decode>
void ExpectOnlyWholeRecordOfKnownVersion(Decode decode, const std::string& record) {
  ASSERT_TRUE(decode(record).ok());
  for (std::size_t size = 0; size < record.size(); ++size) {
    SCOPED_TRACE("cut to " + std::to_string(size) + " bytes");
    EXPECT_EQ(CodeOf(decode, std::string_view(record).substr(0, size)), base::Code::kDataLoss);
  }
  EXPECT_EQ(CodeOf(decode, record + '\0'), base::Code::kDataLoss);
  std::string other = record;
  other[0] = static_cast<char>(record[0] + 1);
  EXPECT_EQ(CodeOf(decode, other), base::Code::kFailedPrecondition);
  other[0] = '\0';
  EXPECT_EQ(CodeOf(decode, other), base::Code::kDataLoss);
}

// `record` with the byte at `offset` replaced.
inline std::string WithByte(std::string record, std::size_t offset, unsigned char byte) {
  SW_ASSERT(offset < record.size(), "a byte of the record");
  record[offset] = static_cast<char>(byte);
  return record;
}

}  // namespace stockwatch::testing
