#pragma once

#include <optional>
#include <string>

#include "adapters/mongo_source/failure.h"
#include "adapters/mongo_source/handles.h"
#include "adapters/mongo_source/options.h"
#include "base/result.h"

namespace stockwatch::mongo_source {

// The URI of the options, with our timeouts where it has none. REQUIRES: LoadDriver() was ok
// kInvalidArgument: it cannot be read; the message does not show it.
base::Result<UriHandle> ReadUri(const Options& options);

// How long an answer may take by the URI.
base::Duration TimeoutIn(const mongoc_uri_t* uri);
void SetTimeout(mongoc_uri_t* uri, base::Duration timeout);

// Hosts of the URI, for messages: never user or password.
std::string HostsOf(const mongoc_uri_t* uri);

// What a driver that found no server leaves out of its message: asks each host itself which replica
// set it is of, and says what the URI may lack. Waits for each host as long as for a connection.
Failure Explained(Failure failure, const mongoc_uri_t* uri);

}  // namespace stockwatch::mongo_source
