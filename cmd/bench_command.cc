#include <cstdio>
#include <optional>

#include "commands.h"
#include "stock_rmw_1/run.h"
#include "thresholds/run.h"

namespace stockwatch::cmd {
namespace {

std::optional<stock_rmw_1::Skew> SkewFrom(const std::string& name) {
  if (name == "uniform") return stock_rmw_1::Skew::kUniform;
  if (name == "80-20") return stock_rmw_1::Skew::k8020;
  if (name == "zipf") return stock_rmw_1::Skew::kZipf;
  return std::nullopt;
}

std::optional<stock_rmw_1::Durability> DurabilityFrom(const std::string& name) {
  if (name == "d0") return stock_rmw_1::Durability::kD0;
  if (name == "d1") return stock_rmw_1::Durability::kD1;
  if (name == "d2") return stock_rmw_1::Durability::kD2;
  return std::nullopt;
}

ExitCode Wrong(const char* message) {
  std::fprintf(stderr, "stockwatch: %s\n", message);
  return ExitCode::kUsage;
}

template <typename Figures>
void Print(const Figures& figures, Output output) {
  if (output == Output::kJson) {
    std::puts(figures.Json().c_str());
  } else {
    std::fputs(figures.Text().c_str(), stdout);
  }
}

ExitCode BenchThresholds(const BenchFlags& flags) {
  constexpr std::uint64_t kRules = 300;
  const bench_thresholds::Figures figures = bench_thresholds::Run(flags.items, kRules);
  Print(figures, flags.output);
  return figures.holds() ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace

ExitCode RunBench(const BenchFlags& flags) {
  // A negative number wraps to one that is far too large.
  constexpr std::uint64_t kMost = 1'000'000'000;
  const auto fits = [](std::uint64_t n) { return n >= 1 && n <= kMost; };
  if (!fits(flags.events) || !fits(flags.items)) {
    return Wrong("--events and --items are 1 to 1,000,000,000");
  }
  if (flags.job == "thresholds") return BenchThresholds(flags);
  if (flags.job != "stock-rmw-1") return Wrong("jobs are stock-rmw-1 and thresholds");
  const auto durability = DurabilityFrom(flags.durability);
  if (!durability) return Wrong("--durability is one of d0, d1, d2");
  if (flags.batch < 1 || flags.batch > 65'536) return Wrong("--batch is 1 to 65,536");
  const auto skew = SkewFrom(flags.skew);
  if (!skew) return Wrong("--skew is one of uniform, 80-20, zipf");
  const stock_rmw_1::Figures figures = stock_rmw_1::Run({{flags.events, flags.items, *skew},
                                                         *durability,
                                                         flags.batch,
                                                         flags.folder.value_or(""),
                                                         !flags.fast});
  Print(figures, flags.output);
  return figures.matches ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
