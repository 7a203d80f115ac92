#include "base/hmac.h"

#include <string>

namespace stockwatch::base {
namespace {

constexpr std::size_t kBlockBytes = 64;

std::string_view View(const Sha256Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Sha256Bytes HmacSha256(std::string_view key, std::string_view message) {
  std::string block(key);
  if (block.size() > kBlockBytes) block = View(Sha256Of(key));
  block.resize(kBlockBytes, '\0');
  std::string inner = block;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : block) c = static_cast<char>(c ^ 0x5C);
  Sha256 first;
  first.Update(inner);
  first.Update(message);
  const Sha256Bytes digest = first.Finish();
  Sha256 second;
  second.Update(block);
  second.Update(View(digest));
  return second.Finish();
}

}  // namespace stockwatch::base
