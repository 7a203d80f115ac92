#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "domain/decode/protection.h"
#include "ports/entropy.h"

namespace stockwatch::app {

// Where an encrypted value stood, which its envelope is bound to.
struct FieldPlace {
  std::string collection;
  std::string path;
};
// Those that hooks encrypt.
std::vector<FieldPlace> EncryptedFields(const decode::Options& documents);

// The keys of sensitive values: the first for new ones, all of them for old ones. The forms of
// hashes and envelopes are in docs/formats.md.
class FieldKeys {
 public:
  // kInvalidArgument: a file cannot be read or holds no key. Messages name the setting and never
  // what a file holds.
  static base::Result<FieldKeys> Read(const std::vector<config::FieldKey>& named);

  bool empty() const { return keys_.empty(); }
  // REQUIRES: not empty
  std::string Hash(const event::RawDocument& document, std::uint32_t index) const;
  // nullopt: there is no chance to be had. REQUIRES: not empty
  std::optional<std::string> Encrypt(const decode::SealRequest& request,
                                     ports::Entropy& entropy) const;
  // The value as canonical Extended JSON. kInvalidArgument: it is no envelope; kNotFound: its key
  // is none of these; kFailedPrecondition: it was changed, or stood in none of the places.
  base::Result<std::string> Decrypt(std::string_view envelope,
                                    std::span<const FieldPlace> places) const;

 private:
  struct Key {
    std::string id;
    std::string bytes;
    std::string hash_bytes;
  };
  static base::Result<Key> ReadKey(const config::FieldKey& named, const std::string& path);

  std::vector<Key> keys_;
};

// What seals values for a decoder, one thread at a time; nullptr where the settings name no key.
// Errors as FieldKeys::Read.
base::Result<decode::Seal> FieldSeal(const config::Settings& settings);

}  // namespace stockwatch::app
