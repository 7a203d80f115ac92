#include "app/api/alert_id.h"

#include <string>

#include "domain/event/alert_id.h"

namespace stockwatch::api {

using base::Code;
using base::Error;

base::Result<event::AlertId> AlertIdOf(std::string_view text) {
  if (const auto id = event::ParseAlertId(text)) return *id;
  return Error{Code::kNotFound, "no alert has the id \"" + std::string(text) + "\""};
}

}  // namespace stockwatch::api
