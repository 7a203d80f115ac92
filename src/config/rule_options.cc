#include "config/option_table.h"

namespace stockwatch::config {
namespace {

constexpr std::string_view kRule = "thresholds.rules[]";
constexpr std::string_view kScope = "thresholds.rules[].scope";
constexpr std::string_view kSeverity = "thresholds.rules[].severity";
constexpr std::string_view kEffective = "thresholds.rules[].effective";

constexpr RuleForm kId{"a text of 1 to 128 bytes without control characters"};
constexpr RuleForm kNumber{"a number of at most 10^9 with at most 3 decimals"};
constexpr RuleForm kFlag{"true or false"};
constexpr RuleForm kInstant{
    "an ISO 8601 instant with offset, such as 2026-01-31T00:00:00Z, or whole milliseconds since "
    "1970"};

constexpr Option kOptions[] = {
    {"", "thresholds", SectionForm{"thresholds"}, "Threshold rules."},
    {"thresholds", "rules", PartForm{Part::kRules, "a list of at most 2000 rules"},
     "Rules of this file. Of two that are equal otherwise the later one wins."},
    {kRule, "id", kId, "Name of the rule.", nullptr, true},
    {kRule, "scope", SectionForm{kScope},
     "What the rule covers: whatever matches all that it names."},
    {kScope, "warehouse_id", kId, "A warehouse."},
    {kScope, "department", kId, "A department."},
    {kScope, "category", kId, "A category."},
    {kScope, "brand", kId, "A brand."},
    {kScope, "product_id", kId, "A product."},
    {kScope, "sku", kId, "A SKU."},
    {kRule, "default", kFlag,
     "True says that an empty scope is meant: the rule covers everything."},
    {kRule, "critical", kNumber, "Critical stock at or below it; not above `low`, not negative."},
    {kRule, "low", kNumber, "Low stock at or below it; not above `max`, not negative."},
    {kRule, "max", kNumber, "Overstock above it; not negative."},
    {kRule, "clear_margin", RuleForm{"a number as of low, or a percentage such as \"10%\""},
     "How far beyond its threshold a value must come back before an alert clears."},
    {kRule, "hold_for", RuleForm{"a duration such as 15m"},
     "How long a condition must hold before its alert opens."},
    {kRule, "compare", RuleForm{"one of available, on_hand, position"},
     "The figure that `low` is compared with."},
    {kRule, "low_share", RuleForm{"a number from 0 to 1 with at most 3 decimals"},
     "Share of low items from which a category is low."},
    {kRule, "stale_days", kNumber, "Days without a sale after which stock is stale."},
    {kRule, "drift_tolerance", kNumber, "In place of that of the warehouse; not negative."},
    {kRule, "severity", SectionForm{kSeverity}, "How severe the alerts of a condition are."},
    {kSeverity, "<condition>", RuleForm{"one of info, warning, critical, page"},
     "By the name of the condition, such as `low_stock`."},
    {kRule, "channels", RuleForm{"a list of at most 64 ids"},
     "Names of the destinations that are told; `replay` has one, `console`. Without it all are."},
    {kRule, "enabled", kFlag, "False turns all conditions but `negative_stock` and `drift` off."},
    {kRule, "locked", kFlag, "True: more specific rules cannot loosen its fields."},
    {kRule, "priority", RuleForm{"a whole number of 32 bits"}, "The higher one wins at one level."},
    {kRule, "effective", SectionForm{kEffective}, "When the rule is in force; by default always."},
    {kEffective, "from", kInstant, "First instant in force."},
    {kEffective, "until", kInstant, "First instant no longer in force."},
    {kRule, "author", kId, "Who wrote it; by default `settings`."},
    {kRule, "reason", RuleForm{"a text of at most 1024 bytes"}, "Why."},
    {kRule, "mode", RuleForm{"one of static, dynamic"},
     "Dynamic: the reorder point takes the place of `low`; a `low` of a more specific rule "
     "stands."},
    {kRule, "low_floor", kNumber, "A dynamic `low` is not below it; not above `low_ceiling`."},
    {kRule, "low_ceiling", kNumber, "A dynamic `low` is not above it."},
    {kRule, "days_of_cover", kNumber,
     "A stock-out is projected where the stock covers so many days of demand or less."},
    {kRule, "velocity_spike_ratio", kNumber,
     "A spike: 24 hours sell so many times the demand of a day, and 10 pieces, or more."},
    {kRule, "service_level", RuleForm{"a number between 0 and 1 with at most 3 decimals"},
     "Share of the replenishment cycles without a stock-out."},
    {kRule, "lead_time_days", kNumber,
     "From an order to its receipt. A document's own stands before that of a rule that names no "
     "product or SKU."},
    {kRule, "lead_time_sd_days", kNumber, "How far lead times scatter; by default 0."},
    {kRule, "review_days", kNumber, "Days of demand that an order adds to the reorder point."},
    {kRule, "season_factor", kNumber, "Multiplies the demand that is expected."},
    {kRule, "freeze", kFlag, "True: what is sold meanwhile teaches nothing, as in a promotion."},

};

}  // namespace

std::span<const Option> RuleOptions() {
  return kOptions;
}

}  // namespace stockwatch::config
