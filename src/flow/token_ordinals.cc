#include "flow/token_ordinals.h"

#include <absl/container/flat_hash_map.h>

#include "base/huge_pages.h"
#include "domain/key/stable_hash.h"

namespace stockwatch::flow {
namespace {

struct TokenHash {
  std::uint64_t high;
  std::uint64_t low;
  bool operator==(const TokenHash&) const = default;
};

TokenHash HashOf(std::string_view token) {
  return {key::StableHash(token, 0x53746F636B), key::StableHash(token, 0x7761746368)};
}

struct HashOfHash {
  std::size_t operator()(const TokenHash& hash) const { return hash.low; }
};
// By cluster time: the ordinals of its tokens but the first.
using Tokens =
    absl::flat_hash_map<std::uint64_t, absl::flat_hash_map<TokenHash, std::uint32_t, HashOfHash>>;
using FirstToken =
    absl::flat_hash_map<std::uint64_t, TokenHash, absl::Hash<std::uint64_t>, std::equal_to<>,
                        base::HugeAllocator<std::pair<const std::uint64_t, TokenHash>>>;

// Most cluster times have one token: the others of a transaction stand in `more`.
struct Era {
  FirstToken first;
  Tokens more;
  std::size_t tokens = 0;  // in both
};

}  // namespace

struct TokenOrdinals::State {
  std::uint32_t era_max = 0;
  Era present;
  Era past;

  // Two eras; the older one goes whole.
  void Turn() {
    if (present.tokens < era_max) return;
    past = std::move(present);
    present = Era();
  }
};

TokenOrdinals::TokenOrdinals(std::uint32_t capacity) : state_(std::make_unique<State>()) {
  state_->era_max = capacity / 2;
}

TokenOrdinals::~TokenOrdinals() = default;

std::uint32_t TokenOrdinals::Of(std::uint32_t seconds, std::uint32_t increment,
                                std::string_view token) {
  state_->Turn();
  const std::uint64_t time = std::uint64_t{seconds} << 32 | increment;
  const TokenHash hash = HashOf(token);
  Era* era = &state_->present;
  if (!state_->past.first.empty() && state_->past.first.contains(time)) era = &state_->past;
  const auto [first, is_first] = era->first.try_emplace(time, hash);
  era->tokens += is_first ? 1 : 0;
  if (is_first || first->second == hash) return 0;
  auto& more = era->more[time];
  const auto [known, added] = more.try_emplace(hash, static_cast<std::uint32_t>(more.size()) + 1);
  era->tokens += added ? 1 : 0;
  return known->second;
}

}  // namespace stockwatch::flow
