#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/event/change.h"
#include "domain/event/condition_type.h"

namespace stockwatch::console_notifier {

// When a condition holds.
enum class Holds { kAtMost, kAtLeast, kAbove, kBelow };

// What a condition compares, in the words of the domain.
struct Words {
  std::string_view figure;
  Holds holds;
};

// Of a condition of stock: the figure that is compared, unknown where an older version wrote it.
Words WordsOf(event::ConditionType type, std::optional<event::Compare> compare);

bool DoesHold(Holds holds, std::int64_t value, std::int64_t threshold);
// The comparator that is true. Inside the clear margin an open alert is beyond its threshold on the
// good side.
std::string_view Comparator(Holds holds, bool does_hold);

}  // namespace stockwatch::console_notifier
