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
    std::string told;
    Options options;
    options.path = Path();
    options.tell = [&](ports::Weight, std::string_view event, std::string_view) { told += event; };
    const auto second = FileSource::Open(options).value();
    ASSERT_TRUE(second->Resume(first->Position()).ok());
    EXPECT_EQ(told, "source_other") << "the rest of the first may not have been read";
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

// tail -F does the same; a writer that was told late to go on in the next loses nothing.
TEST_F(FileSourceTest, ARenamedFileIsReadToItsEndThenTheNextOfItsName) {
  const std::string before = Path() + ".1";
  const auto append_before = [&](const char* text) {
    std::ofstream(before, std::ios::app) << text;
  };
  Write("a\n");
  const auto source = Open(true);
  EXPECT_EQ(Read(*source), "1:a");
  std::filesystem::rename(Path(), before);
  append_before("b\nc");
  EXPECT_EQ(Read(*source), "2:b");
  EXPECT_EQ(Read(*source), "nothing yet");
  EXPECT_TRUE(source->trouble().has_value()) << "no file has the name";
  Write("");
  EXPECT_EQ(Read(*source), "nothing yet");
  EXPECT_FALSE(source->trouble().has_value());
  append_before("c\nd");
  EXPECT_EQ(Read(*source), "3:cc") << "the writer has not gone on yet";
  Write("x\n");
  EXPECT_EQ(Read(*source), "nothing yet");
  EXPECT_EQ(Read(*source), "4:d") << "no break comes any more";
  EXPECT_EQ(Read(*source), "nothing yet");
  const std::string at_end = source->Position();
  EXPECT_EQ(Read(*source), "nothing yet");
  EXPECT_EQ(source->Position(), at_end) << "not all of it is safe";
  ASSERT_TRUE(source->Acknowledge().ok());
  EXPECT_EQ(Read(*source), "nothing yet");
  EXPECT_EQ(Read(*source), "1:x");
}

TEST_F(FileSourceTest, AFileThatWasTruncatedIsAnErrorAndNeverReadFromTheMiddle) {
  for (const char* after : {"", "x\n", "longer\nlines\nthan before\n"}) {
    Write("a\nb\nc\n");
    const auto source = Open(true);
    for (const char* line : {"1:a", "2:b", "3:c", "nothing yet"}) EXPECT_EQ(Read(*source), line);
    Write(after);
    ports::RawInput input;
    const auto read = source->Read(input);
    ASSERT_FALSE(read.ok()) << after;
    EXPECT_EQ(read.error().code, base::Code::kDataLoss);
    EXPECT_NE(read.error().message.find("behind line 3"), std::string::npos);
  }
}

// As the file of `connect` after a crash: what its place does not know is cut off, and comes again.
TEST_F(FileSourceTest, AFileThatWasCutBackIsReadAgainFromItsBeginning) {
  const std::string first(5000, 'a');  // more than a file is known by
  for (const char* after : {"", "b\n", "b\nother\nd\n"}) {
    Write(first + "\nb\nc\n");
    std::string told;
    Options options;
    options.path = Path();
    options.follow = true;
    options.tell = [&](ports::Weight, std::string_view event, std::string_view) { told += event; };
    const auto source = FileSource::Open(options).value();
    EXPECT_EQ(Read(*source), "1:" + first);
    for (const char* line : {"2:b", "3:c", "nothing yet"}) EXPECT_EQ(Read(*source), line);
    Write(first + "\n" + after);
    EXPECT_EQ(Read(*source), "nothing yet");
    EXPECT_EQ(told, "source_cut") << after;
    EXPECT_EQ(Read(*source), "1:" + first);
  }
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
