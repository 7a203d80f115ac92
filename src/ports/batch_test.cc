#include "ports/batch.h"

#include <algorithm>
#include <iterator>

#include "testing/record_checks.h"

namespace stockwatch::ports {
namespace {

using stockwatch::testing::FromHex;

// Says what it reads, an entry a line.
class Teller : public BatchReader {
 public:
  void OnPut(Family family, std::string_view key, std::string_view record) override {
    Say("put " + std::to_string(static_cast<int>(family)), key, record);
  }
  void OnRemove(Family family, std::string_view key) override {
    Say("remove " + std::to_string(static_cast<int>(family)), key, "");
  }
  void OnHistory(std::uint32_t item, base::Position position, std::string_view record) override {
    Say("row " + std::to_string(item) + " @" + std::to_string(position.seconds), "", record);
  }
  void OnForget(std::uint32_t item) override { Say("forget " + std::to_string(item), "", ""); }

  std::string told;

 private:
  void Say(const std::string& what, std::string_view key, std::string_view record) {
    told.append(what).append(" ").append(key).append(" ").append(record).append("\n");
  }
};

Batch Some() {
  Batch batch;
  batch.Put(Family::kItem, "k", "rec");
  batch.Remove(Family::kRule, "kk");
  batch.AppendHistory(7, {1, 2, 3, 4}, "row");
  batch.Forget(9);
  return batch;
}

// Written by hand from docs/formats.md, Batch.
std::string SomeBytes() {
  return FromHex(
      "00 04 0100 03000000 6b 726563"                                    // put
      "01 07 0200 6b6b"                                                  // remove
      "02 07000000 01000000 02000000 03000000 04000000 03000000 726f77"  // history row
      "03 09000000");                                                    // forget
}

TEST(Batch, HasTheDocumentedBytesAndReadsThem) {
  EXPECT_EQ(Some().bytes(), SomeBytes());
  Teller teller;
  ASSERT_TRUE(ReadBatch(SomeBytes(), teller).ok());
  EXPECT_EQ(teller.told, "put 4 k rec\nremove 7 kk \nrow 7 @2  row\nforget 9  \n");
}

TEST(Batch, CutBytesAreDamagedButAtTheEndOfAnEntry) {
  const std::string bytes = SomeBytes();
  const std::size_t ends[] = {0, 12, 18, 46, 51};
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Teller teller;
    const bool whole = std::find(std::begin(ends), std::end(ends), size) != std::end(ends);
    EXPECT_EQ(ReadBatch(bytes.substr(0, size), teller).ok(), whole) << size;
  }
}

TEST(Batch, EntriesOfANewerVersionAreRefused) {
  Teller teller;
  EXPECT_EQ(ReadBatch(FromHex("04"), teller).error().code, base::Code::kFailedPrecondition);
  EXPECT_EQ(ReadBatch(FromHex("01 13 0100 6b"), teller).error().code,
            base::Code::kFailedPrecondition)
      << "a family";
  EXPECT_EQ(ReadBatch(FromHex("01 00 0100 6b"), teller).error().code,
            base::Code::kFailedPrecondition);
  EXPECT_EQ(ReadBatch(FromHex("01 04 0000"), teller).error().code, base::Code::kDataLoss)
      << "no key";
}

TEST(Batch, HistoryOfAForgottenItemCountsFromThereOn) {
  Batch batch;
  batch.AppendHistory(7, {0, 1, 0, 0}, "old");
  std::string rows;
  const auto add = [&](base::Position, std::string_view record) { rows.append(record); };
  EXPECT_FALSE(batch.ReadHistory(7, add)) << "the store's rows count too";
  EXPECT_EQ(rows, "old");
  batch.Forget(7);
  batch.AppendHistory(7, {0, 2, 0, 0}, "new");
  rows.clear();
  EXPECT_TRUE(batch.ReadHistory(7, add));
  EXPECT_EQ(rows, "new");
  batch.Clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_FALSE(batch.ReadHistory(7, add));
}

}  // namespace
}  // namespace stockwatch::ports
