#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::cmd {

// A running engine, and the key for what changes something.
struct Server {
  std::string url;
  std::optional<std::string> key_file;
};

// Asks it and prints what it answers. `body`: JSON, of what is not GET.
// kFailedPrecondition: the engine refuses, with its words.
base::Status Ask(const Server& server, const std::string& method, const std::string& path,
                 const std::string& body = "{}");

// Asks it and gives what it answers; as Ask.
base::Result<std::string> Fetch(const Server& server, const std::string& path);

// The query that says why something is done; empty where nobody says.
std::string WhyQuery(const std::string& why);

void Print(std::string_view line);

}  // namespace stockwatch::cmd
