#include "app/field_keys.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

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
  FieldKeysTest()
      : folder_(testing::TempDir() + "field_keys_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
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
  EXPECT_EQ(FieldSeal(settings_).error().code, base::Code::kFailedPrecondition);
  EXPECT_EQ(FieldSeal(settings_).error().message,
            "fields.keys[0].file: cannot read a key: " + (folder_ / "none").string());
}

TEST_F(FieldKeysTest, WithoutKeysThereIsNoSeal) {
  EXPECT_EQ(FieldSeal(settings_).value(), nullptr);
}

}  // namespace
}  // namespace stockwatch::app
