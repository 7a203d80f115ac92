#include "settings_flag.h"

#include <cstdio>

namespace stockwatch::cmd {

std::optional<config::Settings> LoadSettings(const std::optional<std::string>& path) {
  std::string text;
  if (path) {
    auto read = config::ReadSettingsFile(*path);
    if (!read.ok()) {
      std::fprintf(stderr, "stockwatch: %s\n", read.error().message.c_str());
      return std::nullopt;
    }
    text = std::move(read).value();
  }
  config::Loaded loaded = config::Load(text);
  for (const base::Error& error : loaded.errors) {
    std::fprintf(stderr, "%s: %s\n", path ? path->c_str() : "defaults", error.message.c_str());
  }
  if (!loaded.ok()) return std::nullopt;
  return std::move(loaded.settings);
}

}  // namespace stockwatch::cmd
