#pragma once

#include "ports/entropy.h"

namespace stockwatch::system_entropy {

// The kernel's generator.
class SystemEntropy : public ports::Entropy {
 public:
  base::Status Fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace stockwatch::system_entropy
