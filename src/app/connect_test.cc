#include "app/connect.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "base/json_writer.h"
#include "wire/change_line/change_line.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;

// Changes with the number of each in its quantity; its position is how many were delivered.
class NumberedSource : public ports::ChangeSource {
 public:
  explicit NumberedSource(int changes) : changes_(changes) {}

  base::Result<ports::Next> Read(ports::RawInput& input) override {
    input.Clear();
    if (next_ == changes_) return ports::Next::kNothingYet;
    const std::string second = std::to_string(100 + next_);
    input.bytes = R"({"_id":{"_data":"82)" + second +
                  R"("},"operationType":"insert","clusterTime":)" + R"({"$timestamp":{"t":)" +
                  second + R"(,"i":1}},"ns":{"db":"shop","coll":"transactions"},)" +
                  R"("documentKey":{"_id":)" + std::to_string(next_) +
                  R"(},"fullDocument":{"_id":)" + std::to_string(next_) +
                  R"(,"email":"ann@example.org"}})";
    reader_.Read(input);
    if (unreadable == next_) {
      input.reject = event::Reject{event::Stage::kRead, "malformed BSON", "at byte 7"};
    }
    ++next_;
    return ports::Next::kInput;
  }
  std::string Position() const override { return next_ == 0 ? "" : std::to_string(next_); }
  base::Status Resume(std::string_view position) override {
    next_ = std::stoi(std::string(position));
    return {};
  }
  base::Status Acknowledge() override { return {}; }

  int unreadable = -1;  // number of a change

 private:
  int changes_;
  int next_ = 0;
  change_line::ChangeLineReader reader_{change_line::Options{}};
};

// Keeps a record in memory, and fails where it is told to.
class Kept : public ports::PositionStore {
 public:
  base::Result<std::string> Take() override { return record; }
  base::Status Put(std::string_view wanted) override {
    if (fails_with && puts++ == fails_at) return Error{*fails_with, "told to fail"};
    record = wanted;
    return {};
  }
  base::Duration lease() const override { return {}; }

  std::string record;
  int puts = 0;
  int fails_at = 0;
  std::optional<Code> fails_with;
};

class ConnectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char made[] = "/tmp/connect-XXXXXX";
    folder_ = mkdtemp(made);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/changes"; }
  std::vector<std::string> Lines() const {
    std::ifstream file(path());
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  // The numbers of the changes that the lines show.
  std::vector<int> Numbers() const {
    std::vector<int> numbers;
    for (const std::string& line : Lines()) {
      const std::size_t at = line.find(R"("documentKey":{"_id":{"$numberInt":")");
      numbers.push_back(at == std::string::npos ? -1 : std::stoi(line.substr(at + 36)));
    }
    return numbers;
  }
  // Until it has nothing more, or `at_most` steps; one error ends it.
  base::Status Run(ports::ChangeSource& source, Kept& kept, int at_most = 1000) {
    auto file = change_file::ChangeFile::Open(path());
    SW_TRY_STATUS(file.ok() ? base::Status() : file.error());
    Connector connector({source, *file.value(), kept, decoder_, log_}, options_);
    SW_TRY_STATUS(connector.Begin(kept.Take().value()));
    for (int step = 0; step < at_most; ++step) {
      SW_TRY(const bool more, connector.Step());
      if (!more) return {};
    }
    return {};
  }

  std::string folder_;
  Connector::Options options_{.file = "here:changes", .batch_bytes = 600};  // of a few changes
  decode::Options decode_ = [] {
    decode::Options options;
    options.inventory.name = "inventory";
    options.transactions.name = "transactions";
    options.transactions.hooks = {decode::RedactHook{"email"}};
    return options;
  }();
  decode::Decoder decoder_{decode_};
  Log log_{{}, [] { return base::Instant(); }, std::fopen("/dev/null", "w")};
};

