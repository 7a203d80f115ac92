#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::cmd {

// Lines of `alerts list` as a table for people, one alert a row. kInvalidArgument: they are none.
base::Result<std::string> AlertTable(std::string_view lines);

// Lines of `deliveries list` in the same way.
base::Result<std::string> DeliveryTable(std::string_view lines);

// What `alerts why` answers, for people.
base::Result<std::string> WhyText(std::string answer);

}  // namespace stockwatch::cmd
