#include "app/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace stockwatch::app {
namespace {

using base::Duration;
using base::Instant;

constexpr Instant kStart = Instant::Seconds(1'790'000'000);  // 2026-09-21T14:13:20Z

// A log into a file without a name, and a clock that stands until it is set.
class Written {
 public:
  explicit Written(LogOptions options = {})
      : file_(std::tmpfile()),
        log_(std::make_unique<Log>(options, [this] { return now; }, file_.get())) {}

  Log& log() { return *log_; }
  void EndLog() { log_.reset(); }

  std::vector<std::string> Lines() {
    EXPECT_EQ(std::fseek(file_.get(), 0, SEEK_SET), 0);
    std::vector<std::string> lines;
    std::string line;
    for (int c = std::getc(file_.get()); c != EOF; c = std::getc(file_.get())) {
      if (c == '\n') {
        lines.push_back(std::move(line));
        line.clear();
      } else {
        line.push_back(static_cast<char>(c));
      }
    }
    EXPECT_EQ(line, "") << "the last line has no end";
    return lines;
  }

  Instant now = kStart;

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> file_;
  std::unique_ptr<Log> log_;
};

std::string FromMessage(const std::string& line) {
  return line.substr(line.find("\"message\""));
}

std::uint64_t Suppressed(const std::string& line) {
  constexpr std::string_view kKey = "\"suppressed\":";
  const std::size_t at = line.find(kKey);
  return at == std::string::npos ? 0 : std::stoull(line.substr(at + kKey.size()));
}

TEST(Log, FieldsStandInOneOrder) {
  Written written;
  written.log().Write(LogLevel::kInfo, "batch_committed", "committed a batch",
                      {{"inputs", 12},
                       {"bytes", 7U},
                       {"seconds", 0.25},
                       {"late", false},
                       {"source", "orders"},
                       {"cursor", std::string("82a")},
                       {"lag", -3L}});
  EXPECT_EQ(written.Lines(),
            std::vector<std::string>{
                R"({"ts":"2026-09-21T14:13:20Z","level":"info","event":"batch_committed",)"
                R"("message":"committed a batch","inputs":12,"bytes":7,"seconds":0.25,)"
                R"("late":false,"source":"orders","cursor":"82a","lag":-3})"});
}

TEST(Log, NumbersBeyondJsonAreTexts) {
  Written written;
  written.log().Write(LogLevel::kInfo, "e", "m",
                      {{"a", std::numeric_limits<double>::quiet_NaN()},
                       {"b", -std::numeric_limits<double>::infinity()},
                       {"c", std::numeric_limits<std::uint64_t>::max()},
                       {"d", 1e300}});
  EXPECT_NE(written.Lines().at(0).find(
                R"("a":"NaN","b":"-Infinity","c":18446744073709551615,"d":1e+300})"),
            std::string::npos);
}

TEST(Log, NoTextBreaksTheLine) {
  struct Case {
    std::string text;
    std::string json;
  };
  const std::vector<Case> cases{
      {"a\nb\"c\\", R"("a\nb\"c\\")"},
      {std::string("\0\x1b[31m", 6), R"("\u0000\u001b[31m")"},
      {"gr\xC3\xBC\xC3\x9F", "\"gr\xC3\xBC\xC3\x9F\""},
      {"x\xFFy", "\"x\xEF\xBF\xBDy\""},
      {"\x7F", "\"\xEF\xBF\xBD\""},
      {"\xC3", "\"\xEF\xBF\xBD\""},
      {"\xC2\x9B", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (const Case& c : cases) {
    Written written;
    written.log().Write(LogLevel::kInfo, "e", c.text, {{"value", c.text}});
    ASSERT_EQ(written.Lines().size(), 1U);
    EXPECT_EQ(FromMessage(written.Lines()[0]),
              R"("message":)" + c.json + R"(,"value":)" + c.json + "}");
  }
}

TEST(Log, LongTextIsCutBetweenCharacters) {
  Written written({.text_bytes_max = 64});
  written.log().Write(LogLevel::kInfo, "e", std::string(63, 'x') + "\xC3\xBC");
  EXPECT_EQ(FromMessage(written.Lines().at(0)),
            R"("message":")" + std::string(63, 'x') + "\xE2\x80\xA6\"}");
}

TEST(Log, LinesBelowTheLevelAreNotWritten) {
  Written written({.level_min = LogLevel::kWarning});
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    written.log().Write(level, "e", "m");
  }
  const auto lines = written.Lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find(R"("level":"warning")"), std::string::npos);
  EXPECT_NE(lines[1].find(R"("level":"error")"), std::string::npos);
}

TEST(Log, TextIsForTerminals) {
  Written written({.format = LogFormat::kText, .burst = 1});
  for (int i = 0; i < 2; ++i) {
    written.log().Write(LogLevel::kWarning, "source_lost", "lost\x1b[1m the source",
                        {{"source", "a b"}, {"url", "mongodb://x"}, {"empty", ""}, {"tries", 3}});
  }
  written.EndLog();
  EXPECT_EQ(
      written.Lines(),
      (std::vector<std::string>{
          R"(14:13:20 warning lost\u001b[1m the source source="a b" url=mongodb://x empty="" )"
          "tries=3",
          "14:13:20 warning repeated lines of source_lost were left out suppressed=1"}));
}

TEST(LogSampling, MillionEqualErrorsAreFewLinesAndAnExactCount) {
  Written written({.window = Duration::Seconds(60), .burst = 10, .error_burst = 25});
  constexpr int kErrors = 1'000'000;
  for (int i = 0; i < kErrors; ++i) {
    written.now =
        kStart + Duration::Micros(std::int64_t{i} * 200);  // 200 s: windows of 60, 60, 60 and 20 s
    written.log().Write(LogLevel::kError, "commit_failed", "cannot commit");
  }
  written.EndLog();
  const auto lines = written.Lines();
  EXPECT_EQ(lines.size(), 4 * (25U + 1));
  std::uint64_t told = 0;
  for (const std::string& line : lines) {
    told += line.find("\"message\":\"cannot commit\"") == std::string::npos ? Suppressed(line) : 1;
  }
  EXPECT_EQ(told, kErrors);
}

TEST(LogSampling, CountIsToldBeforeTheNextLine) {
  Written written({.burst = 1});
  for (int i = 0; i < 5; ++i) written.log().Write(LogLevel::kInfo, "e", "m");
  written.now = kStart + Duration::Seconds(60);
  written.log().Write(LogLevel::kInfo, "e", "again");
  EXPECT_EQ(written.Lines(),
            (std::vector<std::string>{
                R"({"ts":"2026-09-21T14:13:20Z","level":"info","event":"e","message":"m"})",
                R"({"ts":"2026-09-21T14:14:20Z","level":"info","event":"e",)"
                R"("message":"repeated lines of e were left out","suppressed":4})",
                R"({"ts":"2026-09-21T14:14:20Z","level":"info","event":"e","message":"again"})"}));
}

TEST(LogSampling, FlushTellsWindowsThatHavePassedOnce) {
  Written written({.burst = 1});
  for (int i = 0; i < 5; ++i) written.log().Write(LogLevel::kInfo, "e", "m");
  written.log().Flush(kStart + Duration::Seconds(59));
  EXPECT_EQ(written.Lines().size(), 1U);
  written.log().Flush(kStart + Duration::Seconds(60));
  written.log().Flush(kStart + Duration::Seconds(61));
  ASSERT_EQ(written.Lines().size(), 2U);
  EXPECT_EQ(Suppressed(written.Lines()[1]), 4U);
  written.EndLog();
  EXPECT_EQ(written.Lines().size(), 2U);
}

TEST(LogSampling, EventsAndLevelsCountApart) {
  Written written({.burst = 1});
  for (int i = 0; i < 3; ++i) {
    written.log().Write(LogLevel::kInfo, "a", "m");
    written.log().Write(LogLevel::kInfo, "b", "m");
    written.log().Write(LogLevel::kWarning, "a", "m");
  }
  EXPECT_EQ(written.Lines().size(), 3U);
}

TEST(LogSampling, EventsBeyondTheLimitShareOneCount) {
  Written written({.burst = 1, .events_max = 2});
  for (int i = 0; i < 10; ++i) {
    written.log().Write(LogLevel::kInfo, "event_" + std::to_string(i), "m");
  }
  EXPECT_EQ(written.Lines().size(), 3U);  // two of their own, and the first of the others
  written.EndLog();
  ASSERT_EQ(written.Lines().size(), 4U);
  EXPECT_NE(written.Lines()[3].find(R"("event":"other")"), std::string::npos);
  EXPECT_EQ(Suppressed(written.Lines()[3]), 7U);
}

TEST(LogSampling, ClockThatIsSetBackEndsTheWindow) {
  Written written({.burst = 1});
  for (int i = 0; i < 3; ++i) written.log().Write(LogLevel::kInfo, "e", "m");
  written.now = kStart - Duration::Hours(1);
  written.log().Write(LogLevel::kInfo, "e", "m");
  ASSERT_EQ(written.Lines().size(), 3U);
  EXPECT_EQ(Suppressed(written.Lines()[1]), 2U);
}

TEST(LogSampling, ThreadsLoseNoCountAndMixNoLines) {
  Written written({.burst = 100});
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) written.log().Write(LogLevel::kInfo, "e", "m");
      });
    }
  }
  written.EndLog();
  const auto lines = written.Lines();
  ASSERT_EQ(lines.size(), 101U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(lines[i], lines[0]);
  EXPECT_EQ(Suppressed(lines[100]), 3900U);
}

TEST(Log, LineThatTheSinkDoesNotTakeIsCounted) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> full(std::fopen("/dev/full", "w"),
                                                             &std::fclose);
  ASSERT_NE(full, nullptr);
  Log log({}, [] { return kStart; }, full.get());
  log.Write(LogLevel::kInfo, "e", "m");
  EXPECT_EQ(log.lines_lost(), 1U);
}

TEST(LogOptions, MistakesAreNamed) {
  EXPECT_TRUE(LogOptions().Validate().empty());
  const LogOptions wrong{.window = Duration(), .burst = 0, .events_max = 0, .text_bytes_max = 1};
  EXPECT_EQ(wrong.Validate().size(), 4U);
  EXPECT_EQ((LogOptions{.burst = 5, .error_burst = 4}.Validate().at(0).message),
            "log.error_burst: 4 is below log.burst");
}

}  // namespace
}  // namespace stockwatch::app
