#include "base/digest.h"

#include <gtest/gtest.h>

namespace stockwatch::base {
namespace {

TEST(Sha256, GivesThePublishedDigests) {
  // NIST, "Secure Hash Standard" (FIPS 180-4) example values for SHA-256.
  const struct {
    std::string message;
    std::string_view digest;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
       "lmnopqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& test : cases) EXPECT_EQ(Hex(Sha256Of(test.message)), test.digest);
}

TEST(Sha256, TakesTheMessageInAnyParts) {
  const std::string message(200, 'q');
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    Sha256 digest;
    digest.Update(std::string_view(message).substr(0, cut));
    digest.Update({});
    digest.Update(std::string_view(message).substr(cut));
    EXPECT_EQ(digest.Finish(), Sha256Of(message)) << cut;
  }
}

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(Hex(std::string_view("\x00\x01\x7f\x80\xab\xff", 6)), "00017f80abff");
  EXPECT_EQ(Hex(std::string_view()), "");
}

}  // namespace
}  // namespace stockwatch::base
