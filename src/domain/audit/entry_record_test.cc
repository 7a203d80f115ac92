#include "domain/audit/entry_record.h"

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::audit {
namespace {

using stockwatch::testing::FromHex;

Entry SomeEntry() {
  Entry entry;
  entry.number = 2;
  entry.at = base::Instant::Micros(1'000'000);
  entry.who = "me";
  entry.from = "::1";
  entry.kind = "k";
  entry.subject = "s7";
  entry.why = "";
  entry.before = "{}";
  entry.after = "1";
  return entry;
}

// Written by hand from docs/formats.md, Audit entry.
std::string SomeBytes() {
  return FromHex(
      "01"                // version
      "0200000000000000"  // number 2
      "40420f0000000000"  // at 1,000,000 µs
      "02000000 6d65"     // who "me"
      "03000000 3a3a31"   // from "::1"
      "01000000 6b"       // kind "k"
      "02000000 7337"     // subject "s7"
      "00000000"          // why ""
      "02000000 7b7d"     // before "{}"
      "01000000 31");     // after "1"
}

// sha256sum of 32 bytes 0x11, then SomeBytes().
std::string SomeHash() {
  return FromHex("e4a1a6c1247850b0fc3121e035bc23bee3c0ccfc6896d3c37e03f9af789ab44c");
}

Hash Elevens() {
  Hash hash;
  hash.fill(0x11);
  return hash;
}

TEST(AuditEntryRecord, HasTheDocumentedBytesAndEndsWithItsHash) {
  std::string out = "before";
  const Hash hash = EncodeEntry(SomeEntry(), Elevens(), out);
  EXPECT_EQ(out, "before" + SomeBytes() + SomeHash());
  EXPECT_EQ(base::Hex(hash), base::Hex(SomeHash()));
  const auto decoded = DecodeEntry(SomeBytes() + SomeHash());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), (SealedEntry{SomeEntry(), hash}));
}

TEST(AuditEntryRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeEntry, SomeBytes() + SomeHash());
}

TEST(AuditHeadRecord, HasTheDocumentedBytes) {
  const std::string bytes = FromHex("01 0700000000000000") + std::string(32, '\x11');
  std::string out;
  EncodeHead({7, Elevens()}, out);
  EXPECT_EQ(out, bytes);
  const auto decoded = DecodeHead(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), (Head{7, Elevens()}));
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeHead, bytes);
}

RC_GTEST_PROP(AuditEntryRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  Entry entry;
  entry.number = Any<std::uint64_t>();
  entry.at = AnyInstant();
  for (std::string* text : {&entry.who, &entry.from, &entry.kind, &entry.subject, &entry.why,
                            &entry.before, &entry.after}) {
    *text = AnyText();
  }
  std::string record;
  const Hash hash = EncodeEntry(entry, {}, record);
  const auto decoded = DecodeEntry(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == SealedEntry{entry, hash}));
}

}  // namespace
}  // namespace stockwatch::audit
