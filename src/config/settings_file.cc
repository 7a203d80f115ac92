#include "config/load.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace stockwatch::config {
namespace {

using base::Code;
using base::Error;

Error Unreadable(Code code, const std::string& why, const std::string& path) {
  return {code, "cannot read settings: " + why + ": \"" + path + "\""};
}

}  // namespace

base::Result<std::string> ReadSettingsFile(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    return Unreadable(Code::kNotFound, "no such file", path);
  }
  if (std::filesystem::is_directory(status)) {
    return Unreadable(Code::kFailedPrecondition, "it is a directory", path);
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it cannot be opened";
    return Unreadable(Code::kFailedPrecondition, why, path);
  }
  // Read up to the limit instead of asking for the size: a pipe has none.
  std::string text(kSettingsBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return Unreadable(Code::kFailedPrecondition, "reading failed", path);
  const auto size = static_cast<std::size_t>(file.gcount());
  if (size > kSettingsBytesMax) {
    return Unreadable(Code::kResourceExhausted, "larger than 16 MiB", path);
  }
  text.resize(size);
  text.shrink_to_fit();
  return text;
}

}  // namespace stockwatch::config
