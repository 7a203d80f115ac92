#pragma once

#include <memory>
#include <string>

#include "ports/change_source.h"
#include "shop/options.h"

namespace stockwatch::shop_source {

// Changes of the generated shop, as fast as they are read. The same options give the same changes,
// so a restart goes on behind the last one that was stored.
class ShopSource : public ports::ChangeSource {
 public:
  // REQUIRES: options.Validate() is ok
  explicit ShopSource(const shop::Options& options);
  ~ShopSource() override;

  base::Result<ports::Next> Read(ports::RawInput& input) override;
  base::Status Acknowledge() override { return {}; }
  std::string Position() const override;
  // kFailedPrecondition: the position is of a shop with other options.
  base::Status Resume(std::string_view position) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::shop_source
