#include "adapters/mongo_source/hello.h"

#include "wire/bson/element.h"

namespace stockwatch::mongo_source {

Server ServerOf(std::string_view hello) {
  Server server;
  if (const auto version = bson::Find(hello, "maxWireVersion")) {
    server.wire_version = static_cast<std::int32_t>(version->Whole().value_or(0));
  }
  if (const auto name = bson::Find(hello, "setName")) {
    server.replica_set = name->Text().value_or(std::string_view());
  }
  const auto kind = bson::Find(hello, "msg");
  server.sharded = kind && kind->Text() == "isdbgrid";
  return server;
}

}  // namespace stockwatch::mongo_source
