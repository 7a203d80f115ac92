#include "adapters/openssl_cipher/aes_gcm.h"

#include <gtest/gtest.h>

#include <string>

#include "base/digest.h"
#include "testing/record_checks.h"

namespace stockwatch::openssl_cipher {
namespace {

using testing::FromHex;

struct Vector {
  std::string key;
  std::string nonce;
  std::string associated;
  std::string plain;
  std::string sealed;  // ciphertext and tag
};

// McGrew and Viega, The Galois/Counter Mode of Operation, test cases 13, 14 and 16.
const Vector kPublished[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
     "b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105682"
     "8838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"}};

TEST(AesGcm, GivesThePublishedValues) {
  for (const Vector& v : kPublished) {
    const std::string key = FromHex(v.key);
    const std::string nonce = FromHex(v.nonce);
    const std::string associated = FromHex(v.associated);
    const AesGcm with{key, nonce, associated};
    EXPECT_EQ(base::Hex(Encrypt(with, FromHex(v.plain)).value()), v.sealed);
    EXPECT_EQ(base::Hex(Decrypt(with, FromHex(v.sealed)).value()), v.plain);
  }
}

TEST(AesGcm, WhatWasChangedAnywhereDoesNotOpen) {
  const Vector& v = kPublished[2];
  const std::string parts[] = {FromHex(v.key), FromHex(v.nonce), FromHex(v.associated),
                               FromHex(v.sealed)};
  for (std::size_t part = 0; part < 4; ++part) {
    for (std::size_t byte = 0; byte < parts[part].size(); ++byte) {
      std::string changed[] = {parts[0], parts[1], parts[2], parts[3]};
      changed[part][byte] = static_cast<char>(changed[part][byte] ^ 1);
      EXPECT_FALSE(Decrypt({changed[0], changed[1], changed[2]}, changed[3]))
          << part << " " << byte;
    }
  }
  for (std::size_t size = 0; size < parts[3].size(); ++size) {
    EXPECT_FALSE(Decrypt({parts[0], parts[1], parts[2]}, parts[3].substr(0, size))) << size;
  }
  EXPECT_FALSE(Decrypt({parts[0], parts[1], {}}, parts[3]));
}

}  // namespace
}  // namespace stockwatch::openssl_cipher
