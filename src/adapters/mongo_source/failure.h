#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::mongo_source {

enum class FailureKind : std::uint8_t {
  kNetwork,         // no answer: broken, refused, timed out, no server to be found
  kAuthentication,  // who we are was not believed
  kServer,          // the server answered with an error
  kReply,           // an answer that makes no sense
};

// What is known of a failure beyond what driver or server say.
enum class Hint : std::uint8_t {
  kNone,
  kOtherSet,      // the server is in another replica set than the URI asks for
  kNoSet,         // it is in none
  kMayAskForTls,  // it closed a plain connection at the first word
  kMayBePlain,    // it does not answer a first word in TLS
  kTlsFiles,      // TLS could not even be begun with the files of the URI
  kTimeout,       // it did not answer in time
};

// Why a command has no result.
struct Failure {
  FailureKind kind = FailureKind::kNetwork;
  std::int32_t code = 0;  // of the server; 0: none
  std::string message;
  std::vector<std::string> labels;  // errorLabels of the reply
  Hint hint = Hint::kNone;

  bool Has(std::string_view label) const {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  }
};

}  // namespace stockwatch::mongo_source
