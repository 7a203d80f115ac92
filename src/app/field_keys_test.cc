#include "app/field_keys.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "base/digest.h"

namespace stockwatch::app {
namespace {

using decode::Protection;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

// 00 01 02 … 1F
std::string CountingKey() {
  std::string key;
  for (char c = 0; c < 32; ++c) key += c;
  return key;
}

RawDocument One(ValueType type, std::string_view bytes, std::int64_t integer = 0) {
  RawDocument document;
  RawValue value;
  value.type = type;
  value.bytes = bytes;
  value.integer = integer;
  document.Add(value);
  return document;
}

class FieldKeysTest : public testing::Test {
 public:
  FieldKeysTest() {
    std::string made = testing::TempDir() + "field_keys_XXXXXX";
    EXPECT_NE(mkdtemp(made.data()), nullptr);
    folder_ = made;
  }
  ~FieldKeysTest() override { std::filesystem::remove_all(folder_); }

 protected:
  void AddKey(const std::string& id, const std::string& content) {
    const std::string path = (folder_ / id).string();
    std::ofstream(path, std::ios::binary) << content;
    settings_.field_keys.push_back({id, path});
  }
  // What the seal makes of a text at transactions, customer.email; "" where it cannot.
  std::string Sealed(Protection protection, const RawDocument& document) {
    const auto seal = FieldSeal(settings_);
    EXPECT_TRUE(seal.ok() && seal.value());
    return seal.value()({protection, "transactions", "customer.email", document, 0}).value_or("");
  }
  std::string HashOf(std::string_view text) {
    return Sealed(Protection::kHash, One(ValueType::kString, text));
  }

  std::filesystem::path folder_;
  config::Settings settings_;
};

// docs/formats.md has the same, made by openssl.
TEST_F(FieldKeysTest, HashesAreWhatOpensslGives) {
  AddKey("2026", CountingKey());
  EXPECT_EQ(HashOf("ann@example.org"), "hmac:2026:wdGVXW-T5w7vcUaZ5AZBdQ");
  EXPECT_EQ(HashOf("7"), "hmac:2026:9UltOKPwraUSixktQG7x9Q");
  EXPECT_EQ(Sealed(Protection::kHash, One(ValueType::kInt64, {}, 7)), HashOf("7"))
      << "a whole number and its text";
}

TEST_F(FieldKeysTest, AHashIsNotHashedAgain) {
  AddKey("new", CountingKey());
  const std::string old = "hmac:old:AAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(HashOf(old), old);
  for (const char* text : {"hmac:old:AAAAAAAAAAAAAAAAAAAAA", "hmac:old:AAAAAAAAAAAAAAAAAAAAAAA",
                           "hmac:o d:AAAAAAAAAAAAAAAAAAAAAA", "hmac::AAAAAAAAAAAAAAAAAAAAAA",
                           "hmac:old:AAAAAAAAAAAAAAAAAA@org", "hmac:ann@example.org"}) {
    EXPECT_TRUE(HashOf(text).starts_with("hmac:new:")) << text;
  }
}

TEST_F(FieldKeysTest, AKeyIsThirtyTwoBytesInAnyOfThreeForms) {
  const std::string key = CountingKey();
  std::string hash;
  for (const std::string& content : {key, base::Base64(key), base::Base64(key) + "\n",
                                     base::Hex(key), base::Hex(key) + "\r\n"}) {
    settings_.field_keys.clear();
    AddKey("k", content);
    if (hash.empty()) hash = HashOf("a");
    EXPECT_EQ(HashOf("a"), hash) << content;
  }
}

TEST_F(FieldKeysTest, WhatIsNoKeyIsRefusedByItsSettingWithoutBeingShown) {
  const std::string key = CountingKey();
  for (const std::string& content :
       {key.substr(1), key + "\n", base::Base64(key.substr(1)), base::Hex(key).substr(2),
        base::Hex(key) + "00", std::string(64, 'x'), std::string(5000, 'a')}) {
    settings_.field_keys.clear();
    AddKey("good", key);
    AddKey("bad", content);
    const auto seal = FieldSeal(settings_);
    ASSERT_FALSE(seal.ok()) << content.size();
    EXPECT_EQ(seal.error().code, base::Code::kInvalidArgument);
    EXPECT_EQ(seal.error().message,
              "fields.keys[1].file: holds no key, 32 bytes as they are, in Base64 or in hex: " +
                  (folder_ / "bad").string());
  }
  settings_.field_keys = {{"k", (folder_ / "none").string()}};
  EXPECT_EQ(FieldSeal(settings_).error().code, base::Code::kInvalidArgument);
  EXPECT_EQ(FieldSeal(settings_).error().message,
            "fields.keys[0].file: cannot read a key: " + (folder_ / "none").string());
}

TEST_F(FieldKeysTest, WithoutKeysThereIsNoSeal) {
  EXPECT_EQ(FieldSeal(settings_).value(), nullptr);
}

// Chance that counts.
class CountingEntropy : public ports::Entropy {
 public:
  base::Status Fill(std::span<std::uint8_t> bytes) override {
    if (!has_some) return base::Error{base::Code::kUnavailable, "none"};
    for (std::uint8_t& byte : bytes) byte = next++;
    return {};
  }
  bool has_some = true;
  std::uint8_t next = 0xA0;
};

const FieldPlace kEmail{"transactions", "customer.email"};
// With chance A0 A1 … AB; docs/formats.md has the same, made by Python's cryptography.
constexpr std::string_view kGolden =
    "enc:1:2026:oKGio6SlpqeoqaqrxHkSQwWuet4PFeu2KRWyuVLunMLdCqGYEUOoPwawvOYh";

class EnvelopeTest : public FieldKeysTest {
 protected:
  FieldKeys Keys() {
    auto keys = FieldKeys::Read(settings_.field_keys);
    EXPECT_TRUE(keys.ok());
    return std::move(keys).value();
  }
  std::optional<std::string> Encrypt(const RawDocument& document) {
    return Keys().Encrypt({Protection::kEncrypt, kEmail.collection, kEmail.path, document, 0},
                          entropy_);
  }
  std::string EncryptText(std::string_view text) {
    return Encrypt(One(ValueType::kString, text)).value_or("");
  }
  base::Result<std::string> Decrypt(std::string_view envelope, const FieldPlace& place = kEmail) {
    return Keys().Decrypt(envelope, std::span(&place, 1));
  }
  base::Code CodeOf(std::string_view envelope, const FieldPlace& place = kEmail) {
    const auto plain = Decrypt(envelope, place);
    EXPECT_FALSE(plain.ok()) << plain.value();
    return plain.error().code;
  }

