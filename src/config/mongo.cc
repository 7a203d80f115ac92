#include "config/mongo.h"

namespace stockwatch::config {

using base::Code;
using base::Error;

std::vector<Error> ValidateMongo(const MongoSettings& mongo) {
  std::vector<Error> errors;
  if (!mongo.uri_file.empty() && !mongo.uri_env.empty()) {
    errors.push_back({Code::kInvalidArgument, "source.mongo.uri_file: stands beside uri_env"});
  }
  if (mongo.socket_timeout <= mongo.await) {
    errors.push_back({Code::kInvalidArgument,
                      "source.mongo.socket_timeout: must be more than await, else a quiet server "
                      "counts as gone"});
  }
  if (mongo.socket_timeout_max < mongo.socket_timeout) {
    errors.push_back({Code::kInvalidArgument,
                      "source.mongo.socket_timeout_max: must not be less than socket_timeout"});
  }
  return errors;
}

}  // namespace stockwatch::config
