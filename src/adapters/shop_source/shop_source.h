#pragma once

#include <memory>
#include <string>

#include "ports/change_source.h"
#include "ports/clock.h"
#include "shop/options.h"

namespace stockwatch::shop_source {

// How time passes in the shop.
struct Pace {
  std::uint32_t speed = 0;      // seconds of the shop in one of the clock; 0: as fast as it is read
  std::uint32_t lead_days = 0;  // pass as fast as they are read
};

// Changes of the generated shop. The same options give the same changes, so a restart goes on
// behind the last one that was stored; no time passes in the shop in between.
class ShopSource : public ports::ChangeSource {
 public:
  // As fast as they are read. REQUIRES: options.Validate() is ok
  explicit ShopSource(const shop::Options& options);
  // At a pace of the monotonic clock, which outlives it. REQUIRES: the same
  ShopSource(const shop::Options& options, Pace pace, ports::Clock& clock);
  ~ShopSource() override;

  base::Result<ports::Next> Read(ports::RawInput& input) override;
  base::Status Acknowledge() override { return {}; }
  std::string Position() const override;
  // kFailedPrecondition: the position is of a shop with other options.
  base::Status Resume(std::string_view position) override;

 private:
  // Its moment has come, by pace and clock.
  bool IsDue(const ports::RawInput& input);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::shop_source
