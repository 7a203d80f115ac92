// Any text is settings or a list of mistakes, the same ones each time; settings without a mistake
// are valid for the modules that use them.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assertion.h"
#include "config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto loaded = stockwatch::config::Load(text);
  const auto again = stockwatch::config::Load(text);
  SW_ASSERT(loaded.errors.size() == again.errors.size(), "the same text has the same mistakes");
  for (std::size_t i = 0; i < loaded.errors.size(); ++i) {
    SW_ASSERT(!loaded.errors[i].message.empty(), "a mistake says what is wrong");
    SW_ASSERT(loaded.errors[i].message == again.errors[i].message, "mistakes have one order");
  }
  if (loaded.ok()) {
    SW_ASSERT(loaded.settings.decode.Validate().empty(), "good settings of decode are valid");
    SW_ASSERT(loaded.settings.flow.Validate().empty(), "good settings of flow are valid");
  }
  return 0;
}
