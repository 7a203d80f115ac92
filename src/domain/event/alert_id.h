#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/event/command.h"

namespace stockwatch::event {

// An alert's id as people and programs write it: 32 hexadecimal digits.
std::string AlertIdText(const AlertId& id);
// nullopt: it is no such text.
std::optional<AlertId> ParseAlertId(std::string_view text);

}  // namespace stockwatch::event
