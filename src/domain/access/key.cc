#include "domain/access/key.h"

#include <algorithm>

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::access {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "key";
constexpr std::string_view kPrefix = "swk_";

base::Sha256Bytes HashOf(std::string_view secret_text) {
  return base::Sha256Of("key/1\n" + std::string(secret_text));
}

base::Result<Key> Read(base::ByteReader& reader) {
  Key key;
  key.name = event::TakeString(reader);
  key.made_at = event::TakeInstant(reader);
  const std::string_view hash = reader.TakeRaw(key.hash.size());
  std::copy(hash.begin(), hash.end(), key.hash.begin());
  SW_TRY_STATUS(reader.Finish(kWhat));
  return key;
}

}  // namespace

std::string SecretText(const Secret& secret) {
  return std::string(kPrefix) +
         base::Hex({reinterpret_cast<const char*>(secret.data()), secret.size()});
}

Key Key::Of(std::string name, base::Instant made_at, std::string_view secret_text) {
  return {std::move(name), made_at, HashOf(secret_text)};
}

bool Key::IsProvedBy(std::string_view secret_text) const {
  const base::Sha256Bytes given = HashOf(secret_text);
  unsigned different = 0;
  for (std::size_t i = 0; i < hash.size(); ++i) different |= unsigned{given[i]} ^ hash[i];
  return different == 0;
}

void EncodeKey(const Key& key, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.PutBytes(key.name);
  event::PutInstant(writer, key.made_at);
  writer.PutRaw({reinterpret_cast<const char*>(key.hash.data()), key.hash.size()});
}

base::Result<Key> DecodeKey(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhat);
    case kVersion:
      return Read(reader);
    default:
      return event::NewerRecord(kWhat, version);
  }
}

}  // namespace stockwatch::access
