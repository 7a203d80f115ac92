#include "flow/options.h"

#include <set>

#include "domain/stock/tail.h"

namespace stockwatch::flow {
namespace {

using base::Code;
using base::Duration;
using base::Error;

constexpr Duration kGraceMax = Duration::Seconds(stock::kTailSeconds / 2);

void Check(std::vector<Error>& errors, bool good, const std::string& path, const std::string& why) {
  if (!good) errors.push_back({Code::kInvalidArgument, path + ": " + why});
}

void CheckWarehouse(std::vector<Error>& errors, const stock::WarehouseRules& rules,
                    const std::string& path) {
  Check(errors, rules.drift_tolerance >= base::Quantity(), path + ".drift_tolerance",
        "is negative");
  Check(errors, rules.drift_grace <= kGraceMax, path + ".drift_grace",
        base::FormatDuration(rules.drift_grace) + " is above " + base::FormatDuration(kGraceMax));
  Check(errors, rules.inbound_references_max >= 1 && rules.inbound_references_max <= 4096,
        path + ".inbound_references_max",
        std::to_string(rules.inbound_references_max) + " is not between 1 and 4096");
}

bool Overlap(const event::Rule& a, const event::Rule& b) {
  const bool a_before_b =
      a.effective_until && b.effective_from && *a.effective_until <= *b.effective_from;
  const bool b_before_a =
      b.effective_until && a.effective_from && *b.effective_until <= *a.effective_from;
  return !a_before_b && !b_before_a;
}

void CheckRules(std::vector<Error>& errors, const std::vector<event::Rule>& rules) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string path = "thresholds.rules[" + std::to_string(i) + "]";
    if (auto valid = event::ValidateRule(rules[i]); !valid.ok()) {
      errors.push_back({valid.error().code, path + ": " + valid.error().message});
    }
    Check(errors, ids.insert(rules[i].id).second, path + ".id",
          "\"" + rules[i].id + "\" is there twice");
    for (std::size_t j = 0; j < i; ++j) {
      const bool same = rules[i].scope == rules[j].scope && rules[i].priority == rules[j].priority;
      Check(errors, !same || !Overlap(rules[i], rules[j]), path,
            "same scope and priority as rule \"" + rules[j].id + "\" in overlapping intervals");
    }
  }
}

}  // namespace

std::vector<Error> Options::Validate() const {
  std::vector<Error> errors;
  CheckWarehouse(errors, warehouse, "stock");
  for (const auto& [id, rules_of_one] : warehouses) {
    CheckWarehouse(errors, rules_of_one, "stock.warehouses." + id);
  }
  Check(errors, history_keep >= Duration::Days(35) && history_keep <= Duration::Days(3660),
        "history.keep", base::FormatDuration(history_keep) + " is not between 35d and 3660d");
  Check(errors, alerts.reopen_window <= Duration::Days(30), "alerts.reopen_window",
        base::FormatDuration(alerts.reopen_window) + " is above 30d");
  Check(errors, alerts.flap_window <= Duration::Days(30), "alerts.flap_window",
        base::FormatDuration(alerts.flap_window) + " is above 30d");
  Check(errors, batch_inputs_max >= 1 && batch_inputs_max <= 65'536, "commit.inputs_max",
        std::to_string(batch_inputs_max) + " is not between 1 and 65536");
  Check(errors, batch_bytes_max >= 1024 && batch_bytes_max <= 1u << 30, "commit.bytes_max",
        std::to_string(batch_bytes_max) + " is not between 1024 and 1073741824");
  Check(errors, batch_open_max <= Duration::Seconds(10), "commit.open_max",
        base::FormatDuration(batch_open_max) + " is above 10s");
  Check(errors, token_memory_max >= 1000 && token_memory_max <= 100'000'000,
        "source.token_memory_max",
        std::to_string(token_memory_max) + " is not between 1000 and 100000000");
  CheckRules(errors, rules);
  return errors;
}

}  // namespace stockwatch::flow
