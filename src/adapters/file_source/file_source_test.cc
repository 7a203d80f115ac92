#include "adapters/file_source/file_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace stockwatch::file_source {
namespace {

class FileSourceTest : public testing::Test {
 public:
  FileSourceTest() : folder((std::filesystem::temp_directory_path() / "file-XXXXXX").string()) {
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
  }
  ~FileSourceTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::string Path() const { return folder + "/changes"; }
  void Write(const std::string& text) { std::ofstream(Path()) << text; }
  void Append(const std::string& text) { std::ofstream(Path(), std::ios::app) << text; }
  std::unique_ptr<FileSource> Open(bool follow = false) const {
    Options options;
    options.path = Path();
    options.follow = follow;
    return FileSource::Open(options).value();
  }
  // "2:text": the next line and its number.
  static std::string Read(FileSource& source) {
    ports::RawInput input;
    switch (source.Read(input).value()) {
      case ports::Next::kInput:
        return std::to_string(input.line) + ":" + input.bytes;
      case ports::Next::kNothingYet:
        return "nothing yet";
      case ports::Next::kEnd:
        return "end";
    }
    return "";
  }

  std::string folder;
};

// Its writer comes and goes; nobody who reads waits for it.
TEST_F(FileSourceTest, APipeThatHasNothingNowGivesBackTheThread) {
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  const int pipe = open(Path().c_str(), O_RDWR | O_CLOEXEC);
  Options options;
  options.path = Path();
  options.follow = true;
  options.line_bytes_max = 4;
  const auto source = FileSource::Open(options).value();
  const auto say = [&](std::string_view text) {
    return write(pipe, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  };
  EXPECT_EQ(Read(*source), "nothing yet");
  ASSERT_TRUE(say("a\nb"));
  EXPECT_EQ(Read(*source), "1:a");
  EXPECT_EQ(Read(*source), "nothing yet");
  ASSERT_TRUE(say("c\nlonger"));
  EXPECT_EQ(Read(*source), "2:bc");
  EXPECT_EQ(Read(*source), "nothing yet");
  ASSERT_TRUE(say("\n"));
  ports::RawInput input;
  ASSERT_EQ(source->Read(input).value(), ports::Next::kInput);
  ASSERT_TRUE(input.reject.has_value());
  EXPECT_EQ(input.reject->reason, "too large") << "what was too long stays too long";
  close(pipe);
}

TEST_F(FileSourceTest, GoesOnBehindAPosition) {
  Write("a\nb\nc\n");
  const auto first = Open();
  EXPECT_EQ(Read(*first), "1:a");
  EXPECT_EQ(Read(*first), "2:b");
  const auto second = Open();
  ASSERT_TRUE(second->Resume(first->Position()).ok());
  EXPECT_EQ(second->Position(), first->Position());
  EXPECT_EQ(Read(*second), "3:c");
  EXPECT_EQ(Read(*second), "end");
  Append("d\n");
  const auto third = Open();
  ASSERT_TRUE(third->Resume(second->Position()).ok());
  EXPECT_EQ(Read(*third), "4:d");
}

TEST_F(FileSourceTest, AnotherFileIsReadFromItsStart) {
  Write("a\nb\nc\n");
  const auto first = Open();
  EXPECT_EQ(Read(*first), "1:a");
  EXPECT_EQ(Read(*first), "2:b");
  for (const char* other : {"x\nb\nc\n", "a\n"}) {
    Write(other);
    const auto second = Open();
    ASSERT_TRUE(second->Resume(first->Position()).ok());
    EXPECT_EQ(Read(*second), std::string("1:") + other[0]);
  }
}

TEST_F(FileSourceTest, APositionThatIsNoneIsRefused) {
  Write("a\n");
  EXPECT_EQ(Open()->Resume("\1").error().code, base::Code::kDataLoss);
  std::string shop = Open()->Position();
  shop[0] = 2;
  EXPECT_EQ(Open()->Resume(shop).error().code, base::Code::kFailedPrecondition);
}

TEST_F(FileSourceTest, FollowsAFileAndTakesALineWhenItsBreakIsThere) {
  Write("a\nb");
  const auto source = Open(true);
  EXPECT_EQ(Read(*source), "1:a");
  EXPECT_EQ(Read(*source), "nothing yet");
  const std::string position = source->Position();
  Append("b\nc\n");
  EXPECT_EQ(Read(*source), "2:bb");
  EXPECT_EQ(Read(*source), "3:c");
  EXPECT_EQ(Read(*source), "nothing yet");
  const auto again = Open(true);
  ASSERT_TRUE(again->Resume(position).ok());
  EXPECT_EQ(Read(*again), "2:bb") << "the begun line is read whole";
}

TEST_F(FileSourceTest, WithoutFollowingTheLastLineNeedsNoBreak) {
  Write("a\nb");
  const auto source = Open();
  EXPECT_EQ(Read(*source), "1:a");
  EXPECT_EQ(Read(*source), "2:b");
  EXPECT_EQ(Read(*source), "end");
}

}  // namespace
}  // namespace stockwatch::file_source
