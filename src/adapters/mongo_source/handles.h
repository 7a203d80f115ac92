#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "adapters/mongo_source/driver.h"

namespace stockwatch::mongo_source {

template <auto kDestroy>
struct Destroy {
  template <typename T>
  void operator()(T* thing) const {
    (TheDriver().*kDestroy)(thing);
  }
};

using UriHandle = std::unique_ptr<mongoc_uri_t, Destroy<&Driver::uri_destroy>>;
using ClientHandle = std::unique_ptr<mongoc_client_t, Destroy<&Driver::client_destroy>>;
using SessionHandle =
    std::unique_ptr<mongoc_client_session_t, Destroy<&Driver::client_session_destroy>>;
using SessionOptionsHandle =
    std::unique_ptr<mongoc_session_opt_t, Destroy<&Driver::session_opts_destroy>>;
using ServerHandle =
    std::unique_ptr<mongoc_server_description_t, Destroy<&Driver::server_description_destroy>>;

inline std::string_view BytesOf(const bson_t& document) {
  return {reinterpret_cast<const char*>(bson_get_data(&document)), document.len};
}

}  // namespace stockwatch::mongo_source