  CountingEntropy entropy_;
};

TEST_F(EnvelopeTest, IsWhatAnotherToolMakes) {
  AddKey("2026", CountingKey());
  EXPECT_EQ(EncryptText("ann@example.org"), kGolden);
  EXPECT_EQ(Decrypt(kGolden).value(), "\"ann@example.org\"");
}

TEST_F(EnvelopeTest, IsNeverTheSameTwiceAndKeepsEveryType) {
  AddKey("k", CountingKey());
  EXPECT_NE(EncryptText("a"), EncryptText("a"));
  EXPECT_EQ(Decrypt(EncryptText("")).value(), "\"\"");
  EXPECT_EQ(Decrypt(*Encrypt(One(ValueType::kInt32, {}, 7))).value(), R"({"$numberInt":"7"})");
  EXPECT_EQ(Decrypt(*Encrypt(One(ValueType::kNull, {}))).value(), "null");
}

TEST_F(EnvelopeTest, OpensWithOldKeysAfterARotation) {
  AddKey("2025", CountingKey());
  const std::string old = EncryptText("a");
  settings_.field_keys.clear();
  AddKey("2026", std::string(32, 'x'));
  EXPECT_EQ(CodeOf(old), base::Code::kNotFound);
  EXPECT_EQ(Decrypt(old).error().message, "no key in fields.keys has its id: \"2025\"");
  AddKey("2025", CountingKey());
  EXPECT_EQ(Decrypt(old).value(), "\"a\"");
  const std::string renewed = EncryptText("a");
  EXPECT_TRUE(renewed.starts_with("enc:1:2026:"));
  EXPECT_EQ(Decrypt(renewed).value(), "\"a\"");
  EXPECT_EQ(EncryptText(old), old) << "a dead letter that is read again";
}

TEST_F(EnvelopeTest, OfAnotherPlaceOrKeyOrChangedDoesNotOpen) {
  AddKey("2026", CountingKey());
  for (const FieldPlace& place :
       {FieldPlace{"inventory", "customer.email"}, FieldPlace{"transactions", "customer.name"},
        FieldPlace{"transactionscustomer", ".email"}}) {
    EXPECT_EQ(CodeOf(kGolden, place), base::Code::kFailedPrecondition);
  }
  for (std::size_t i = std::string_view("enc:1:2026:").size(); i < kGolden.size(); ++i) {
    std::string changed(kGolden);
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(Decrypt(changed).ok()) << i;
  }
  settings_.field_keys.clear();
  AddKey("2026", std::string(32, 'x'));
  EXPECT_EQ(CodeOf(kGolden), base::Code::kFailedPrecondition);
}

TEST_F(EnvelopeTest, WhatOnlyLooksLikeOneIsEncrypted) {
  AddKey("2026", CountingKey());
  for (const std::string text :
       {"enc:1:ann@example.org", "enc:1:2026:ann", "enc:1:2026:", "enc:2:2026:AAAA",
        "enc:1:2025:oKGio6SlpqeoqaqrxHkSQwWuet4PFeu2K"}) {
    EXPECT_FALSE(Decrypt(text).ok()) << text;
    const std::string envelope = EncryptText(text);
    EXPECT_NE(envelope, text);
    EXPECT_EQ(Decrypt(envelope).value(), "\"" + text + "\"");
  }
  EXPECT_EQ(CodeOf("enc:1:2026:ann@"), base::Code::kInvalidArgument);
}

TEST_F(EnvelopeTest, WithoutChanceThereIsNone) {
  AddKey("k", CountingKey());
  entropy_.has_some = false;
  EXPECT_EQ(Encrypt(One(ValueType::kString, "a")), std::nullopt);
}

TEST_F(EnvelopeTest, IsMadeByTheSealWithTheChanceOfTheSystem) {
  AddKey("k", CountingKey());
  const std::string envelope = Sealed(Protection::kEncrypt, One(ValueType::kString, "a"));
  EXPECT_EQ(Decrypt(envelope).value(), "\"a\"");
  EXPECT_NE(Sealed(Protection::kEncrypt, One(ValueType::kString, "a")), envelope);
}

TEST(EncryptedFields, AreThoseOfTheHooksByTheNamesOfTheCollections) {
  config::Settings settings;
  settings.decode.transactions.name = "sales";
  settings.decode.transactions.hooks = {decode::DropHook{"a"}, decode::EncryptHook{"b.c"}};
  settings.decode.inventory.hooks = {decode::HashHook{"d"}};
  const auto places = EncryptedFields(settings.decode);
  ASSERT_EQ(places.size(), 1u);
  EXPECT_EQ(places[0].collection, "sales");
  EXPECT_EQ(places[0].path, "b.c");
}

}  // namespace
}  // namespace stockwatch::app
