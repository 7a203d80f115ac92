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

// Why a command has no result.
struct Failure {
  FailureKind kind = FailureKind::kNetwork;
  std::int32_t code = 0;  // of the server; 0: none
  std::string message;
  std::vector<std::string> labels;  // errorLabels of the reply

  bool Has(std::string_view label) const {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  }
};

}  // namespace stockwatch::mongo_source
