#include "app/field_keys.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/hmac.h"
#include "wire/ejson/ejson_text.h"
#include "wire/ejson/ejson_writer.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using event::RawDocument;
using event::ValueType;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kFileBytesMax = 4096;
constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kHashCharacters = 22;
// A key of its own, so that no value is hashed with the one that encrypts.
constexpr std::string_view kHashLabel = "stockwatch field hash";

std::string Text(const base::Sha256Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Key {
  std::string id;
  std::string bytes;
  std::string hash_bytes;
};

// nullopt: no key is written so.
std::optional<std::string> KeyIn(std::string_view content) {
  if (content.size() == kKeyBytes) return std::string(content);
  while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
  auto bytes =
      content.size() == 2 * kKeyBytes ? ejson::BytesFromHex(content) : base::FromBase64(content);
  if (!bytes || bytes->size() != kKeyBytes) return std::nullopt;
  return bytes;
}

base::Result<Key> ReadKey(const config::FieldKey& named, const std::string& path) {
  std::ifstream in(named.file, std::ios::binary);
  std::string content(kFileBytesMax, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.empty()) {
    return Error{Code::kFailedPrecondition, path + ": cannot read a key: " + named.file};
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

std::string Hash(const Key& key, const RawDocument& document, std::uint32_t index) {
  std::string text = TextToHash(document, index);
  if (document.at(index).type == ValueType::kString && IsHash(text)) return text;
  const std::string hash = Text(base::HmacSha256(key.hash_bytes, text));
  return std::string(decode::kHashPrefix) + key.id + ":" +
         base::Base64Url(std::string_view(hash).substr(0, kHashBytes));
}

}  // namespace

base::Result<decode::Seal> FieldSeal(const config::Settings& settings) {
  // Shared: a function can be copied, and keys should stand in memory once.
  const auto keys = std::make_shared<std::vector<Key>>();
  for (std::size_t i = 0; i < settings.field_keys.size(); ++i) {
    SW_TRY(keys->emplace_back(),
           ReadKey(settings.field_keys[i], "fields.keys[" + std::to_string(i) + "].file"));
  }
  if (keys->empty()) return decode::Seal();
  return decode::Seal([keys](const decode::SealRequest& request) -> std::optional<std::string> {
    if (request.protection != decode::Protection::kHash) return std::nullopt;
    return Hash(keys->front(), request.document, request.index);
  });
}

}  // namespace stockwatch::app
