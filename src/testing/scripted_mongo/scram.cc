#include "testing/scripted_mongo/scram.h"

#include <cstddef>

#include "base/base64.h"
#include "base/digest.h"
#include "base/hmac.h"

namespace stockwatch::scripted_mongo {
namespace {

std::string Text(const base::Sha256Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Hmac(std::string_view key, std::string_view message) {
  return Text(base::HmacSha256(key, message));
}

std::string Xor(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

// PBKDF2 of one block: "Hi" of RFC 5802.
std::string Salted(const Scram::Options& options) {
  std::string round = Hmac(options.password, options.salt + std::string("\0\0\0\1", 4));
  std::string salted = round;
  for (int i = 1; i < options.rounds; ++i) {
    round = Hmac(options.password, round);
    salted = Xor(std::move(salted), round);
  }
  return salted;
}

// "r" of "n=user,r=abc"
std::optional<std::string_view> Attribute(std::string_view message, char name) {
  while (true) {
    const std::size_t comma = message.find(',');
    const std::string_view one = message.substr(0, comma);
    if (one.size() > 1 && one[0] == name && one[1] == '=') return one.substr(2);
    if (comma == std::string_view::npos) return std::nullopt;
    message.remove_prefix(comma + 1);
  }
}

}  // namespace

std::optional<std::string> Scram::Begin(std::string_view message) {
  constexpr std::string_view kHeader = "n,,";  // no channel binding, no other identity
  if (!message.starts_with(kHeader)) return std::nullopt;
  first_ = message.substr(kHeader.size());
  const auto user = Attribute(first_, 'n');
  const auto nonce = Attribute(first_, 'r');
  if (!user || !nonce) return std::nullopt;
  challenge_ = "r=" + std::string(*nonce) + options_.nonce + ",s=" + base::Base64(options_.salt) +
               ",i=" + std::to_string(options_.rounds);
  return challenge_;
}

std::optional<std::string> Scram::End(std::string_view message) {
  const std::size_t behind = message.rfind(",p=");
  if (behind == std::string_view::npos || challenge_.empty()) return std::nullopt;
  const auto proof = base::FromBase64(message.substr(behind + 3));
  if (!proof || Attribute(message, 'r') != Attribute(challenge_, 'r') ||
      Attribute(first_, 'n') != options_.user) {
    return std::nullopt;
  }
  const std::string all = first_ + "," + challenge_ + "," + std::string(message.substr(0, behind));
  const std::string salted = Salted(options_);
  const std::string key = Hmac(salted, "Client Key");
  if (*proof != Xor(key, Hmac(Text(base::Sha256Of(key)), all))) return std::nullopt;
  return "v=" + base::Base64(Hmac(Hmac(salted, "Server Key"), all));
}

}  // namespace stockwatch::scripted_mongo
