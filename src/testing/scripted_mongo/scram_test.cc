#include "testing/scripted_mongo/scram.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace stockwatch::scripted_mongo {
namespace {

constexpr std::string_view kFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kChallenge =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr std::string_view kLast =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

Scram Published(std::string password) {
  return Scram({.user = "user",
                .password = std::move(password),
                .salt = base::FromBase64("W22ZaJ0SNY7soEsUEjb6gQ==").value(),
                .nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"});
}

TEST(Scram, IsTheConversationOfRfc7677) {
  Scram scram = Published("pencil");
  EXPECT_EQ(scram.Begin(kFirst), kChallenge);
  EXPECT_EQ(scram.End(kLast), "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST(Scram, AnotherPasswordUserOrNonceIsRefused) {
  Scram password = Published("pencils");
  password.Begin(kFirst);
  EXPECT_EQ(password.End(kLast), std::nullopt);
  Scram user = Published("pencil");
  user.Begin("n,,n=users,r=rOprNGfwEbeRWgbNEkqO");
  EXPECT_EQ(user.End(kLast), std::nullopt);
  Scram nonce = Published("pencil");
  nonce.Begin("n,,n=user,r=other");
  EXPECT_EQ(nonce.End(kLast), std::nullopt);
  EXPECT_EQ(Published("pencil").End(kLast), std::nullopt);  // without a beginning
  EXPECT_EQ(Published("pencil").Begin("y,,n=user,r=x"), std::nullopt);
  EXPECT_EQ(Published("pencil").Begin("n,,n=user"), std::nullopt);
}

}  // namespace
}  // namespace stockwatch::scripted_mongo
