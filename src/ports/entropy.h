#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace stockwatch::ports {

// Chance that nobody can foresee. One caller at a time.
class Entropy {
 public:
  virtual ~Entropy() = default;

  // kUnavailable: the system has none to give.
  virtual base::Status Fill(std::span<std::uint8_t> bytes) = 0;
};

}  // namespace stockwatch::ports
