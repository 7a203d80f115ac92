#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/threshold/resolved.h"

namespace stockwatch::threshold {

// The names by which an item or a node is matched. A node leaves what lies below it (and, in the
// global tree, the warehouse) empty: rules that name such a level don't match it.
struct Subject {
  std::string_view warehouse;
  std::string_view department;
  std::string_view category;
  std::string_view brand;
  std::string_view product;
  std::string_view sku;
};

bool Matches(const event::RuleScope& scope, const Subject& subject);

enum class Accepted : std::uint8_t {
  kInForce,     // judge again what the scope covers
  kSuperseded,  // a version with a later place is in force: no effect
  kDuplicate,   // this place of this rule was taken before
};

// Every rule version, the latest of each rule in force inside its effective interval, and what they
// resolve to. Resolutions are kept by the list of rules that matched: a million items share a few
// of them. One thread at a time.
class RuleBook {
 public:
  RuleBook();
  ~RuleBook();
  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;

  // Takes a valid rule (event::ValidateRule) as the next version of its id, or its end.
  Accepted Put(event::Rule rule, base::Position place);
  Accepted Remove(std::string_view rule_id, base::Position place);

  // The latest version of a rule; nullptr if there is none or it was removed.
  const RuleVersion* Latest(std::string_view rule_id) const;
  const RuleVersion& Version(VersionIndex index) const { return versions_[index]; }
  // How many there are, from 0 on.
  VersionIndex versions() const { return static_cast<VersionIndex>(versions_.size()); }
  // The version of a rule with that number (from 1); kNoVersion if there is none.
  VersionIndex Find(std::string_view rule_id, std::uint32_t number) const;

  // What is in force for the subject at that source time. The id is good for ever: resolutions
  // never change.
  ResolvedId Resolve(const Subject& subject, base::Instant at);
  // The same without keeping it.
  Resolved ResolveFresh(const std::vector<VersionIndex>& matching) const;
  const Resolved& at(ResolvedId id) const { return *resolved_[id]; }
  // The versions that match and are in force, the one that beats all others first.
  std::vector<VersionIndex> Matching(const Subject& subject, base::Instant at) const;

  // The first instant behind `after` at which a rule's effective interval begins or ends.
  std::optional<base::Instant> NextTurn(base::Instant after) const;
  // The living rules whose interval begins or ends at that instant, by id.
  std::vector<const RuleVersion*> RulesThatTurn(base::Instant at) const;

  // At some moment of [from, until) a rule in force froze what the subject sells.
  bool FrozenIn(const Subject& subject, base::Instant from, base::Instant until) const;

  std::size_t rules() const;
  // Some living rule gives that field: what nobody gives need not be judged.
  bool AnyGives(Field field) const;

 private:
  struct Index;
  void Unlist(VersionIndex version);
  void List(VersionIndex version);

  std::unique_ptr<Index> index_;
  std::vector<RuleVersion> versions_;
  std::vector<std::unique_ptr<const Resolved>> resolved_;
};

}  // namespace stockwatch::threshold
