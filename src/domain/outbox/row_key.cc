#include "domain/outbox/row_key.h"

#include <charconv>

namespace stockwatch::outbox {
namespace {

std::optional<std::uint32_t> NumberOf(std::string_view text) {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || read != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<PlaceInAlert> PlaceOf(std::string_view key) {
  const std::size_t id_end = key.find('/');
  const std::size_t last = key.rfind('/');
  if (id_end == std::string_view::npos || id_end == last) return std::nullopt;
  const std::size_t transition_end = key.find('/', id_end + 1);
  const auto transition = NumberOf(key.substr(id_end + 1, transition_end - id_end - 1));
  const auto occurrence = NumberOf(key.substr(last + 1));
  if (!transition || !occurrence) return std::nullopt;
  constexpr int kBits = 32;
  return PlaceInAlert{key.substr(0, id_end), (std::uint64_t{*transition} << kBits) | *occurrence};
}

}  // namespace stockwatch::outbox
