#include "domain/threshold/rule_book.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "domain/threshold/resolve.h"

namespace stockwatch::threshold {
namespace {

constexpr std::size_t kLevels = 6;

std::array<std::string_view, kLevels> NamesOf(const event::RuleScope& scope) {
  return {scope.warehouse_id, scope.department, scope.category,
          scope.brand,        scope.product_id, scope.sku};
}

std::array<std::string_view, kLevels> NamesOf(const Subject& subject) {
  return {subject.warehouse, subject.department, subject.category,
          subject.brand,     subject.product,    subject.sku};
}

// Which levels a scope names, as bits.
using Mask = std::uint8_t;

Mask MaskOf(const event::RuleScope& scope) {
  Mask mask = 0;
  const auto names = NamesOf(scope);
  for (std::size_t i = 0; i < kLevels; ++i) {
    if (!names[i].empty()) mask = static_cast<Mask>(mask | 1u << i);
  }
  return mask;
}

// The names that the mask picks, ended by a byte that no name holds.
void AppendKey(std::string& key, Mask mask, const std::array<std::string_view, kLevels>& names) {
  for (std::size_t i = 0; i < kLevels; ++i) {
    if ((mask & 1u << i) == 0) continue;
    key.append(names[i]);
    key.push_back('\0');
  }
}

}  // namespace

bool Matches(const event::RuleScope& scope, const Subject& subject) {
  const auto names = NamesOf(scope);
  const auto given = NamesOf(subject);
  for (std::size_t i = 0; i < kLevels; ++i) {
    if (!names[i].empty() && names[i] != given[i]) return false;
  }
  return true;
}

struct RuleBook::Index {
  struct State {
    base::Position place;                // of the latest version or removal
    std::set<base::Position> seen;       // places of all versions and removals
    std::vector<VersionIndex> versions;  // by number − 1
    VersionIndex living = kNoVersion;    // kNoVersion: removed
  };
  std::map<std::string, State, std::less<>> rules;
  // For each mask in use: the living versions by the names that they give.
  std::map<Mask, absl::flat_hash_map<std::string, std::vector<VersionIndex>>> scopes;
  std::array<std::uint32_t, kFields> givers{};
  absl::flat_hash_map<std::string, ResolvedId> resolutions;
};

RuleBook::RuleBook() : index_(std::make_unique<Index>()) {
  // Id 0 is what holds where no rule matches.
  Resolve({}, base::Instant());
}

RuleBook::~RuleBook() = default;

void RuleBook::List(VersionIndex version) {
  const event::Rule& rule = versions_[version].rule;
  std::string key;
  AppendKey(key, MaskOf(rule.scope), NamesOf(rule.scope));
  index_->scopes[MaskOf(rule.scope)][key].push_back(version);
  for (std::size_t field = 0; field < kFields; ++field) {
    if (Gives(rule, field)) ++index_->givers[field];
  }
}

void RuleBook::Unlist(VersionIndex version) {
  const event::Rule& rule = versions_[version].rule;
  std::string key;
  AppendKey(key, MaskOf(rule.scope), NamesOf(rule.scope));
  auto mask = index_->scopes.find(MaskOf(rule.scope));
  auto entry = mask->second.find(key);
  std::erase(entry->second, version);
  if (entry->second.empty()) mask->second.erase(entry);
  if (mask->second.empty()) index_->scopes.erase(mask);
  for (std::size_t field = 0; field < kFields; ++field) {
    if (Gives(rule, field)) --index_->givers[field];
  }
}

Accepted RuleBook::Put(event::Rule rule, base::Position place) {
  Index::State& state = index_->rules[rule.id];
  if (!state.seen.insert(place).second) return Accepted::kDuplicate;
  if (place < state.place) return Accepted::kSuperseded;
  if (state.living != kNoVersion) Unlist(state.living);
  state.place = place;
  state.living = static_cast<VersionIndex>(versions_.size());
  state.versions.push_back(state.living);
  const auto number = static_cast<std::uint32_t>(state.versions.size());
  versions_.push_back({std::move(rule), number, place});
  List(state.living);
  return Accepted::kInForce;
}

Accepted RuleBook::Remove(std::string_view rule_id, base::Position place) {
  auto found = index_->rules.try_emplace(std::string(rule_id)).first;
  Index::State& state = found->second;
  if (!state.seen.insert(place).second) return Accepted::kDuplicate;
  if (place < state.place) return Accepted::kSuperseded;
  state.place = place;
  if (state.living == kNoVersion) return Accepted::kSuperseded;
  Unlist(state.living);
  state.living = kNoVersion;
  return Accepted::kInForce;
}

const RuleVersion* RuleBook::Latest(std::string_view rule_id) const {
  auto found = index_->rules.find(rule_id);
  if (found == index_->rules.end() || found->second.living == kNoVersion) return nullptr;
  return &versions_[found->second.living];
}

VersionIndex RuleBook::Find(std::string_view rule_id, std::uint32_t number) const {
  const auto found = index_->rules.find(rule_id);
  if (found == index_->rules.end() || number == 0) return kNoVersion;
  const auto& versions = found->second.versions;
  return number <= versions.size() ? versions[number - 1] : kNoVersion;
}

std::vector<VersionIndex> RuleBook::Matching(const Subject& subject, base::Instant at) const {
  std::vector<VersionIndex> matching;
  const auto names = NamesOf(subject);
  std::string key;
  for (const auto& [mask, scopes] : index_->scopes) {
    key.clear();
    AppendKey(key, mask, names);
    auto entry = scopes.find(key);
    if (entry == scopes.end()) continue;
    for (const VersionIndex version : entry->second) {
      if (versions_[version].rule.InForceAt(at)) matching.push_back(version);
    }
  }
  std::sort(matching.begin(), matching.end(),
            [&](VersionIndex a, VersionIndex b) { return Beats(versions_[a], versions_[b]); });
  return matching;
}

ResolvedId RuleBook::Resolve(const Subject& subject, base::Instant at) {
  const std::vector<VersionIndex> matching = Matching(subject, at);
  const std::string key(reinterpret_cast<const char*>(matching.data()),
                        matching.size() * sizeof(VersionIndex));
  const auto [place, added] =
      index_->resolutions.try_emplace(key, static_cast<ResolvedId>(resolved_.size()));
  if (added) {
    resolved_.push_back(std::make_unique<const Resolved>(threshold::Resolve(matching, versions_)));
  }
  return place->second;
}

Resolved RuleBook::ResolveFresh(const std::vector<VersionIndex>& matching) const {
  return threshold::Resolve(matching, versions_);
}

std::optional<base::Instant> RuleBook::NextTurn(base::Instant after) const {
  std::optional<base::Instant> next;
  const auto consider = [&](const std::optional<base::Instant>& at) {
    if (at && *at > after && (!next || *at < *next)) next = at;
  };
  for (const auto& [id, state] : index_->rules) {
    if (state.living == kNoVersion) continue;
    consider(versions_[state.living].rule.effective_from);
    consider(versions_[state.living].rule.effective_until);
  }
  return next;
}

std::vector<const RuleVersion*> RuleBook::RulesThatTurn(base::Instant at) const {
  std::vector<const RuleVersion*> turning;
  for (const auto& [id, state] : index_->rules) {
    if (state.living == kNoVersion) continue;
    const RuleVersion& version = versions_[state.living];
    if (version.rule.effective_from == at || version.rule.effective_until == at) {
      turning.push_back(&version);
    }
  }
  return turning;
}

bool RuleBook::FrozenIn(const Subject& subject, base::Instant from, base::Instant until) const {
  if (!AnyGives(Field::kFreeze)) return false;
  // What is in force changes only where an interval begins or ends.
  for (std::optional<base::Instant> at = from; at && *at < until; at = NextTurn(*at)) {
    if (ResolveFresh(Matching(subject, *at)).freeze) return true;
  }
  return false;
}

std::size_t RuleBook::rules() const {
  std::size_t living = 0;
  for (const auto& [id, state] : index_->rules) living += state.living != kNoVersion ? 1 : 0;
  return living;
}

bool RuleBook::AnyGives(Field field) const {
  return index_->givers[threshold::Index(field)] > 0;
}

}  // namespace stockwatch::threshold
