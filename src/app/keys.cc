#include "app/keys.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/system_clock/system_clock.h"
#include "adapters/system_entropy/system_entropy.h"
#include "base/json_writer.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kAdmin = "admin";

std::string KeyJson(const access::Key& key) {
  std::string text;
  base::JsonWriter json(text);
  json.BeginObject().Key("name").String(key.name).Key("made_at").Time(key.made_at).EndObject();
  return text;
}

}  // namespace

base::Result<std::optional<access::Key>> ReadAdminKey(ports::StateStore& store) {
  std::optional<access::Key> found;
  base::Status decoded;
  SW_TRY_STATUS(
      store.ReadFamily(ports::Family::kKey, [&](std::string_view name, std::string_view record) {
        if (name != kAdmin) return;
        auto key = access::DecodeKey(record);
        if (key.ok()) {
          found = std::move(key).value();
        } else {
          decoded = key.error();
        }
      }));
  SW_TRY_STATUS(decoded);
  return found;
}

base::Result<access::Key> MakeAdminKey(const KeyRequest& request, flow::AuditLog& audit,
                                       ports::Batch& batch) {
  access::Secret secret{};
  SW_TRY_STATUS(request.entropy.Fill(secret));
  const std::string text = access::SecretText(secret);
  SW_TRY_STATUS(request.show(text));
  access::Key key = access::Key::Of(std::string(kAdmin), request.at, text);
  std::string record;
  access::EncodeKey(key, record);
  batch.Put(ports::Family::kKey, kAdmin, record);
  audit.Append(request.at, request.actor, request.before ? "key.reset" : "key.make",
               std::string(kAdmin), request.before ? KeyJson(*request.before) : std::string(),
               KeyJson(key));
  return key;
}

base::Status ResetAdminKey(const std::string& folder, const std::string& why,
                           const ShowSecret& show) {
  std::error_code failure;
  if (!std::filesystem::exists(folder, failure)) {
    return Error{Code::kNotFound, "there is no store: " + folder};
  }
  rocksdb_store::Options options;
  options.folder = folder;
  SW_TRY(const auto store, rocksdb_store::RocksdbStore::Open(options));
  ports::Batch batch;
  flow::AuditLog audit(batch);
  SW_TRY_STATUS(audit.Restore(*store));
  SW_TRY(const auto before, ReadAdminKey(*store));
  system_entropy::SystemEntropy entropy;
  system_clock::SystemClock clock;
  SW_TRY([[maybe_unused]] const access::Key key,
         MakeAdminKey({entropy, show, clock.Wall(), {"operator", "beside the store", why}, before},
                      audit, batch));
  return store->Commit(batch);
}

base::Status WriteSecretFile(const std::string& path, const std::string& secret) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const auto failed = [&] {
    return Error{Code::kFailedPrecondition,
                 "cannot write the key to " + path + ": " + std::strerror(errno)};
  };
  if (file < 0) return failed();
  const std::string line = secret + "\n";
  const bool written = write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       fsync(file) == 0;
  const auto error = failed();
  close(file);
  if (!written) return error;
  return {};
}

}  // namespace stockwatch::app
