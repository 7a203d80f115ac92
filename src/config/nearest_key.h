#pragma once

#include <span>
#include <string>
#include <string_view>

namespace stockwatch::config {

// The known key that `key` was most likely meant to be: a few letters apart, or the beginning of
// one another. Empty if none is near.
std::string_view NearestKey(std::string_view key, std::span<const std::string_view> known);

// What is wrong with an unknown key: the nearest one, else all that are known.
std::string UnknownKey(std::string_view key, std::span<const std::string_view> known);

}  // namespace stockwatch::config