std::vector<int> UpTo(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST_F(ConnectTest, EachChangeIsALineWithWhatIsSensitiveProtected) {
  NumberedSource source(10);
  Kept kept;
  ASSERT_TRUE(Run(source, kept).ok());
  EXPECT_EQ(Numbers(), UpTo(10));
  EXPECT_EQ(Lines()[3].find("ann@"), std::string::npos);
  EXPECT_NE(Lines()[3].find(R"("email":"[redacted]")"), std::string::npos);
}

// Killed at every step: behind a batch, with lines that no place knows, before a place was stored.
TEST_F(ConnectTest, ARestartAnywhereLosesAndRepeatsNothing) {
  for (int steps = 0; steps < 6; ++steps) {
    for (const bool place_is_lost : {false, true}) {
      std::filesystem::remove(path());
      Kept kept;
      NumberedSource first(20);
      if (place_is_lost) {
        kept.fails_with = Code::kFailedPrecondition;
        kept.fails_at = steps;
      }
      const bool ended_well = Run(first, kept, place_is_lost ? steps + 1 : steps).ok();
      EXPECT_EQ(ended_well, !place_is_lost) << steps;
      // Before a place is kept nothing is written.
      if (!kept.record.empty()) std::ofstream(path(), std::ios::app) << "half a li";
      NumberedSource second(20);
      kept.fails_with.reset();
      ASSERT_TRUE(Run(second, kept).ok());
      EXPECT_EQ(Numbers(), UpTo(20)) << steps << (place_is_lost ? " lost" : "");
    }
  }
}

TEST_F(ConnectTest, APlaceThatCannotBeReachedHoldsTheSourceBackAndLosesNothing) {
  NumberedSource source(20);
  Kept kept;
  kept.fails_with = Code::kUnavailable;
  auto file = change_file::ChangeFile::Open(path());
  ASSERT_TRUE(file.ok());
  Connector connector({source, *file.value(), kept, decoder_, log_}, options_);
  ASSERT_TRUE(connector.Begin("").ok());
  ASSERT_EQ(connector.Step().error().code, Code::kUnavailable);
  const std::uint64_t read = connector.changes();
  kept.fails_at = kept.puts;
  ASSERT_EQ(connector.Step().error().code, Code::kUnavailable);
  EXPECT_EQ(connector.changes(), read) << "nothing is read behind what is not kept";
  kept.fails_with.reset();
  while (connector.Step().value()) {
  }
  EXPECT_EQ(Numbers(), UpTo(20));
}

TEST_F(ConnectTest, WhatCannotBeReadIsNotedAndTheOthersGoOn) {
  NumberedSource source(3);
  source.unreadable = 1;
  Kept kept;
  ASSERT_TRUE(Run(source, kept).ok());
  EXPECT_EQ(Numbers(), (std::vector<int>{0, -1, 2}));
  EXPECT_EQ(Lines()[1],
            R"({"unreadable":{"reason":"malformed BSON","message":"at byte 7","bytes":null}})")
      << "with a protected field nobody knows what is in them";
}

TEST_F(ConnectTest, AFileThatIsNotThePlacesIsRefused) {
  NumberedSource source(5);
  Kept kept;
  ASSERT_TRUE(Run(source, kept).ok());
  std::filesystem::resize_file(path(), 10);
  NumberedSource again(5);
  EXPECT_EQ(Run(again, kept).error().code, Code::kFailedPrecondition);
  EXPECT_EQ(std::filesystem::file_size(path()), 10u) << "and left as it is";
  std::ofstream(path()) << std::string(5'000, 'x');
  EXPECT_EQ(Run(again, kept).error().code, Code::kFailedPrecondition) << "long enough, and not it";
}

TEST_F(ConnectTest, AFileThatNoPlaceKnowsIsNotWrittenOver) {
  std::ofstream(path()) << "precious";
  NumberedSource source(5);
  Kept kept;
  EXPECT_EQ(Run(source, kept).error().code, Code::kFailedPrecondition);
  EXPECT_EQ(std::filesystem::file_size(path()), 8u);
}

TEST_F(ConnectTest, AnotherMachineGoesOnInAFileOfItsOwn) {
  NumberedSource source(10);
  Kept kept;
  ASSERT_TRUE(Run(source, kept, 2).ok());
  const std::vector<int> before = Numbers();
  ASSERT_GT(before.size(), 1u);
  options_.file = "there:changes";
  NumberedSource shared(10);
  ASSERT_TRUE(Run(shared, kept, 1).ok()) << "the same file, on a disk that both have";
  const std::vector<int> both = Numbers();
  std::filesystem::remove(path());
  options_.file = "elsewhere:changes";
  NumberedSource own(10);
  ASSERT_TRUE(Run(own, kept).ok());
  const std::vector<int> all = UpTo(10);
  EXPECT_EQ(Numbers(),
            std::vector<int>(all.begin() + static_cast<std::ptrdiff_t>(both.size()), all.end()));
}

TEST(ConnectPlaceRecord, HasTheDocumentedBytes) {
  const std::string bytes = std::string("\x01\x01\0\0\0f\x05\0\0\0\0\0\0\0", 14) +
                            std::string(32, '\x07') + std::string("\x02\0\0\0ab", 6);
  ConnectPlace place{"f", 5, {}, "ab"};
  place.tail.fill(7);
  EXPECT_EQ(EncodeConnectPlace(place), bytes);
  EXPECT_EQ(DecodeConnectPlace(bytes).value(), place);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeConnectPlace(bytes.substr(0, size)).error().code, Code::kDataLoss) << size;
  }
  EXPECT_EQ(DecodeConnectPlace("\x02" + bytes.substr(1)).error().code, Code::kFailedPrecondition);
}

}  // namespace
}  // namespace stockwatch::app
