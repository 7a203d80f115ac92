#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace stockwatch::cmd {

// On standard output, with what it is for.
base::Status PrintSecret(const std::string& secret);

// The admin key for a running engine: of the file, else of the environment variable STOCKWATCH_KEY,
// else empty. Never of a flag, which every user of the host can read. kNotFound: the file cannot be
// read; kInvalidArgument: it holds no key.
base::Result<std::string> GivenSecret(const std::optional<std::string>& file);

}  // namespace stockwatch::cmd
