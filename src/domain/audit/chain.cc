#include "domain/audit/chain.h"

#include "domain/audit/entry_record.h"

namespace stockwatch::audit {

Hash HashOf(const Hash& previous, std::string_view bytes) {
  base::Sha256 hash;
  hash.Update({reinterpret_cast<const char*>(previous.data()), previous.size()});
  hash.Update(bytes);
  return hash.Finish();
}

std::optional<std::string> ChainCheck::Take(std::string_view record) {
  const std::uint64_t expected = reached_.number + 1;
  const std::string name = "entry " + std::to_string(expected);
  const auto decoded = DecodeEntry(record);
  if (!decoded.ok()) return name + ": " + decoded.error().message;
  const SealedEntry& sealed = decoded.value();
  if (sealed.entry.number != expected) {
    return name + ": entry " + std::to_string(sealed.entry.number) + " stands in its place";
  }
  const Hash hash = HashOf(reached_.hash, record.substr(0, record.size() - sealed.hash.size()));
  if (hash != sealed.hash) {
    return name + ": it or an entry before it is not what was written";
  }
  reached_ = {expected, hash};
  return std::nullopt;
}

std::optional<std::string> ChainCheck::Finish(const Head& head) const {
  if (head.number > reached_.number) {
    return "entry " + std::to_string(reached_.number + 1) +
           ": it is missing, and so is everything to entry " + std::to_string(head.number);
  }
  if (head.number < reached_.number) {
    return "entry " + std::to_string(head.number + 1) + ": the head of the chain does not know it";
  }
  if (head.hash != reached_.hash) {
    return "entry " + std::to_string(head.number) + ": the head of the chain has another hash";
  }
  return std::nullopt;
}

}  // namespace stockwatch::audit
