#pragma once

#include <mongoc/mongoc.h>

#include "base/result.h"

namespace stockwatch::mongo_source {

// The functions of libmongoc that are used, by their names without `mongoc_`.
#define SW_MONGOC_FUNCTIONS(X)           \
  X(client_command_with_opts)            \
  X(client_destroy)                      \
  X(client_get_read_prefs)               \
  X(client_new_from_uri_with_error)      \
  X(client_select_server)                \
  X(client_session_append)               \
  X(client_session_destroy)              \
  X(client_set_appname)                  \
  X(client_set_error_api)                \
  X(client_start_session)                \
  X(init)                                \
  X(log_set_handler)                     \
  X(server_description_destroy)          \
  X(server_description_hello_response)   \
  X(server_description_id)               \
  X(session_opts_destroy)                \
  X(session_opts_new)                    \
  X(session_opts_set_causal_consistency) \
  X(uri_destroy)                         \
  X(uri_get_hosts)                       \
  X(uri_get_option_as_int32)             \
  X(uri_get_option_as_utf8)              \
  X(uri_get_options)                     \
  X(uri_get_password)                    \
  X(uri_get_replica_set)                 \
  X(uri_get_srv_hostname)                \
  X(uri_get_tls)                         \
  X(uri_has_option)                      \
  X(uri_new_for_host_port)               \
  X(uri_new_with_error)                  \
  X(uri_set_option_as_bool)              \
  X(uri_set_option_as_int32)             \
  X(uri_set_option_as_utf8)

// libmongoc 1.23, loaded when MongoDB is the source and not before: as it loads it maps shared
// memory for counters, which a killed process leaves behind, and warns on standard error where it
// cannot.
struct Driver {
#define SW_MEMBER(name) decltype(&mongoc_##name) name = nullptr;
  SW_MONGOC_FUNCTIONS(SW_MEMBER)
#undef SW_MEMBER
};

// Loads it; more than once is no matter. kFailedPrecondition: it is not installed, or another
// version. Any thread.
base::Status LoadDriver();
// REQUIRES: LoadDriver() was ok
const Driver& TheDriver();

}  // namespace stockwatch::mongo_source
