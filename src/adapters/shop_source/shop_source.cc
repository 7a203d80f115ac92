#include "adapters/shop_source/shop_source.h"

#include <optional>

#include "base/bytes.h"
#include "shop/shop.h"
#include "wire/change_line/change_line.h"

namespace stockwatch::shop_source {
namespace {

// Of positions of shops; no other source's has that number. 2 was a shop of another make-up, which
// gave other changes for the same options.
constexpr std::uint8_t kVersion = 4;

}  // namespace

struct ShopSource::State {
  explicit State(const shop::Options& the_options) : options(the_options), shop(the_options) {}

  shop::Options options;
  shop::Shop shop;
  change_line::ChangeLineReader reader{{}};
  std::uint64_t delivered = 0;

  Pace pace;
  ports::Clock* clock = nullptr;
  std::string early;  // a change whose moment has not come; empty: none
  // Both clocks when pacing began: no line is drawn before the first change behind the lead.
  struct Begun {
    base::Duration monotonic;
    std::uint32_t shop_seconds;
  };
  std::optional<Begun> begun;
};

ShopSource::ShopSource(const shop::Options& options) : state_(std::make_unique<State>(options)) {}

ShopSource::ShopSource(const shop::Options& options, Pace pace, ports::Clock& clock)
    : ShopSource(options) {
  state_->pace = pace;
  state_->clock = &clock;
}

ShopSource::~ShopSource() = default;

base::Result<ports::Next> ShopSource::Read(ports::RawInput& input) {
  input.Clear();
  if (!state_->early.empty()) {
    input.bytes = std::move(state_->early);
    state_->early.clear();
  } else if (!state_->shop.Next(input.bytes)) {
    return ports::Next::kEnd;
  }
  input.line = state_->delivered + 1;
  state_->reader.Read(input);
  if (!IsDue(input)) {
    state_->early = std::move(input.bytes);
    input.Clear();
    return ports::Next::kNothingYet;
  }
  ++state_->delivered;
  return ports::Next::kInput;
}

bool ShopSource::IsDue(const ports::RawInput& input) {
  State& s = *state_;
  if (s.pace.speed == 0 || s.clock == nullptr) return true;
  const std::uint32_t seconds = input.change.position.seconds;
  const auto start = static_cast<std::uint32_t>(s.options.start.micros() / 1'000'000);
  constexpr std::uint32_t kSecondsPerDay = 86'400;
  if (seconds < start + std::uint64_t{s.pace.lead_days} * kSecondsPerDay) return true;
  const base::Duration now = s.clock->Monotonic();
  if (!s.begun) s.begun = {now, seconds};
  const std::int64_t passed = now.micros() - s.begun->monotonic.micros();
  return seconds <= s.begun->shop_seconds + passed / 1'000'000 * s.pace.speed +
                        passed % 1'000'000 * s.pace.speed / 1'000'000;
}

std::string ShopSource::Position() const {
  const shop::Options& options = state_->options;
  std::string record;
  base::ByteWriter writer(record);
  writer.Put(kVersion);
  writer.Put(state_->delivered);
  writer.Put(options.seed);
  writer.Put(options.warehouses);
  writer.Put(options.items_per_warehouse);
  writer.Put(options.start.micros());
  return record;
}

base::Status ShopSource::Resume(std::string_view position) {
  const shop::Options& options = state_->options;
  base::ByteReader reader(position);
  if (reader.Take<std::uint8_t>() != kVersion) {
    return base::Error{base::Code::kFailedPrecondition,
                       "the store follows another kind of source: go on with that one, or begin a "
                       "new store"};
  }
  const auto delivered = reader.Take<std::uint64_t>();
  const auto seed = reader.Take<std::uint64_t>();
  const auto warehouses = reader.Take<std::uint32_t>();
  const auto items = reader.Take<std::uint32_t>();
  const auto start = reader.Take<std::int64_t>();
  const bool same = seed == options.seed && warehouses == options.warehouses &&
                    items == options.items_per_warehouse && start == options.start.micros();
  SW_TRY_STATUS(reader.Finish("position of a generated shop"));
  if (!same) {
    return base::Error{base::Code::kFailedPrecondition,
                       "the store follows another generated shop: use the same seed, warehouses, "
                       "items and start, or a new store"};
  }
  std::string line;
  while (state_->delivered < delivered && state_->shop.Next(line)) ++state_->delivered;
  return {};
}

}  // namespace stockwatch::shop_source
