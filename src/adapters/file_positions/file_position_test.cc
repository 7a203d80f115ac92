#include "adapters/file_positions/file_position.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace stockwatch::file_positions {
namespace {

using base::Code;

class FilePositionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char made[] = "/tmp/position-XXXXXX";
    folder_ = mkdtemp(made);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/place"; }
  std::string Bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Overwrite(const std::string& bytes) { std::ofstream(path(), std::ios::binary) << bytes; }

  std::string folder_;
};

TEST_F(FilePositionTest, GivesWhatWasPutLast) {
  {
    FilePosition position(path());
    EXPECT_EQ(position.Take().value(), "");
    ASSERT_TRUE(position.Put("one").ok());
    ASSERT_TRUE(position.Put(std::string("two\0", 4)).ok());
  }
  FilePosition again(path());
  EXPECT_EQ(again.Take().value(), std::string("two\0", 4));
}

TEST_F(FilePositionTest, IsOneProcessesAtATime) {
  auto first = std::make_unique<FilePosition>(path());
  ASSERT_TRUE(first->Take().ok());
  FilePosition second(path());
  EXPECT_EQ(second.Take().error().code, Code::kUnavailable);
  first.reset();
  EXPECT_TRUE(second.Take().ok());
}

TEST_F(FilePositionTest, DamageAndNewerVersionsAreNeverABeginning) {
  {
    FilePosition position(path());
    ASSERT_TRUE(position.Take().ok());
    ASSERT_TRUE(position.Put("a place").ok());
  }
  const std::string good = Bytes();
  const auto code = [&](const std::string& bytes) {
    Overwrite(bytes);
    return FilePosition(path()).Take().error().code;
  };
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(code(good.substr(0, size)), Code::kDataLoss) << size;
  }
  for (std::size_t at = 1; at < good.size(); ++at) {
    std::string other = good;
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_EQ(code(other), Code::kDataLoss) << at;
  }
  EXPECT_EQ(code("\x02" + good.substr(1)), Code::kFailedPrecondition);
}

TEST_F(FilePositionTest, WhatTheDiskDoesNotTakeLeavesTheOneBefore) {
  FilePosition position(path());
  ASSERT_TRUE(position.Take().ok());
  ASSERT_TRUE(position.Put("before").ok());
  std::filesystem::create_directory(path() + ".new");
  EXPECT_FALSE(position.Put("behind").ok());
  EXPECT_NE(Bytes().find("before"), std::string::npos);
}

}  // namespace
}  // namespace stockwatch::file_positions
