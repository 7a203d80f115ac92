#pragma once

#include <string>

#include "domain/event/raw_document.h"

namespace stockwatch::decode {

inline constexpr std::size_t kShownBytesMax = 64;

// The value for a message: strings in quotes, cut at 64 bytes, bytes that are no text as '?';
// containers by their type.
std::string ShowValue(const event::RawValue& value);

}  // namespace stockwatch::decode
