#include "adapters/mongo_source/remedy.h"

#include <gtest/gtest.h>

#include "adapters/mongo_source/cause.h"

namespace stockwatch::mongo_source {
namespace {

TEST(Advice, IsOneLineThatSaysWhatToDoAndNeverEndsInNothing) {
  struct Case {
    Failure failure;
    const char* words;
  };
  const Case cases[] = {
      {{FailureKind::kNetwork, 0, "", {}, Hint::kOtherSet}, "mend replicaSet"},
      {{FailureKind::kNetwork, 0, "", {}, Hint::kNoSet}, "--replSet"},
      {{FailureKind::kNetwork, 0, "", {}, Hint::kMayAskForTls}, "the server may ask for TLS"},
      {{FailureKind::kNetwork, 0, "", {}, Hint::kMayBePlain}, "leave tls out of the URI"},
      {{FailureKind::kNetwork, 0, "", {}, Hint::kTlsFiles}, "check that tlsCAFile holds"},
      {{FailureKind::kNetwork, 0, "", {}, Hint::kTimeout}, "did not answer in time"},
      {{FailureKind::kNetwork, 0, "TLS handshake failed", {}}, "check tls, tlsCAFile"},
      {{FailureKind::kNetwork, 0, "Failed to resolve 'x'", {}}, "how it is spelled"},
      {{FailureKind::kNetwork, 0, "connection refused", {}}, "start the server"},
      {{FailureKind::kNetwork, 0, "", {}}, "look at the server"},
      {{FailureKind::kAuthentication, 0, "", {}}, "check user, password"},
      {{FailureKind::kServer, 13, "", {}}, "grant the role read"},
      {{FailureKind::kServer, 40573, "", {}}, "rs.initiate()"},
      {{FailureKind::kServer, 1, "", {}}, "code 1: it gave no reason"},
  };
  for (const Case& c : cases) {
    const std::string advice = Advice(c.failure);
    EXPECT_NE(advice.find(c.words), std::string::npos) << advice;
    EXPECT_EQ(advice.find('\n'), std::string::npos) << advice;
    EXPECT_FALSE(advice.ends_with(": ")) << advice;
    EXPECT_NE(FixOf(c.failure), "") << advice;
  }
}

TEST(Cause, TellsRecoveriesApart) {
  const auto said = [](std::int32_t code) { return Failure{FailureKind::kServer, code, "", {}}; };
  EXPECT_EQ(CauseOf({FailureKind::kNetwork, 0, "", {}}, Remedy::kAgain), Cause::kNetwork);
  EXPECT_EQ(CauseOf({FailureKind::kNetwork, 0, "", {}, Hint::kTimeout}, Remedy::kAgain),
            Cause::kTimeout);
  for (const std::int32_t code : {91, 189, 10107, 11600, 11602, 13435, 13436}) {
    EXPECT_EQ(CauseOf(said(code), Remedy::kAgain), Cause::kElection) << code;
  }
  EXPECT_EQ(CauseOf(said(43), Remedy::kAgain), Cause::kCursorLost);
  EXPECT_EQ(CauseOf(said(10334), Remedy::kSmaller), Cause::kTooLarge);
  EXPECT_EQ(CauseOf(said(286), Remedy::kHistoryLost), Cause::kHistoryLost);
  EXPECT_EQ(CauseOf(said(260), Remedy::kOtherToken), Cause::kToken);
  EXPECT_EQ(CauseOf(said(280), Remedy::kOtherPipeline), Cause::kPipeline);
  EXPECT_EQ(CauseOf(said(234), Remedy::kAgain), Cause::kServer);
}

}  // namespace
}  // namespace stockwatch::mongo_source
