#include "scenario_file.h"

#include <cstdio>
#include <sstream>

namespace stockwatch::scenario {
namespace {

constexpr std::int64_t kDay = 86'400;

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \r") - first + 1);
}

// Reads line by line; where a line belongs is decided by what stands before it.
class Parser {
 public:
  File Parse(std::string_view text) {
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
      ++number_;
      Line(line);
    }
    if (file_.timed.empty()) Mistake("nothing happens on the time axis");
    return std::move(file_);
  }

 private:
  void Mistake(const std::string& what) {
    file_.mistakes.push_back("line " + std::to_string(number_) + ": " + what);
  }

  void Line(std::string_view line) {
    const std::string_view text = Trim(line);
    if (text.empty() || text.front() == '#') {
      if (in_settings_) file_.settings += '\n';
      return;
    }
    if (line == "settings:") {
      if (!file_.timed.empty()) Mistake("settings behind the time axis");
      in_settings_ = true;
    } else if (text.starts_with("->") || text.starts_with("? ")) {
      Expect(text);
    } else if (line.front() == ' ' && in_settings_) {
      file_.settings.append(line).push_back('\n');
    } else {
      Timed(text);
    }
  }

  void Expect(std::string_view text) {
    if (file_.timed.empty()) return Mistake("an expectation before the first timed line");
    const bool transition = text.front() == '-';
    TimedLine& timed = file_.timed.back();
    auto& list = transition ? timed.transitions : timed.questions;
    list.push_back({number_, std::string(Trim(text.substr(transition ? 2 : 1)))});
  }

  void Timed(std::string_view text) {
    in_settings_ = false;
    const auto end = text.find(' ');
    const auto time = ParseAxisTime(text.substr(0, end));
    if (!time) return Mistake("no time, \"->\" or \"?\": " + std::string(text));
    if (end == std::string_view::npos) return Mistake("a time without an event");
    if (!file_.timed.empty() && *time < file_.timed.back().seconds) {
      Mistake("earlier than the line before it");
    }
    file_.timed.push_back({number_, *time, std::string(Trim(text.substr(end))), {}, {}});
  }

  File file_;
  int number_ = 0;
  bool in_settings_ = false;
};

}  // namespace

std::optional<std::int64_t> ParseAxisTime(std::string_view text) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  int days = 0;
  int used = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%2d:%2d:%2d%n", &hours, &minutes, &seconds, &used) != 3) {
    return std::nullopt;
  }
  if (copy.size() > static_cast<std::size_t>(used)) {
    int more = 0;
    if (std::sscanf(copy.c_str() + used, "+%dd%n", &days, &more) != 1) return std::nullopt;
    used += more;
  }
  if (copy.size() != static_cast<std::size_t>(used)) return std::nullopt;
  if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  const int of_day = hours * 3600 + minutes * 60 + seconds;
  return kAxisBegin + days * kDay + of_day;
}

std::string AxisTime(std::int64_t seconds) {
  const std::int64_t since = seconds - kAxisBegin;
  const int of_day = static_cast<int>(since % kDay);
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", of_day / 3600, of_day / 60 % 60, of_day % 60);
  std::string time = text;
  if (since >= kDay) time += "+" + std::to_string(since / kDay) + "d";
  return time;
}

std::vector<std::string> Words(std::string_view line) {
  std::istringstream in{std::string(line)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

File ParseFile(std::string_view text) {
  return Parser().Parse(text);
}

}  // namespace stockwatch::scenario
