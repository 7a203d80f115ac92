#include "domain/threshold/explain.h"

#include <algorithm>

#include "domain/threshold/resolve.h"

namespace stockwatch::threshold {
namespace {

std::string Text(base::Quantity quantity) {
  std::string text;
  base::AppendQuantity(text, quantity);
  return text;
}

std::string Text(event::Thousandths number) {
  std::string text;
  base::AppendDecimal(text, number.count, event::Thousandths::kFormat.decimals);
  return text;
}

std::string Text(const event::Margin& margin) {
  std::string text;
  base::AppendDecimal(text, margin.amount, 3);
  if (margin.kind == event::Margin::Kind::kPercent) text.push_back('%');
  return text;
}

std::string Text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

template <typename T>
std::string Text(const std::optional<T>& value) {
  return value ? Text(*value) : std::string();
}

// The value that a rule gives for a field, as people write it.
std::string GivenValue(const event::RuleFields& f, std::size_t field) {
  if (field >= Index(Field::kSeverity)) {
    const auto& severity = f.severity[field - Index(Field::kSeverity)];
    return severity ? std::string(event::Name(*severity)) : std::string();
  }
  switch (static_cast<Field>(field)) {
    case Field::kCritical:
      return Text(f.critical);
    case Field::kLow:
      return Text(f.low);
    case Field::kMax:
      return Text(f.max);
    case Field::kClearMargin:
      return Text(f.clear_margin);
    case Field::kHoldFor:
      return f.hold_for ? base::FormatDuration(*f.hold_for) : "";
    case Field::kCompare:
      return f.compare ? std::string(event::Name(*f.compare)) : "";
    case Field::kStaleDays:
      return Text(f.stale_days);
    case Field::kLowShare:
      return Text(f.low_share);
    case Field::kDriftTolerance:
      return Text(f.drift_tolerance);
    case Field::kEnabled:
      return f.enabled.value_or(true) ? "true" : "false";
    case Field::kChannels:
      return Text(f.channels);
    case Field::kMode:
      return f.mode == event::Mode::kDynamic ? "dynamic" : "static";
    case Field::kLowFloor:
      return Text(f.low_floor);
    case Field::kLowCeiling:
      return Text(f.low_ceiling);
    case Field::kDaysOfCover:
      return Text(f.days_of_cover);
    case Field::kVelocitySpikeRatio:
      return Text(f.velocity_spike_ratio);
    case Field::kServiceLevel:
      return Text(f.service_level);
    case Field::kLeadTimeDays:
      return Text(f.lead_time_days);
    case Field::kLeadTimeSdDays:
      return Text(f.lead_time_sd_days);
    case Field::kReviewDays:
      return Text(f.review_days);
    case Field::kSeasonFactor:
      return Text(f.season_factor);
    case Field::kFreeze:
      return f.freeze.value_or(false) ? "true" : "false";
    case Field::kSeverity:
      break;
  }
  return {};
}

// The locked rule that keeps a more specific one from the field.
const RuleVersion& LockOf(const RuleBook& rules, const std::vector<VersionIndex>& matching,
                          std::size_t field, const RuleVersion& winner) {
  const auto lock = std::find_if(matching.rbegin(), matching.rend(), [&](VersionIndex version) {
    const event::Rule& rule = rules.Version(version).rule;
    return rule.locked && Gives(rule, field);
  });
  return lock == matching.rend() ? winner : rules.Version(*lock);
}

std::string WhyBeaten(const RuleVersion& beaten, const RuleVersion& winner,
                      const RuleVersion& lock) {
  if (Beats(beaten, winner)) return "loosens the locked rule " + lock.rule.id;
  if (IsBelow(beaten.rule, winner.rule)) return "less specific";
  if (beaten.rule.priority != winner.rule.priority) return "lower priority";
  if (beaten.place != winner.place) return "earlier place";
  return "later id";
}

FieldExplanation ExplainField(const RuleBook& rules, const Resolved& resolved,
                              const std::vector<VersionIndex>& matching, std::size_t field) {
  FieldExplanation explanation;
  explanation.field = FieldName(field);
  explanation.winner = resolved.origin[field];
  const RuleVersion& winner = rules.Version(explanation.winner);
  explanation.value = GivenValue(winner.rule.fields, field);
  if (field <= Index(Field::kMax) && resolved.before_clamping[field]) {
    explanation.before_clamping = explanation.value;
    const std::array bounds{resolved.critical, resolved.low, resolved.max};
    explanation.value = Text(bounds[field]);
  }
  for (const VersionIndex version : matching) {
    const RuleVersion& other = rules.Version(version);
    if (version == explanation.winner || !Gives(other.rule, field)) continue;
    explanation.beaten.push_back(
        {version, GivenValue(other.rule.fields, field),
         WhyBeaten(other, winner, LockOf(rules, matching, field, winner))});
  }
  return explanation;
}

}  // namespace

std::vector<FieldExplanation> Explain(const RuleBook& rules, const Subject& subject,
                                      base::Instant at) {
  const std::vector<VersionIndex> matching = rules.Matching(subject, at);
  const Resolved resolved = rules.ResolveFresh(matching);
  std::vector<FieldExplanation> explanations;
  for (std::size_t field = 0; field < kFields; ++field) {
    if (resolved.origin[field] == kNoVersion) continue;
    explanations.push_back(ExplainField(rules, resolved, matching, field));
  }
  return explanations;
}

}  // namespace stockwatch::threshold
