#include "adapters/mongo_source/options.h"

namespace stockwatch::mongo_source {
namespace {

base::Error Wrong(std::string message) {
  return {base::Code::kInvalidArgument, std::move(message)};
}

}  // namespace

base::Status Options::Validate() const {
  if (database.empty()) {
    return Wrong("source.database: mongodb needs the name of the database to read");
  }
  if (shape().collections.empty()) {
    return Wrong("source.collections: there is nothing to read, all of them are empty");
  }
  if (socket_timeout <= await) {
    return Wrong(
        "source.mongo.socket_timeout: must be more than source.mongo.await, else a quiet server "
        "counts as gone: " +
        base::FormatDuration(socket_timeout));
  }
  if (socket_timeout_max < socket_timeout) {
    return Wrong(
        "source.mongo.socket_timeout_max: must not be less than source.mongo.socket_timeout: " +
        base::FormatDuration(socket_timeout_max));
  }
  return {};
}

StreamShape Options::shape() const {
  StreamShape shape;
  shape.database = database;
  shape.update_images = update_images;
  for (const std::string* name :
       {&collections.inventory, &collections.transactions, &collections.thresholds}) {
    if (!name->empty()) shape.collections.push_back(*name);
  }
  return shape;
}

}  // namespace stockwatch::mongo_source
