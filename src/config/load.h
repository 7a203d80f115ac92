#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "config/settings.h"

namespace stockwatch::config {

inline constexpr std::size_t kSettingsBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kWarehousesMax = 10'000;  // of stock.warehouses, of warehouse.mapping
inline constexpr std::size_t kRulesMax = 2000;         // more belong in the thresholds collection

// The settings of a text, and every mistake in it, in the order of its lines. What is mistaken
// keeps its default, so `settings` are for use only if ok().
struct Loaded {
  Settings settings;
  std::vector<base::Error> errors;

  bool ok() const { return errors.empty(); }
};

// Reads YAML, of which JSON is a part. A mistake reads "line 12: stock.authority: is not one of
// snapshot, ledger: "ledgr"": the line where it is known, the path of the setting, what is allowed,
// the value. After mistakes in the YAML itself, nothing else is judged. Pure.
Loaded Load(std::string_view yaml_text);

// The text of a settings file. kNotFound: there is none; kFailedPrecondition: a directory, or not
// readable; kResourceExhausted: larger than kSettingsBytesMax.
base::Result<std::string> ReadSettingsFile(const std::string& path);

// docs/settings.md, from the same table of options.
std::string SettingsPage();

}  // namespace stockwatch::config
