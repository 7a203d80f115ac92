#pragma once

#include <optional>
#include <string>

#include "config/load.h"

namespace stockwatch::cmd {

// The settings of `--config`, the defaults without it. Where they are refused, every mistake is
// written to standard error and there is no value.
std::optional<config::Settings> LoadSettings(const std::optional<std::string>& path);

}  // namespace stockwatch::cmd
