#include "domain/outbox/retry_schedule.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "base/assertion.h"

namespace stockwatch::outbox {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
// Longer waits than ten years are no waits.
constexpr std::int64_t kSecondsMax = 3650LL * 86'400;

std::optional<std::int64_t> Digits(std::string_view text, std::size_t most) {
  std::int64_t number = 0;
  if (text.empty() || text.size() > most) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" ,-");
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" ,-", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return words;
}

std::string Padded(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

// A year of two digits lies at most 50 years ahead.
std::int64_t FullYear(std::int64_t year, base::Instant now) {
  std::string text;
  base::AppendInstant(text, now);
  const std::int64_t present = Digits(std::string_view(text).substr(0, 4), 4).value_or(1970);
  const std::int64_t full = present / 100 * 100 + year;
  return full > present + 50 ? full - 100 : full;
}

std::optional<base::Instant> InstantOf(std::string_view year, std::string_view month,
                                       std::string_view day, std::string_view time,
                                       base::Instant now) {
  const auto name = std::find(kMonths.begin(), kMonths.end(), month);
  const auto year_number = Digits(year, 4);
  const auto day_number = Digits(day, 2);
  if (name == kMonths.end() || !year_number || !day_number || time.size() != 8) return std::nullopt;
  const std::int64_t full = year.size() == 2 ? FullYear(*year_number, now) : *year_number;
  const auto parsed =
      base::ParseInstant(Padded(full, 4) + "-" + Padded(name - kMonths.begin() + 1, 2) + "-" +
                         Padded(*day_number, 2) + "T" + std::string(time) + "Z");
  if (!parsed.ok()) return std::nullopt;
  return parsed.value();
}

// Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT; Sun Nov  6 08:49:37 1994
std::optional<base::Instant> ParseHttpDate(std::string_view text, base::Instant now) {
  const std::vector<std::string_view> words = Words(text);
  if (words.size() == 6 && words[5] == "GMT") {
    return InstantOf(words[3], words[2], words[1], words[4], now);
  }
  if (words.size() == 5) return InstantOf(words[4], words[1], words[2], words[3], now);
  return std::nullopt;
}

}  // namespace

std::optional<base::Instant> NextAttempt(std::uint32_t attempts, base::Instant at,
                                         std::uint64_t chance) {
  SW_ASSERT(attempts > 0, "the first attempt is due at once");
  if (attempts >= kRetryDelays.size()) return std::nullopt;
  const std::int64_t delay = kRetryDelays[attempts].micros();
  // A tenth of a day is below 2^34 µs, so the product with 29 bits fits.
  const auto part = static_cast<std::int64_t>(chance >> 35);
  return at + base::Duration::Micros(delay + (((delay / 10) * part) >> 29));
}

std::optional<base::Duration> ParseRetryAfter(std::string_view text, base::Instant now) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (const auto seconds = Digits(text, 18)) {
    return base::Duration::Seconds(std::min(*seconds, kSecondsMax));
  }
  const auto date = ParseHttpDate(text, now);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, base::Duration(), base::Duration::Seconds(kSecondsMax));
}

}  // namespace stockwatch::outbox
