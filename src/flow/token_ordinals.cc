#include "flow/token_ordinals.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"
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
  std::size_t tokens = 0;            // in both
  std::vector<std::uint64_t> times;  // cluster times, as they came
};

}  // namespace

struct TokenOrdinals::State {
  std::uint32_t era_max = 0;
  Era present;
  Era past;
  std::vector<std::uint64_t> changed;    // cluster times; some of them may be forgotten by now
  std::vector<std::uint64_t> forgotten;  // cluster times

  // Two eras; the older one goes whole.
  void Turn() {
    if (present.tokens < era_max) return;
    forgotten.insert(forgotten.end(), past.times.begin(), past.times.end());
    past = std::move(present);
    present = Era();
  }
};

namespace {

// Big-endian: sorts by time.
std::string KeyOf(std::uint64_t time) {
  std::string key(8, '\0');
  for (int i = 7; i >= 0; --i, time >>= 8)
    key[static_cast<std::size_t>(i)] = static_cast<char>(time);
  return key;
}

void PutHash(base::ByteWriter& writer, const TokenHash& hash) {
  writer.Put(hash.high);
  writer.Put(hash.low);
}

// All tokens of that cluster time, in the order of their ordinals.
void EncodeTokens(const Era& era, std::uint64_t time, std::string& out) {
  base::ByteWriter writer(out);
  PutHash(writer, era.first.at(time));
  const auto more = era.more.find(time);
  if (more == era.more.end()) return;
  std::vector<TokenHash> by_ordinal(more->second.size());
  for (const auto& [hash, ordinal] : more->second) by_ordinal[ordinal - 1] = hash;
  for (const TokenHash& hash : by_ordinal) PutHash(writer, hash);
}

}  // namespace

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
  if (is_first) {
    era->times.push_back(time);
    state_->changed.push_back(time);
  }
  if (is_first || first->second == hash) return 0;
  auto& more = era->more[time];
  const auto [known, added] = more.try_emplace(hash, static_cast<std::uint32_t>(more.size()) + 1);
  era->tokens += added ? 1 : 0;
  if (added) state_->changed.push_back(time);
  return known->second;
}

void TokenOrdinals::Save(ports::Batch& batch) {
  for (const std::uint64_t time : state_->forgotten) {
    batch.Remove(ports::Family::kTokens, KeyOf(time));
  }
  std::sort(state_->changed.begin(), state_->changed.end());
  const auto end = std::unique(state_->changed.begin(), state_->changed.end());
  std::string record;
  for (auto time = state_->changed.begin(); time != end; ++time) {
    const Era& era = state_->past.first.contains(*time) ? state_->past : state_->present;
    if (!era.first.contains(*time)) continue;
    record.clear();
    EncodeTokens(era, *time, record);
    batch.Put(ports::Family::kTokens, KeyOf(*time), record);
  }
  SkipSave();
}

void TokenOrdinals::SkipSave() {
  state_->changed.clear();
  state_->forgotten.clear();
}

// All come back as one era: they are forgotten together, a little later than they would have been.
base::Status TokenOrdinals::Restore(std::string_view key, std::string_view record) {
  constexpr std::size_t kHash = 16;
  if (key.size() != 8 || record.empty() || record.size() % kHash != 0) {
    return base::Error{base::Code::kDataLoss, "damaged record: tokens of a cluster time"};
  }
  std::uint64_t time = 0;
  for (const char c : key) time = time << 8 | static_cast<unsigned char>(c);
  Era& era = state_->present;
  base::ByteReader reader(record);
  for (std::uint32_t ordinal = 0; !reader.empty(); ++ordinal) {
    TokenHash hash{};
    hash.high = reader.Take<std::uint64_t>();
    hash.low = reader.Take<std::uint64_t>();
    if (ordinal == 0) {
      era.first.emplace(time, hash);
      era.times.push_back(time);
    } else {
      era.more[time].emplace(hash, ordinal);
    }
    ++era.tokens;
  }
  return {};
}

}  // namespace stockwatch::flow
