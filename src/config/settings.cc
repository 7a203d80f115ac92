#include "config/settings.h"

#include "base/assertion.h"

namespace stockwatch::config {

decode::Options DefaultDecodeOptions() {
  decode::Options options;
  options.inventory.name = "inventory";
  options.transactions.name = "transactions";
  options.thresholds.name = "thresholds";
  const auto currency = base::Currency::Parse("USD");
  SW_ASSERT(currency.ok(), "USD is a currency");
  options.currency = currency.value();
  return options;
}

}  // namespace stockwatch::config
