#include "base/hmac.h"

#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"

namespace stockwatch::base {
namespace {

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256, GivesThePublishedValues) {
  EXPECT_EQ(Hex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(std::string(131, '\xaa'),
                           "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 4648, section 10.
TEST(Base64, GivesThePublishedValues) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(Base64(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
  }
  EXPECT_EQ(FromBase64("Zg"), "f");
  for (const char* text : {"Z", "Zg=", "Z===", "Zm9v!", "Zm9v\n", "Zh==", "=", "===="}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

TEST(Base64, ForAddressesHasItsOwnAlphabetAndNoPadding) {
  const std::string bytes = "\xfb\xff\xfe\x01";
  EXPECT_EQ(Base64(bytes), "+//+AQ==");
  EXPECT_EQ(Base64Url(bytes), "-__-AQ");
  EXPECT_EQ(FromBase64Url("-__-AQ"), bytes);
  EXPECT_EQ(FromBase64Url(""), "");
  for (const char* text : {"+__-AQ", "-/_-AQ", "-__-AQ==", "-__-A", "-__-AR"}) {
    EXPECT_EQ(FromBase64Url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace stockwatch::base
