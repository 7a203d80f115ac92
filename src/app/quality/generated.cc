#include "app/quality/generated.h"

#include <algorithm>

#include "config/settings.h"
#include "shop/catalogue.h"
#include "shop/shop.h"

namespace stockwatch::quality {
namespace {

// The labels of these days know every item but the latest launches.
constexpr std::uint32_t kLabelledDaysMax = 40;

}  // namespace

Options OptionsOf(const shop::Options& shop) {
  const config::Settings settings;
  Options options;
  options.flow = settings.flow;
  options.decode = settings.decode;
  options.flow.warehouse.authority = stock::Authority::kLedger;
  for (const shop::CategorySupply& supply : shop::CategorySupplies()) {
    event::Rule rule;
    rule.id = "quality-" + std::string(supply.category.name);
    rule.scope.category = supply.category.name;
    rule.fields.days_of_cover = event::Thousandths{supply.lead_time_days * 500};
    rule.author = "quality";
    options.flow.rules.push_back(std::move(rule));
  }
  shop::Options labelled = shop;
  labelled.days = std::min(shop.days, kLabelledDaysMax);
  shop::Shop truth(labelled, shop::Labelling::kStockouts);
  std::string line;
  shop::Label label;
  while (truth.Next(line)) {
    while (truth.NextLabel(label)) {
      options.classes.insert_or_assign(label.warehouse_id + "/" + label.sku,
                                       shop::Name(label.demand_class));
    }
  }
  return options;
}

bool AddCoverRule(flow::Options& flow) {
  const bool has_one = std::any_of(flow.rules.begin(), flow.rules.end(), [](const auto& rule) {
    return rule.fields.days_of_cover.has_value();
  });
  if (has_one) return false;
  event::Rule rule;
  rule.id = "quality-cover";
  rule.is_default = true;
  rule.fields.days_of_cover = event::Thousandths{flow.demand.lead_time_days.count / 2};
  rule.author = "quality";
  flow.rules.push_back(std::move(rule));
  return true;
}

}  // namespace stockwatch::quality
