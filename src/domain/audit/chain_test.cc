#include "domain/audit/chain.h"

#include <gtest/gtest.h>

#include <vector>

#include "domain/audit/entry_record.h"

namespace stockwatch::audit {
namespace {

std::vector<std::string> Chain(std::uint64_t entries, Head& head) {
  std::vector<std::string> records;
  head = {};
  for (std::uint64_t number = 1; number <= entries; ++number) {
    Entry entry;
    entry.number = number;
    entry.who = "admin";
    entry.why = "because of " + std::to_string(number);
    std::string record;
    head = {number, EncodeEntry(entry, head.hash, record)};
    records.push_back(record);
  }
  return records;
}

// The first violation.
std::optional<std::string> Check(const std::vector<std::string>& records, const Head& head) {
  ChainCheck check;
  for (const std::string& record : records) {
    if (auto violation = check.Take(record)) return violation;
  }
  return check.Finish(head);
}

TEST(AuditChain, OfNoneOrManyEntriesIsWhole) {
  Head head;
  for (const std::uint64_t entries : {0u, 1u, 5u}) {
    const auto records = Chain(entries, head);
    EXPECT_EQ(Check(records, head), std::nullopt) << entries;
  }
}

TEST(AuditChain, AChangeOfAnyByteIsFoundAtItsEntry) {
  Head head;
  const auto good = Chain(3, head);
  for (std::size_t at = 0; at < good[1].size(); ++at) {
    auto records = good;
    records[1][at] = static_cast<char>(records[1][at] ^ 1);
    const auto violation = Check(records, head);
    ASSERT_TRUE(violation.has_value()) << at;
    EXPECT_TRUE(violation->starts_with("entry 2: ")) << *violation;
  }
}

TEST(AuditChain, WhatWasTakenOutPutInOrMovedIsFound) {
  Head head;
  const auto good = Chain(4, head);
  EXPECT_EQ(Check({good[0], good[2], good[3]}, head), "entry 2: entry 3 stands in its place");
  EXPECT_EQ(Check({good[1], good[0], good[2], good[3]}, head),
            "entry 1: entry 2 stands in its place");
  EXPECT_EQ(Check({good[0], good[1], good[1], good[2], good[3]}, head),
            "entry 3: entry 2 stands in its place");
  EXPECT_EQ(Check({good[0], good[1]}, head),
            "entry 3: it is missing, and so is everything to entry 4");
}

TEST(AuditChain, AnEntryThatWasSealedAnewBreaksTheNextOne) {
  Head head;
  auto records = Chain(3, head);
  Entry entry = DecodeEntry(records[1]).value().entry;
  const Hash before = DecodeEntry(records[0]).value().hash;
  entry.why = "another reason";
  records[1].clear();
  EncodeEntry(entry, before, records[1]);
  EXPECT_EQ(Check(records, head), "entry 3: it or an entry before it is not what was written");
}

TEST(AuditChain, TheHeadMustKnowTheLastEntry) {
  Head head;
  const auto records = Chain(2, head);
  EXPECT_EQ(Check(records, {1, DecodeEntry(records[0]).value().hash}),
            "entry 2: the head of the chain does not know it");
  EXPECT_EQ(Check(records, {2, {}}), "entry 2: the head of the chain has another hash");
}

}  // namespace
}  // namespace stockwatch::audit
