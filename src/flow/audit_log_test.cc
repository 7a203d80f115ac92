#include "flow/audit_log.h"

#include <gtest/gtest.h>

#include "adapters/memory_store/memory_store.h"
#include "domain/audit/entry_record.h"
#include "flow/keys.h"

namespace stockwatch::flow {
namespace {

using memory_store::MemoryStore;
using ports::Family;

constexpr base::Instant kAt = base::Instant::Seconds(1'700'000'000);

class AuditLogTest : public ::testing::Test {
 protected:
  void Act(const std::string& kind) {
    log_.Append(kAt, {"admin", "127.0.0.1", "a reason"}, kind, "subject", "", "{\"x\":1}");
    Store();
  }
  void Store() {
    ASSERT_TRUE(store_.Commit(batch_).ok());
    batch_.Clear();
  }
  AuditVerified Verified(const std::optional<audit::Head>& noted = std::nullopt) {
    const auto verified = VerifyAudit(store_, noted);
    EXPECT_TRUE(verified.ok());
    return verified.value();
  }

  MemoryStore store_{MemoryStore::Serves::kSeveralEngines};
  ports::Batch batch_;
  AuditLog log_{batch_};
};

TEST_F(AuditLogTest, NumbersEntriesAndGoesOnAfterARestart) {
  Act("one");
  Act("two");
  ports::Batch other;
  AuditLog restarted(other);
  ASSERT_TRUE(restarted.Restore(store_).ok());
  EXPECT_EQ(restarted.head(), log_.head());
  restarted.Append(kAt, {"admin", "cli", ""}, "three", "", "", "");
  ASSERT_TRUE(store_.Commit(other).ok());
  std::vector<std::string> kinds;
  ASSERT_TRUE(ReadAudit(store_, [&](const audit::SealedEntry& sealed) {
                kinds.push_back(std::to_string(sealed.entry.number) + " " + sealed.entry.kind);
                return true;
              }).ok());
  EXPECT_EQ(kinds, (std::vector<std::string>{"1 one", "2 two", "3 three"}));
  EXPECT_EQ(Verified().entries, 3u);
  EXPECT_EQ(Verified().violation, std::nullopt);
}

TEST_F(AuditLogTest, OfAnEmptyStoreIsWhole) {
  EXPECT_EQ(Verified().entries, 0u);
  EXPECT_EQ(Verified().violation, std::nullopt);
  EXPECT_TRUE(log_.Restore(store_).ok());
}

TEST_F(AuditLogTest, TellsTheFirstEntryThatWasRemoved) {
  for (const char* kind : {"one", "two", "three"}) Act(kind);
  batch_.Remove(Family::kAudit, LongNumberKey(2));
  Store();
  EXPECT_EQ(Verified().violation, "entry 2: it is missing");
  EXPECT_EQ(Verified().entries, 1u);
  batch_.Remove(Family::kAudit, LongNumberKey(1));
  Store();
  EXPECT_EQ(Verified().violation, "entry 1: it is missing");
}

TEST_F(AuditLogTest, TellsThatTheLastEntriesWereCutOff) {
  for (const char* kind : {"one", "two", "three"}) Act(kind);
  batch_.Remove(Family::kAudit, LongNumberKey(3));
  Store();
  EXPECT_EQ(Verified().violation, "entry 3: it is missing, and so is everything to entry 3");
  batch_.Remove(Family::kAudit, kAuditHeadKey);
  Store();
  EXPECT_EQ(Verified().violation, "entry 1: the head of the chain does not know it");
  EXPECT_EQ(log_.Restore(store_).error().code, base::Code::kDataLoss);
}

TEST_F(AuditLogTest, AWholeNewChainIsToldFromTheOneThatWasNoted) {
  Act("one");
  Act("two");
  const audit::Head noted = log_.head();
  EXPECT_EQ(Verified(noted).violation, std::nullopt);
  Act("three");
  EXPECT_EQ(Verified(noted).violation, std::nullopt);
  AuditLog forged(batch_);
  for (int i = 0; i < 3; ++i) forged.Append(kAt, {"somebody", "", ""}, "forged", "", "", "");
  Store();
  EXPECT_EQ(Verified().violation, std::nullopt);
  EXPECT_EQ(Verified(noted).violation, "entry 2: it is not the one that was noted");
  EXPECT_EQ(Verified(audit::Head{9, {}}).violation, "entry 9: it was noted and is missing");
}

TEST(AuditHead, IsReadAsItIsWritten) {
  audit::Head head{17, {}};
  head.hash[0] = 0xab;
  const std::string text = "17:ab" + std::string(62, '0');
  EXPECT_EQ(AuditHeadText(head), text);
  const auto parsed = ParseAuditHead(text);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value(), head);
  for (const std::string& bad : {std::string(), std::string("17"), text + "0", "x" + text,
                                 "17:" + std::string(64, 'g'), "17:-1" + std::string(62, '0')}) {
    EXPECT_EQ(ParseAuditHead(bad).error().code, base::Code::kInvalidArgument) << bad;
  }
}

TEST(AuditLine, HoldsWhatTheEntrySays) {
  audit::SealedEntry sealed;
  sealed.entry = {3, base::Instant::Seconds(1), "admin", "::1", "k", "s", "w", "", "{\"a\":1}"};
  EXPECT_EQ(AuditLine(sealed),
            "{\"number\":3,\"at\":\"1970-01-01T00:00:01Z\",\"who\":\"admin\",\"from\":\"::1\","
            "\"kind\":\"k\",\"subject\":\"s\",\"why\":\"w\",\"before\":null,\"after\":{\"a\":1},"
            "\"hash\":\"" +
                std::string(64, '0') + "\"}\n");
}

}  // namespace
}  // namespace stockwatch::flow
