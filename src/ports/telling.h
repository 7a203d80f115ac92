#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace stockwatch::ports {

// How much a line of the log matters.
enum class Weight : std::uint8_t { kInfo, kWarning, kError };
// Told of what happens to a source, for the log: `event` as its lines are looked for. On the thread
// that reads the source.
using Tell = std::function<void(Weight weight, std::string_view event, std::string_view message)>;

}  // namespace stockwatch::ports
