#include <algorithm>
#include <charconv>

#include "base/random.h"
#include "sim/simulation.h"

namespace stockwatch::sim {
namespace {

constexpr std::uint32_t kCrashesMax = 12;
constexpr std::uint32_t kBlock = 32;  // inputs that a pipeline reads before it looks at its limit

template <typename Number>
bool Parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool ReadLine(const std::vector<std::string_view>& words, Schedule& schedule) {
  if (words.size() == 2 && words[0] == "seed") return Parse(words[1], schedule.seed);
  if (words.size() == 2 && words[0] == "events") return Parse(words[1], schedule.events);
  if (words.size() == 2 && words[0] == "mutant") {
    std::uint8_t number = 0;
    const bool good = Parse(words[1], number) && number < kMutants;
    schedule.mutant = static_cast<Mutant>(number);
    return good;
  }
  if (words.size() != 4 || words[0] != "crash") return false;
  CrashPoint crash;
  const auto* fault = std::find(kFaultNames.begin(), kFaultNames.end(), words[2]);
  crash.fault = static_cast<Fault>(fault - kFaultNames.begin());
  schedule.crashes.push_back(crash);
  return fault != kFaultNames.end() && Parse(words[1], schedule.crashes.back().commit) &&
         Parse(words[3], schedule.crashes.back().rewind);
}

}  // namespace

Schedule Draw(std::uint64_t seed, std::uint32_t events, Mutant mutant) {
  Schedule schedule{seed, events, mutant, {}};
  const World world(seed);
  base::Random random(base::SplitMix64(seed ^ 0x6372617368));
  std::uint32_t batch = (world.options.batch_inputs_max + kBlock - 1) / kBlock * kBlock;
  if (world.pause_one_in > 0) batch = std::min(batch, world.pause_one_in);
  for (std::uint32_t left = random.Below(kCrashesMax + 1); left > 0; --left) {
    CrashPoint crash;
    crash.commit = 1 + random.Below(events / batch + 2);
    crash.fault = static_cast<Fault>(random.Below(kFaultNames.size()));
    if (random.Chance(1, 2)) crash.rewind = random.Below(1000);
    schedule.crashes.push_back(crash);
  }
  std::sort(schedule.crashes.begin(), schedule.crashes.end(),
            [](const CrashPoint& a, const CrashPoint& b) { return a.commit < b.commit; });
  return schedule;
}

Schedule Shrink(Schedule failing) {
  const auto try_smaller = [&](Schedule smaller) {
    if (Run(smaller).broken.empty()) return false;
    failing = std::move(smaller);
    return true;
  };
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = failing.crashes.size(); i-- > 0;) {
      Schedule without = failing;
      without.crashes.erase(without.crashes.begin() + static_cast<std::ptrdiff_t>(i));
      smaller = try_smaller(std::move(without)) || smaller;
    }
    Schedule half = failing;
    half.events /= 2;
    if (half.events > 0) smaller = try_smaller(std::move(half)) || smaller;
  }
  return failing;
}

std::string Write(const Schedule& schedule) {
  std::string text = "seed " + std::to_string(schedule.seed) + "\nevents " +
                     std::to_string(schedule.events) + "\n";
  if (schedule.mutant != Mutant::kNone) {
    text += "mutant " + std::to_string(static_cast<int>(schedule.mutant)) + "\n";
  }
  for (const CrashPoint& crash : schedule.crashes) {
    text += "crash " + std::to_string(crash.commit) + " ";
    text += kFaultNames[static_cast<std::size_t>(crash.fault)];
    text += " " + std::to_string(crash.rewind) + "\n";
  }
  return text;
}

base::Result<Schedule> Read(std::string_view text) {
  Schedule schedule;
  for (const std::string_view line : Split(text, '\n')) {
    if (ReadLine(Split(line, ' '), schedule)) continue;
    return base::Error{base::Code::kInvalidArgument,
                       "cannot read schedule: no line of one: \"" + std::string(line) + "\""};
  }
  return schedule;
}

}  // namespace stockwatch::sim
