#pragma once

#include <string>
#include <utility>

#include "domain/event/rule.h"

namespace stockwatch::testing {

// A rule for everything where `scope` is empty.
inline event::Rule MakeRule(std::string id, event::RuleScope scope,
                            event::RuleFields fields = event::RuleFields()) {
  event::Rule rule;
  rule.id = std::move(id);
  rule.scope = std::move(scope);
  rule.fields = std::move(fields);
  rule.is_default = rule.scope.empty();
  return rule;
}

inline event::RuleScope ForWarehouse(std::string warehouse, event::RuleScope scope = {}) {
  scope.warehouse_id = std::move(warehouse);
  return scope;
}
inline event::RuleScope ForDepartment(std::string department) {
  event::RuleScope scope;
  scope.department = std::move(department);
  return scope;
}
inline event::RuleScope ForCategory(std::string category) {
  event::RuleScope scope;
  scope.category = std::move(category);
  return scope;
}
inline event::RuleScope ForBrand(std::string brand) {
  event::RuleScope scope;
  scope.brand = std::move(brand);
  return scope;
}
inline event::RuleScope ForProduct(std::string product) {
  event::RuleScope scope;
  scope.product_id = std::move(product);
  return scope;
}
inline event::RuleScope ForSku(std::string sku) {
  event::RuleScope scope;
  scope.sku = std::move(sku);
  return scope;
}
inline event::RuleScope ForAll() {
  return {};
}

inline event::RuleFields CriticalOf(std::int64_t pieces, event::RuleFields fields = {}) {
  fields.critical = base::Quantity::Pieces(pieces);
  return fields;
}
inline event::RuleFields LowOf(std::int64_t pieces, event::RuleFields fields = {}) {
  fields.low = base::Quantity::Pieces(pieces);
  return fields;
}
inline event::RuleFields MaxOf(std::int64_t pieces, event::RuleFields fields = {}) {
  fields.max = base::Quantity::Pieces(pieces);
  return fields;
}

inline event::Margin MarginOf(base::Quantity quantity) {
  return {event::Margin::Kind::kQuantity, quantity.thousandths()};
}
inline event::Margin PercentMargin(std::int64_t percent) {
  return {event::Margin::Kind::kPercent, percent * 1000};
}

inline event::Rule Locked(event::Rule rule) {
  rule.locked = true;
  return rule;
}

}  // namespace stockwatch::testing
