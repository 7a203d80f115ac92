#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::scenario {

// A time axis for people: 00:00:00 of day 0 is Monday 2026-01-05, UTC.
inline constexpr std::int64_t kAxisBegin = 1'767'571'200;

// "09:00:00", with a day behind it "09:00:00+3d", as seconds since the epoch.
std::optional<std::int64_t> ParseAxisTime(std::string_view text);
std::string AxisTime(std::int64_t seconds);

std::vector<std::string> Words(std::string_view line);

// A scenario: settings, then on the time axis what happens and what is to come of it.
//
//   # comment
//   settings:
//     thresholds: …            YAML of a settings file
//   09:00:00  W1/A doc on_hand=20
//     -> opened low_stock W1/A value 20 threshold 20 by low v1
//     ? W1/A available 20
//
// The expectations below a timed line are all that happened since the timed line before it, in
// order; README.md has the forms of events and expectations.
struct Expectation {
  int line = 0;
  std::string text;
};
struct TimedLine {
  int line = 0;
  std::int64_t seconds = 0;
  std::string event;
  std::vector<Expectation> transitions;  // "-> …"
  std::vector<Expectation> questions;    // "? …"
};
struct File {
  std::string settings;
  std::vector<TimedLine> timed;
  std::vector<std::string> mistakes;  // each with its line
};

File ParseFile(std::string_view text);

}  // namespace stockwatch::scenario
