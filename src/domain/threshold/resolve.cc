#include "domain/threshold/resolve.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace stockwatch::threshold {
namespace {

using event::Rule;
using event::RuleFields;

int LevelOf(const event::RuleScope& scope) {
  if (!scope.sku.empty()) return 5;
  if (!scope.product_id.empty()) return 4;
  if (!scope.brand.empty()) return 3;
  if (!scope.category.empty()) return 2;
  if (!scope.department.empty()) return 1;
  return 0;
}

// The matching versions of one resolution, best first.
struct Candidates {
  std::span<const VersionIndex> matching;
  std::span<const RuleVersion> versions;

  const Rule& rule(std::size_t rank) const { return versions[matching[rank]].rule; }
  std::size_t size() const { return matching.size(); }
};

// The best candidate that gives the field and loosens no locked one below it; its rank, or size()
// if nobody does.
template <typename Get, typename Looser>
std::size_t Winner(const Candidates& candidates, Get get, Looser looser) {
  for (std::size_t rank = 0; rank < candidates.size(); ++rank) {
    const auto& value = get(candidates.rule(rank).fields);
    if (!value) continue;
    bool held_back = false;
    for (std::size_t below = rank + 1; below < candidates.size() && !held_back; ++below) {
      const Rule& guard = candidates.rule(below);
      const auto& guarded = get(guard.fields);
      held_back = guard.locked && guarded && IsBelow(guard, candidates.rule(rank)) &&
                  looser(*value, *guarded);
    }
    if (!held_back) return rank;
  }
  return candidates.size();
}

// Fills one field of `resolved` and its origin; returns the winner's rank.
template <typename Target, typename Get, typename Looser>
std::size_t Pick(const Candidates& candidates, std::size_t field, Resolved& resolved,
                 Target& target, Get get, Looser looser) {
  const std::size_t winner = Winner(candidates, get, looser);
  if (winner < candidates.size()) {
    target = *get(candidates.rule(winner).fields);
    resolved.origin[field] = candidates.matching[winner];
  }
  return winner;
}

bool LooserMargin(const event::Margin& a, const event::Margin& b) {
  if (a.kind != b.kind) return true;
  return a.amount > b.amount;
}

// Ranks of the winners of critical, low, max.
using Ranks = std::array<std::size_t, 3>;

using Fields = std::array<std::optional<base::Quantity>, 3>;

// Each clamped into the bounds of those placed before it.
Fields Place(const Fields& given, const std::array<std::uint8_t, 3>& order) {
  Fields fields = given;
  std::array<bool, 3> placed{};
  for (const std::size_t field : order) {
    if (!fields[field]) continue;
    base::Quantity clamped = *fields[field];
    for (std::size_t other = 0; other < 3; ++other) {
      if (!placed[other]) continue;
      clamped =
          other < field ? std::max(clamped, *fields[other]) : std::min(clamped, *fields[other]);
    }
    fields[field] = clamped;
    placed[field] = true;
  }
  return fields;
}

void PlaceBounds(Resolved& resolved, const Ranks& ranks) {
  std::stable_sort(resolved.placing.begin(), resolved.placing.end(),
                   [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
  const Fields given{resolved.critical, resolved.low, resolved.max};
  const Fields placed = Place(given, resolved.placing);
  for (std::size_t field = 0; field < 3; ++field) {
    if (placed[field] != given[field]) resolved.before_clamping[field] = given[field];
  }
  resolved.critical = placed[0];
  resolved.low = placed[1];
  resolved.max = placed[2];
}

bool NamesItem(const Candidates& candidates, std::size_t rank) {
  if (rank >= candidates.size()) return false;
  const event::RuleScope& scope = candidates.rule(rank).scope;
  return !scope.sku.empty() || !scope.product_id.empty();
}

// The fields that need demand. Returns the rank of `mode` where it makes `low` dynamic.
template <typename PickField>
std::optional<std::size_t> PickDemand(const Candidates& candidates, std::size_t low_rank,
                                      PickField pick, Resolved& r) {
  const auto lower = std::less<>();
  event::Mode mode = event::Mode::kStatic;
  const std::size_t mode_rank = pick(Field::kMode, mode, &RuleFields::mode, std::not_equal_to<>());
  pick(Field::kLowFloor, r.low_floor, &RuleFields::low_floor, lower);
  pick(Field::kLowCeiling, r.low_ceiling, &RuleFields::low_ceiling, lower);
  pick(Field::kDaysOfCover, r.days_of_cover, &RuleFields::days_of_cover, lower);
  pick(Field::kVelocitySpikeRatio, r.velocity_spike_ratio, &RuleFields::velocity_spike_ratio,
       std::greater<>());
  r.own_service_level = NamesItem(
      candidates, pick(Field::kServiceLevel, r.service_level, &RuleFields::service_level, lower));
  r.own_lead_time = NamesItem(
      candidates, pick(Field::kLeadTimeDays, r.lead_time_days, &RuleFields::lead_time_days, lower));
  pick(Field::kLeadTimeSdDays, r.lead_time_sd_days, &RuleFields::lead_time_sd_days, lower);
  pick(Field::kReviewDays, r.review_days, &RuleFields::review_days, lower);
  pick(Field::kSeasonFactor, r.season_factor, &RuleFields::season_factor, lower);
  pick(Field::kFreeze, r.freeze, &RuleFields::freeze, std::not_equal_to<>());
  if (mode != event::Mode::kDynamic) return std::nullopt;
  const bool held = low_rank < candidates.size() &&
                    IsBelow(candidates.rule(mode_rank), candidates.rule(low_rank));
  if (held) return std::nullopt;
  r.dynamic = true;
  return mode_rank;
}

void PickSeverities(const Candidates& candidates, Resolved& resolved) {
  for (std::size_t type = 0; type < event::kConditionTypes; ++type) {
    resolved.severity[type] = event::kConditions[type].default_severity;
    Pick(
        candidates, Index(Field::kSeverity) + type, resolved, resolved.severity[type],
        [type](const RuleFields& f) -> const auto& { return f.severity[type]; }, std::less<>());
  }
}

}  // namespace

bool IsBelow(const Rule& lower, const Rule& upper) {
  const int lower_level = LevelOf(lower.scope);
  const int upper_level = LevelOf(upper.scope);
  if (lower_level != upper_level) return lower_level < upper_level;
  return lower.scope.warehouse_id.empty() && !upper.scope.warehouse_id.empty();
}

bool Beats(const RuleVersion& a, const RuleVersion& b) {
  const int level_a = LevelOf(a.rule.scope);
  const int level_b = LevelOf(b.rule.scope);
  if (level_a != level_b) return level_a > level_b;
  const bool warehouse_a = !a.rule.scope.warehouse_id.empty();
  const bool warehouse_b = !b.rule.scope.warehouse_id.empty();
  if (warehouse_a != warehouse_b) return warehouse_a;
  if (a.rule.priority != b.rule.priority) return a.rule.priority > b.rule.priority;
  if (a.place != b.place) return a.place > b.place;
  return a.rule.id < b.rule.id;
}

Resolved Resolve(std::span<const VersionIndex> matching, std::span<const RuleVersion> versions) {
  const Candidates candidates{matching, versions};
  Resolved r;
  r.origin.fill(kNoVersion);
  const auto lower = std::less<>();
  const auto higher = std::greater<>();
  const auto different = std::not_equal_to<>();
  const auto pick = [&](Field field, auto& target, auto member, auto looser) {
    return Pick(
        candidates, Index(field), r, target,
        [member](const RuleFields& f) -> const auto& { return f.*member; }, looser);
  };
  Ranks ranks{pick(Field::kCritical, r.critical, &RuleFields::critical, lower),
              pick(Field::kLow, r.low, &RuleFields::low, lower),
              pick(Field::kMax, r.max, &RuleFields::max, higher)};
  pick(Field::kClearMargin, r.clear_margin, &RuleFields::clear_margin, LooserMargin);
  pick(Field::kHoldFor, r.hold_for, &RuleFields::hold_for, higher);
  pick(Field::kCompare, r.compare, &RuleFields::compare, different);
  pick(Field::kStaleDays, r.stale_days, &RuleFields::stale_days, higher);
  pick(Field::kLowShare, r.low_share, &RuleFields::low_share, higher);
  pick(Field::kDriftTolerance, r.drift_tolerance, &RuleFields::drift_tolerance, higher);
  pick(Field::kEnabled, r.enabled, &RuleFields::enabled, lower);
  pick(Field::kChannels, r.channels, &RuleFields::channels, different);
  PickSeverities(candidates, r);
  if (const auto mode_rank = PickDemand(candidates, ranks[1], pick, r)) {
    ranks[1] = *mode_rank;
    // What is ordered is on its way: the position is what a reorder point is compared with.
    if (r.origin[Index(Field::kCompare)] == kNoVersion) r.compare = event::Compare::kPosition;
  }
  PlaceBounds(r, ranks);
  return r;
}

Bounds Resolved::WithLow(std::optional<base::Quantity> dynamic_low) const {
  const auto given = [&](std::size_t field, const std::optional<base::Quantity>& placed) {
    return before_clamping[field] ? before_clamping[field] : placed;
  };
  std::optional<base::Quantity> value = dynamic_low;
  Field named = Field::kMode;
  if (!value) {
    value = given(1, low);
    named = value ? Field::kLow : Field::kLowFloor;
    if (value && low_ceiling) value = std::min(*value, *low_ceiling);
    if (low_floor) value = value ? std::max(*value, *low_floor) : *low_floor;
  }
  const Fields placed = Place({given(0, critical), value, given(2, max)}, placing);
  return {placed[0], placed[1], placed[2], origin[Index(named)]};
}

bool Gives(const event::Rule& rule, std::size_t field) {
  const RuleFields& f = rule.fields;
  if (field >= Index(Field::kSeverity)) {
    return f.severity[field - Index(Field::kSeverity)].has_value();
  }
  switch (static_cast<Field>(field)) {
    case Field::kCritical:
      return f.critical.has_value();
    case Field::kLow:
      return f.low.has_value();
    case Field::kMax:
      return f.max.has_value();
    case Field::kClearMargin:
      return f.clear_margin.has_value();
    case Field::kHoldFor:
      return f.hold_for.has_value();
    case Field::kCompare:
      return f.compare.has_value();
    case Field::kStaleDays:
      return f.stale_days.has_value();
    case Field::kLowShare:
      return f.low_share.has_value();
    case Field::kDriftTolerance:
      return f.drift_tolerance.has_value();
    case Field::kEnabled:
      return f.enabled.has_value();
    case Field::kChannels:
      return f.channels.has_value();
    case Field::kMode:
      return f.mode.has_value();
    case Field::kLowFloor:
      return f.low_floor.has_value();
    case Field::kLowCeiling:
      return f.low_ceiling.has_value();
    case Field::kDaysOfCover:
      return f.days_of_cover.has_value();
    case Field::kVelocitySpikeRatio:
      return f.velocity_spike_ratio.has_value();
    case Field::kServiceLevel:
      return f.service_level.has_value();
    case Field::kLeadTimeDays:
      return f.lead_time_days.has_value();
    case Field::kLeadTimeSdDays:
      return f.lead_time_sd_days.has_value();
    case Field::kReviewDays:
      return f.review_days.has_value();
    case Field::kSeasonFactor:
      return f.season_factor.has_value();
    case Field::kFreeze:
      return f.freeze.has_value();
    case Field::kSeverity:
      break;
  }
  return false;
}

std::string FieldName(std::size_t field) {
  constexpr std::array<const char*, Index(Field::kSeverity)> kNames{"critical",
                                                                    "low",
                                                                    "max",
                                                                    "clear_margin",
                                                                    "hold_for",
                                                                    "compare",
                                                                    "stale_days",
                                                                    "low_share",
                                                                    "drift_tolerance",
                                                                    "enabled",
                                                                    "channels",
                                                                    "mode",
                                                                    "low_floor",
                                                                    "low_ceiling",
                                                                    "days_of_cover",
                                                                    "velocity_spike_ratio",
                                                                    "service_level",
                                                                    "lead_time_days",
                                                                    "lead_time_sd_days",
                                                                    "review_days",
                                                                    "season_factor",
                                                                    "freeze"};
  if (field < kNames.size()) return kNames[field];
  return "severity." + std::string(event::kConditions[field - Index(Field::kSeverity)].name);
}

}  // namespace stockwatch::threshold
