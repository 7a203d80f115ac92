#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/audit/entry.h"

namespace stockwatch::audit {

// SHA-256 over the hash before the entry (zeros before the first) and the bytes of its record
// without the hash at their end.
Hash HashOf(const Hash& previous, std::string_view bytes);

// Reads a chain from its first entry and tells where it is broken. One thread.
class ChainCheck {
 public:
  // The next record in the order of the numbers. What is wrong with it; nothing more is looked at
  // behind the first violation.
  std::optional<std::string> Take(std::string_view record);
  // No entry comes any more, and the store says that the chain stands at `head`.
  std::optional<std::string> Finish(const Head& head) const;

  // Where the chain stands after the entries that were taken.
  const Head& reached() const { return reached_; }

 private:
  Head reached_;
};

}  // namespace stockwatch::audit
