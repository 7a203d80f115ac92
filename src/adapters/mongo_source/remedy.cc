#include "adapters/mongo_source/remedy.h"

#include <algorithm>
#include <array>

namespace stockwatch::mongo_source {
namespace {

// Codes of MongoDB's error_codes.yml.
constexpr std::int32_t kHostUnreachable = 6;
constexpr std::int32_t kFailedToParse = 9;
constexpr std::int32_t kUnauthorized = 13;
constexpr std::int32_t kAuthenticationFailed = 18;
constexpr std::int32_t kIllegalOperation = 20;
constexpr std::int32_t kCursorNotFound = 43;
constexpr std::int32_t kSnapshotUnavailable = 246;
constexpr std::int32_t kSnapshotTooOld = 239;
constexpr std::int32_t kInvalidResumeToken = 260;
constexpr std::int32_t kChangeStreamFatalError = 280;
constexpr std::int32_t kChangeStreamHistoryLost = 286;
constexpr std::int32_t kResumeTenantChangeStream = 464;
constexpr std::int32_t kObjectTooLarge = 10334;
constexpr std::int32_t kNotAReplicaSet = 40573;
constexpr std::int32_t kBadToken = 50811;

// Before wire version 9 the server sets no label.
constexpr std::int32_t kLabels = 9;
constexpr std::array<std::int32_t, 17> kResumable{kHostUnreachable,
                                                  7,
                                                  63,
                                                  89,
                                                  91,
                                                  133,
                                                  150,
                                                  189,
                                                  234,
                                                  262,
                                                  9001,
                                                  10107,
                                                  11600,
                                                  11602,
                                                  13388,
                                                  13435,
                                                  13436};

bool IsKnownResumable(std::int32_t code) {
  return std::find(kResumable.begin(), kResumable.end(), code) != kResumable.end();
}

bool IsLost(std::int32_t code) {
  return code == kChangeStreamHistoryLost || code == kResumeTenantChangeStream;
}

}  // namespace

Remedy AfterMore(const Failure& failure, std::int32_t wire_version) {
  if (failure.kind == FailureKind::kNetwork) return Remedy::kAgain;
  if (failure.kind != FailureKind::kServer) return Remedy::kNone;
  if (failure.code == kCursorNotFound) return Remedy::kAgain;
  if (IsLost(failure.code)) return Remedy::kHistoryLost;
  if (failure.code == kObjectTooLarge) return Remedy::kSmaller;
  if (failure.code == kChangeStreamFatalError) return Remedy::kOtherPipeline;
  const bool resumable = wire_version >= kLabels ? failure.Has("ResumableChangeStreamError")
                                                 : IsKnownResumable(failure.code);
  return resumable ? Remedy::kAgain : Remedy::kNone;
}

Remedy AfterOpen(const Failure& failure) {
  if (failure.kind == FailureKind::kNetwork) return Remedy::kAgain;
  if (failure.kind != FailureKind::kServer) return Remedy::kNone;
  if (IsLost(failure.code)) return Remedy::kHistoryLost;
  if (failure.code == kObjectTooLarge) return Remedy::kSmaller;
  switch (failure.code) {
    case kInvalidResumeToken:
    case kBadToken:
    case kFailedToParse:
      return Remedy::kOtherToken;
    case kChangeStreamFatalError:
      return Remedy::kOtherPipeline;
    default:
      break;
  }
  const bool passing = IsKnownResumable(failure.code) ||
                       failure.Has("ResumableChangeStreamError") ||
                       failure.Has("RetryableWriteError");
  return passing ? Remedy::kAgain : Remedy::kNone;
}

Remedy AfterFind(const Failure& failure) {
  if (failure.kind == FailureKind::kNetwork) return Remedy::kAgain;
  if (failure.kind != FailureKind::kServer) return Remedy::kNone;
  if (failure.code == kSnapshotTooOld || failure.code == kSnapshotUnavailable) {
    return Remedy::kHistoryLost;
  }
  return IsKnownResumable(failure.code) ? Remedy::kAgain : Remedy::kNone;
}

std::string Advice(const Failure& failure) {
  const std::string said =
      (failure.code != 0 ? "code " + std::to_string(failure.code) + ": " : std::string()) +
      failure.message;
  if (failure.kind == FailureKind::kAuthentication || failure.code == kAuthenticationFailed) {
    return "mongodb does not know who we are; check user, password, authSource and "
           "authMechanism of the URI: " +
           said;
  }
  if (failure.kind == FailureKind::kNetwork &&
      (failure.message.find("TLS") != std::string::npos ||
       failure.message.find("certificate") != std::string::npos)) {
    return "mongodb and we do not agree on TLS; check tls, tlsCAFile, tlsCertificateKeyFile of the "
           "URI and the host name in the server's certificate: " +
           said;
  }
  switch (failure.code) {
    case kUnauthorized:
      return "mongodb lets this user not read changes; grant the role read on the database: " +
             said;
    case kIllegalOperation:
    case kNotAReplicaSet:
      return "this mongodb is no replica set, which change streams need; start it with --replSet "
             "and run rs.initiate(): " +
             said;
    default:
      return "mongodb: " + said;
  }
}

}  // namespace stockwatch::mongo_source
