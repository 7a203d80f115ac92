#include "app/field_keys.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/openssl_cipher/aes_gcm.h"
#include "adapters/system_entropy/system_entropy.h"
#include "base/base64.h"
#include "base/hmac.h"
#include "wire/ejson/ejson_text.h"
#include "wire/ejson/ejson_writer.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using decode::SealRequest;
using event::RawDocument;
using event::ValueType;
using openssl_cipher::kKeyBytes;
using openssl_cipher::kNonceBytes;
using openssl_cipher::kTagBytes;

constexpr std::size_t kFileBytesMax = 4096;
constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kHashCharacters = 22;
// A key of its own, so that no value is hashed with the one that encrypts.
constexpr std::string_view kHashLabel = "stockwatch field hash";

std::string Text(const base::Sha256Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// nullopt: no key is written so.
std::optional<std::string> KeyIn(std::string_view content) {
  if (content.size() == kKeyBytes) return std::string(content);
  while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
  auto bytes =
      content.size() == 2 * kKeyBytes ? ejson::BytesFromHex(content) : base::FromBase64(content);
  if (!bytes || bytes->size() != kKeyBytes) return std::nullopt;
  return bytes;
}

// Whole numbers of different types are equal to whoever wrote them.
std::string TextToHash(const RawDocument& document, std::uint32_t index) {
  const event::RawValue& value = document.at(index);
  if (value.type == ValueType::kString) return std::string(value.bytes);
  if (value.type == ValueType::kInt32 || value.type == ValueType::kInt64) {
    return std::to_string(value.integer);
  }
  std::string text;
  ejson::WriteEjson(document, index, text);
  return text;
}

bool IsBase64UrlCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// "hmac:<id>:<22 characters>"; nothing of a value's could be told by such a text.
bool IsHash(std::string_view text) {
  if (!text.starts_with(decode::kHashPrefix)) return false;
  text.remove_prefix(decode::kHashPrefix.size());
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !config::IsFieldKeyId(text.substr(0, colon))) return false;
  const std::string_view hash = text.substr(colon + 1);
  return hash.size() == kHashCharacters &&
         std::all_of(hash.begin(), hash.end(), IsBase64UrlCharacter);
}

// What an envelope is bound to: in another place it does not open.
std::string PlaceOf(std::string_view collection, std::string_view path) {
  std::string place(collection);
  place += '\0';
  return place.append(path);
}

// Views of its text; `sealed` holds nonce, ciphertext and tag.
struct Envelope {
  std::string_view key_id;
  std::string sealed;
};
std::optional<Envelope> EnvelopeIn(std::string_view text) {
  if (!text.starts_with(decode::kEnvelopePrefix)) return std::nullopt;
  text.remove_prefix(decode::kEnvelopePrefix.size());
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto sealed = base::FromBase64Url(text.substr(colon + 1));
  if (!sealed || sealed->size() < kNonceBytes + kTagBytes) return std::nullopt;
  return Envelope{text.substr(0, colon), *std::move(sealed)};
}

}  // namespace

std::vector<FieldPlace> EncryptedFields(const decode::Options& documents) {
  std::vector<FieldPlace> places;
  for (const auto* collection :
       {&documents.inventory, &documents.transactions, &documents.thresholds}) {
    for (const decode::Hook& hook : collection->hooks) {
      if (const auto* encrypt = std::get_if<decode::EncryptHook>(&hook)) {
        places.push_back({collection->name, encrypt->field});
      }
    }
  }
  return places;
}

base::Result<FieldKeys> FieldKeys::Read(const std::vector<config::FieldKey>& named) {
  FieldKeys keys;
  for (std::size_t i = 0; i < named.size(); ++i) {
    SW_TRY(keys.keys_.emplace_back(),
           ReadKey(named[i], "fields.keys[" + std::to_string(i) + "].file"));
  }
  return keys;
}

