#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::scripted_mongo {

// The server's half of one conversation of SCRAM-SHA-256 (RFC 5802, 7677), for one user whose name
// has neither ',' nor '='. Nothing of it is fit to guard anything: salt and nonce are the test's.
class Scram {
 public:
  struct Options {
    std::string user;
    std::string password;
    std::string salt = "28 bytes of salt for a test.";  // clients want four less than a digest
    std::string nonce = "a+nonce+of+the+test";          // our half of it
    int rounds = 4096;
  };

  explicit Scram(Options options) : options_(std::move(options)) {}

  // The answer to the client's first message, and to its last. nullopt: it is no such message, or
  // the client does not know the password.
  std::optional<std::string> Begin(std::string_view message);
  std::optional<std::string> End(std::string_view message);

 private:
  Options options_;
  std::string first_;      // the client's first message without its header
  std::string challenge_;  // ours
};

}  // namespace stockwatch::scripted_mongo
