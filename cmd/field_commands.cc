#include <cstdio>
#include <iostream>
#include <string>

#include "app/field_keys.h"
#include "commands.h"
#include "settings_flag.h"

namespace stockwatch::cmd {

ExitCode RunDecrypt(const DecryptFlags& flags) {
  const auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  const auto keys = app::FieldKeys::Read(settings->field_keys);
  if (!keys.ok()) {
    std::fprintf(stderr, "stockwatch: %s\n", keys.error().message.c_str());
    return ExitCode::kUsage;
  }
  std::vector<app::FieldPlace> places = app::EncryptedFields(settings->decode);
  if (!flags.collection.empty()) places = {{flags.collection, flags.field}};
  ExitCode code = ExitCode::kDone;
  std::string line;
  for (std::uint64_t number = 1; std::getline(std::cin, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const auto plain = keys.value().Decrypt(line, places);
    if (plain.ok()) {
      std::puts(plain.value().c_str());
    } else {
      code = ExitCode::kFailed;
      std::fprintf(stderr, "stockwatch: line %llu: %s\n", static_cast<unsigned long long>(number),
                   plain.error().message.c_str());
    }
  }
  return code;
}

}  // namespace stockwatch::cmd
