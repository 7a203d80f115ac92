#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "domain/access/key.h"
#include "flow/audit_log.h"
#include "ports/entropy.h"
#include "ports/state_store.h"

namespace stockwatch::app {

// Hands a new secret to whoever started the command, once. An error: nobody has seen it.
using ShowSecret = std::function<base::Status(const std::string& secret)>;

// The key that changing anything by the API takes; nullopt: none was made yet.
base::Result<std::optional<access::Key>> ReadAdminKey(ports::StateStore& store);

// Makes a key in place of the one that is there, shows its secret, and puts the key and an entry of
// the audit log into `batch`.
struct KeyRequest {
  ports::Entropy& entropy;
  const ShowSecret& show;
  base::Instant at;
  flow::Actor actor;
  std::optional<access::Key> before;  // the one that ends
};
base::Result<access::Key> MakeAdminKey(const KeyRequest& request, flow::AuditLog& audit,
                                       ports::Batch& batch);

// `keys reset`: the key of a stopped engine's store was lost. Errors as RocksdbStore::Open;
// kNotFound: there is no store.
base::Status ResetAdminKey(const std::string& folder, const std::string& why,
                           const ShowSecret& show);

// A file that nobody else may read and that was not there: kFailedPrecondition.
base::Status WriteSecretFile(const std::string& path, const std::string& secret);

}  // namespace stockwatch::app
