#include "domain/access/key.h"

#include "testing/record_checks.h"

namespace stockwatch::access {
namespace {

using stockwatch::testing::FromHex;

Secret SomeSecret() {
  Secret secret{};
  secret.back() = 0xff;
  return secret;
}

// printf 'key/1\\n%s' swk_00…00ff | sha256sum
constexpr std::string_view kHash =
    "99f5286c5feeb005922fc6d69e00e7ab60112255dc4b6328e982ecb8f3079dc9";

Key SomeKey() {
  return Key::Of("admin", base::Instant::Micros(1'000'000), SecretText(SomeSecret()));
}

TEST(AdminKey, IsTwoHundredFiftySixBitsInHex) {
  EXPECT_EQ(SecretText(SomeSecret()), "swk_" + std::string(62, '0') + "ff");
}

TEST(AdminKey, HasTheDocumentedBytesAndNothingOfItsSecret) {
  const std::string bytes = FromHex("01 05000000 61646d696e 40420f0000000000") + FromHex(kHash);
  std::string out;
  EncodeKey(SomeKey(), out);
  EXPECT_EQ(out, bytes);
  EXPECT_EQ(out.find("swk_"), std::string::npos);
  const auto decoded = DecodeKey(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), SomeKey());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeKey, bytes);
}

TEST(AdminKey, IsProvedByItsSecretAlone) {
  const Key key = SomeKey();
  const std::string secret = SecretText(SomeSecret());
  EXPECT_TRUE(key.IsProvedBy(secret));
  for (const std::string& other :
       {std::string(), secret.substr(1), secret + "0", secret.substr(0, secret.size() - 1) + "e",
        std::string("SWK_") + secret.substr(4)}) {
    EXPECT_FALSE(key.IsProvedBy(other)) << other;
  }
}

}  // namespace
}  // namespace stockwatch::access
