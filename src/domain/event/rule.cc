#include "domain/event/rule.h"

namespace stockwatch::event {
namespace {

using base::Code;
using base::Error;
using base::Status;

Error Refused(const Rule& rule, std::string_view field, std::string_view why) {
  return {Code::kInvalidArgument,
          "rule \"" + rule.id + "\": field \"" + std::string(field) + "\" " + std::string(why)};
}

bool Negative(const std::optional<base::Quantity>& value) {
  return value && value->thousandths() < 0;
}

bool Negative(const std::optional<Thousandths>& value) {
  return value && value->count < 0;
}

// The first field that is negative where that means nothing; empty if none is.
std::string_view NegativeField(const RuleFields& f) {
  if (Negative(f.critical)) return "critical";
  if (Negative(f.low)) return "low";
  if (Negative(f.max)) return "max";
  if (f.clear_margin && f.clear_margin->amount < 0) return "clear_margin";
  if (f.hold_for && *f.hold_for < base::Duration()) return "hold_for";
  if (Negative(f.stale_days)) return "stale_days";
  if (Negative(f.low_share)) return "low_share";
  if (Negative(f.drift_tolerance)) return "drift_tolerance";
  if (Negative(f.days_of_cover)) return "days_of_cover";
  if (Negative(f.low_floor)) return "low_floor";
  if (Negative(f.low_ceiling)) return "low_ceiling";
  if (Negative(f.lead_time_days)) return "lead_time_days";
  if (Negative(f.lead_time_sd_days)) return "lead_time_sd_days";
  if (Negative(f.review_days)) return "review_days";
  if (Negative(f.velocity_spike_ratio)) return "velocity_spike_ratio";
  if (Negative(f.season_factor)) return "season_factor";
  return {};
}

Status ValidateOrder(const Rule& rule) {
  const RuleFields& f = rule.fields;
  if (f.critical && f.low && *f.critical > *f.low) return Refused(rule, "critical", "is above low");
  if (f.low && f.max && *f.low > *f.max) return Refused(rule, "low", "is above max");
  if (f.critical && f.max && *f.critical > *f.max) {
    return Refused(rule, "critical", "is above max");
  }
  if (f.low_floor && f.low_ceiling && *f.low_floor > *f.low_ceiling) {
    return Refused(rule, "low_floor", "is above low_ceiling");
  }
  return {};
}

}  // namespace

std::string_view Name(Compare compare) {
  switch (compare) {
    case Compare::kAvailable:
      return "available";
    case Compare::kOnHand:
      return "on_hand";
    case Compare::kPosition:
      return "position";
  }
  return "unknown";
}

base::Quantity Margin::Of(base::Quantity field) const {
  if (kind == Kind::kQuantity) return base::Quantity::Thousandths(amount);
  return base::Quantity::Thousandths(static_cast<std::int64_t>(
      base::MultiplyDivideHalfEven(field.thousandths(), amount, 100'000)));
}

Status ValidateRule(const Rule& rule) {
  if (rule.scope.empty() && !rule.is_default) {
    return Refused(rule, "scope", "is empty: a rule for everything says \"default: true\"");
  }
  if (!rule.scope.empty() && rule.is_default) {
    return Refused(rule, "default", "goes with an empty scope");
  }
  if (rule.effective_from && rule.effective_until &&
      *rule.effective_from >= *rule.effective_until) {
    return Refused(rule, "effective", "ends before it begins");
  }
  if (auto field = NegativeField(rule.fields); !field.empty()) {
    return Refused(rule, field, "is negative");
  }
  if (rule.fields.low_share && rule.fields.low_share->count > 1000) {
    return Refused(rule, "low_share", "is above 1");
  }
  if (const auto level = rule.fields.service_level) {
    if (level->count <= 0 || level->count >= 1000) {
      return Refused(rule, "service_level", "is not between 0 and 1");
    }
  }
  return ValidateOrder(rule);
}

}  // namespace stockwatch::event
