#include "secret.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace stockwatch::cmd {
namespace {

constexpr std::size_t kFileBytesMax = 4096;

}  // namespace

base::Status PrintSecret(const std::string& secret) {
  std::printf(
      "The admin key, shown this once. Every change by the API needs it; the commands take it from "
      "STOCKWATCH_KEY or --key-file.\n%s\n",
      secret.c_str());
  if (std::fflush(stdout) == 0) return {};
  return base::Error{base::Code::kUnavailable,
                     "cannot show the admin key: standard output cannot be written"};
}

base::Result<std::string> GivenSecret(const std::optional<std::string>& file) {
  std::string text;
  if (file) {
    std::ifstream in(*file, std::ios::binary);
    if (!in) return base::Error{base::Code::kNotFound, "cannot read the key file " + *file};
    text.resize(kFileBytesMax);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
  } else if (const char* given = std::getenv("STOCKWATCH_KEY")) {
    text = given;
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (file && text.empty()) {
    return base::Error{base::Code::kInvalidArgument, "no key stands in " + *file};
  }
  return text;
}

}  // namespace stockwatch::cmd
