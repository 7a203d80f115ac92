#include <charconv>
#include <cstdio>
#include <utility>

#include "adapters/file_source/file_source.h"
#include "adapters/shop_source/shop_source.h"
#include "app/parts.h"
#include "app/quality/generated.h"
#include "commands.h"
#include "settings_flag.h"

namespace stockwatch::cmd {
namespace {

ExitCode Failed(const base::Error& error) {
  std::fprintf(stderr, "stockwatch: %s\n", error.message.c_str());
  return ExitCode::kFailed;
}

// "7" or "7..9".
std::optional<std::pair<std::uint64_t, std::uint64_t>> ParseSeeds(const std::string& text) {
  const std::size_t dots = text.find("..");
  const auto number = [](std::string_view part) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
    return value;
  };
  const auto first = number(std::string_view(text).substr(0, dots));
  const auto last =
      dots == std::string::npos ? first : number(std::string_view(text).substr(dots + 2));
  constexpr std::uint64_t kSeedsMax = 1000;
  if (!first || !last || *last < *first || *last - *first >= kSeedsMax) return std::nullopt;
  return std::pair(*first, *last);
}

base::Result<quality::Report> MeasureFile(const QualityFlags& flags, config::Settings settings) {
  quality::Options options;
  options.flow = std::move(settings.flow);
  options.decode = std::move(settings.decode);
  if (quality::AddCoverRule(options.flow)) {
    std::fprintf(stderr,
                 "stockwatch: no rule of the settings gives days_of_cover: taken as half of the "
                 "lead time of the settings\n");
  }
  SW_TRY(auto source, file_source::FileSource::Open(
                          app::FileOptionsFrom(settings.source, std::string(*flags.file))));
  return quality::Measure(*source, options);
}

int Print(const QualityFlags& flags, const quality::Report& report) {
  return std::puts((flags.output == Output::kJson ? report.Json() : report.Text()).c_str());
}

}  // namespace

ExitCode RunQuality(const QualityFlags& flags) {
  if (flags.file) {
    auto settings = LoadSettings(flags.config);
    if (!settings) return ExitCode::kUsage;
    const auto report = MeasureFile(flags, *std::move(settings));
    if (!report.ok()) return Failed(report.error());
    Print(flags, report.value());
    return ExitCode::kDone;
  }
  const auto seeds = ParseSeeds(flags.seeds);
  if (!seeds) {
    std::fprintf(stderr, "stockwatch: --seeds is not \"A..B\" of at most 1000 seeds: \"%s\"\n",
                 flags.seeds.c_str());
    return ExitCode::kUsage;
  }
  quality::Report all;
  for (std::uint64_t seed = seeds->first; seed <= seeds->second; ++seed) {
    shop::Options shop;
    shop.seed = seed;
    shop.days = flags.days;
    if (auto valid = shop.Validate(); !valid.ok()) {
      std::fprintf(stderr, "stockwatch: %s\n", valid.error().message.c_str());
      return ExitCode::kUsage;
    }
    shop_source::ShopSource source(shop);
    const auto report = quality::Measure(source, quality::OptionsOf(shop));
    if (!report.ok()) return Failed(report.error());
    all.Add(report.value());
  }
  Print(flags, all);
  return ExitCode::kDone;
}

}  // namespace stockwatch::cmd
