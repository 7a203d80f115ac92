#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "domain/event/change.h"
#include "domain/event/raw_document.h"
#include "domain/event/rule.h"

namespace stockwatch::decode {

inline constexpr std::size_t kRuleReasonBytesMax = 1024;
inline constexpr std::size_t kRuleChannelsMax = 64;

// The rule in the document at `root`, unvalidated, or why there is none. `schema_version` is passed
// over.
std::variant<event::Rule, event::Reject> ReadRule(const event::RawDocument& document,
                                                  std::uint32_t root,
                                                  std::string_view author_default);

}  // namespace stockwatch::decode
