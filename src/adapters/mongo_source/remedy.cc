#include "adapters/mongo_source/remedy.h"

#include <algorithm>
#include <array>
#include <string_view>

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

// Of a find alone: killed, out of time or in the way of others, and good the next time. The same of
// a stream is for the server to label.
constexpr std::array<std::int32_t, 10> kPassing{24,  // LockTimeout
                                                kCursorNotFound,
                                                46,      // LockBusy
                                                50,      // MaxTimeMSExpired
                                                112,     // WriteConflict
                                                134,     // ReadConcernMajorityNotAvailableYet
                                                175,     // QueryPlanKilled
                                                202,     // NetworkInterfaceExceededTimeLimit
                                                237,     // CursorKilled
                                                11601};  // Interrupted

bool IsPassing(std::int32_t code) {
  return IsKnownResumable(code) ||
         std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
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
  return IsPassing(failure.code) ? Remedy::kAgain : Remedy::kNone;
}

namespace {

// What a failure is in our words, and what helps.
struct Counsel {
  std::string_view what;
  std::string_view fix;
};

Counsel CounselOf(Hint hint) {
  switch (hint) {
    case Hint::kOtherSet:
      return {"the mongodb of the URI is another replica set than it asks for",
              "mend replicaSet or the hosts of the URI"};
    case Hint::kNoSet:
      return {"this mongodb is no replica set, which change streams need",
              "start it with --replSet and run rs.initiate(), or mend the hosts of the URI"};
    case Hint::kMayAskForTls:
      return {"mongodb closed the connection at the first word; the server may ask for TLS",
              "say tls=true, and tlsCAFile where its authority is your own, in the URI"};
    case Hint::kMayBePlain:
      return {"mongodb does not answer TLS; the server may be one without TLS",
              "leave tls out of the URI, or start the server with it"};
    case Hint::kTlsFiles:
      return {"TLS could not be begun with the files of the URI",
              "check that tlsCAFile holds certificates, that tlsCertificateKeyFile holds a "
              "certificate and the key that belongs to it, and tlsCertificateKeyFilePassword"};
    case Hint::kTimeout:
      return {"mongodb did not answer in time",
              "look at the server's load and at the network, or raise source.mongo.socket_timeout"};
    case Hint::kNone:
      break;
  }
  return {};
}

Counsel CounselOfLine(std::string_view message) {
  const auto says = [&](std::string_view words) {
    return message.find(words) != std::string_view::npos;
  };
  if (says("TLS") || says("certificate")) {
    return {"mongodb and we do not agree on TLS",
            "check tls, tlsCAFile, tlsCertificateKeyFile of the URI and the host name in the "
            "server's certificate"};
  }
  if (says(" SRV ")) {
    return {"the name of the mongodb+srv URI leads to no hosts",
            "check how it is spelled, and the DNS of this machine"};
  }
  if (says("Failed to resolve")) {
    return {"a host of the mongodb URI has no address",
            "check how it is spelled, and the DNS of this machine"};
  }
  if (says("connection refused")) {
    return {"nobody listens where the mongodb URI says",
            "start the server, or mend host and port of the URI"};
  }
  return {"mongodb cannot be reached",
          "look at the server, at the network and at the firewalls between"};
}

Counsel CounselOf(const Failure& failure) {
  if (failure.kind == FailureKind::kAuthentication || failure.code == kAuthenticationFailed) {
    return {"mongodb does not know who we are",
            "check user, password, authSource and authMechanism of the URI"};
  }
  if (failure.hint != Hint::kNone) return CounselOf(failure.hint);
  if (failure.kind == FailureKind::kNetwork) return CounselOfLine(failure.message);
  switch (failure.code) {
    case kUnauthorized:
      return {"mongodb lets this user not read changes", "grant the role read on the database"};
    case kIllegalOperation:
    case kNotAReplicaSet:
      return {"this mongodb is no replica set, which change streams need",
              "start it with --replSet and run rs.initiate()"};
    default:
      return {"mongodb", "look up the code in MongoDB's error_codes.yml, and at the server's log"};
  }
}

}  // namespace

std::string FixOf(const Failure& failure) {
  return std::string(CounselOf(failure).fix);
}

std::string Advice(const Failure& failure) {
  const Counsel counsel = CounselOf(failure);
  std::string line(counsel.what);
  const bool known = counsel.what != "mongodb";
  if (known) line.append("; ").append(counsel.fix);
  line += ": ";
  if (failure.code != 0) line += "code " + std::to_string(failure.code) + ": ";
  return line + (failure.message.empty() ? "it gave no reason" : failure.message);
}

}  // namespace stockwatch::mongo_source