base::Result<FieldKeys::Key> FieldKeys::ReadKey(const config::FieldKey& named,
                                                const std::string& path) {
  std::ifstream in(named.file, std::ios::binary);
  std::string content(kFileBytesMax, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.empty()) {
    return Error{Code::kInvalidArgument, path + ": cannot read a key: " + named.file};
  }
  auto bytes = KeyIn(content);
  if (!bytes) {
    return Error{Code::kInvalidArgument,
                 path + ": holds no key, 32 bytes as they are, in Base64 or in hex: " + named.file};
  }
  Key key{named.id, *std::move(bytes), {}};
  key.hash_bytes = Text(base::HmacSha256(key.bytes, kHashLabel));
  return key;
}

std::string FieldKeys::Hash(const RawDocument& document, std::uint32_t index) const {
  const Key& key = keys_.front();
  std::string text = TextToHash(document, index);
  if (document.at(index).type == ValueType::kString && IsHash(text)) return text;
  const std::string hash = Text(base::HmacSha256(key.hash_bytes, text));
  return std::string(decode::kHashPrefix) + key.id + ":" +
         base::Base64Url(std::string_view(hash).substr(0, kHashBytes));
}

std::optional<std::string> FieldKeys::Encrypt(const SealRequest& request,
                                              ports::Entropy& entropy) const {
  const event::RawValue& value = request.document.at(request.index);
  if (value.type == ValueType::kString && value.bytes.starts_with(decode::kEnvelopePrefix)) {
    const FieldPlace place{std::string(request.collection), std::string(request.path)};
    if (Decrypt(value.bytes, std::span(&place, 1)).ok()) return std::string(value.bytes);
  }
  std::array<std::uint8_t, kNonceBytes> chance{};
  if (!entropy.Fill(chance).ok()) return std::nullopt;
  const std::string nonce(chance.begin(), chance.end());
  std::string plain;
  ejson::WriteEjson(request.document, request.index, plain);
  const Key& key = keys_.front();
  const auto sealed =
      openssl_cipher::Encrypt({key.bytes, nonce, PlaceOf(request.collection, request.path)}, plain);
  if (!sealed) return std::nullopt;
  return std::string(decode::kEnvelopePrefix) + key.id + ":" + base::Base64Url(nonce + *sealed);
}

base::Result<std::string> FieldKeys::Decrypt(std::string_view envelope,
                                             std::span<const FieldPlace> places) const {
  const auto read = EnvelopeIn(envelope);
  if (!read) return Error{Code::kInvalidArgument, "is no envelope, enc:1:<key id>:<text>"};
  const auto key = std::find_if(keys_.begin(), keys_.end(),
                                [&](const Key& known) { return known.id == read->key_id; });
  if (key == keys_.end()) {
    return Error{Code::kNotFound,
                 "no key in fields.keys has its id: \"" + std::string(read->key_id) + "\""};
  }
  const std::string_view sealed = read->sealed;
  for (const FieldPlace& place : places) {
    auto plain = openssl_cipher::Decrypt(
        {key->bytes, sealed.substr(0, kNonceBytes), PlaceOf(place.collection, place.path)},
        sealed.substr(kNonceBytes));
    if (plain) return *std::move(plain);
  }
  return Error{Code::kFailedPrecondition,
               "cannot be opened: it was changed, another key had its id, or it stood in a field "
               "that no hook encrypts any more (name it by --collection and --field)"};
}

base::Result<decode::Seal> FieldSeal(const config::Settings& settings) {
  SW_TRY(FieldKeys read, FieldKeys::Read(settings.field_keys));
  if (read.empty()) return decode::Seal();
  // Shared: a function can be copied, and keys should stand in memory once.
  const auto keys = std::make_shared<const FieldKeys>(std::move(read));
  return decode::Seal([keys](const SealRequest& request) -> std::optional<std::string> {
    if (request.protection == decode::Protection::kHash) {
      return keys->Hash(request.document, request.index);
    }
    if (request.protection != decode::Protection::kEncrypt) return std::nullopt;
    system_entropy::SystemEntropy entropy;
    return keys->Encrypt(request, entropy);
  });
}

}  // namespace stockwatch::app
