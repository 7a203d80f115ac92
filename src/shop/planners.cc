#include "shop/planners.h"

#include <algorithm>
#include <cstddef>

#include "shop/calendar.h"

namespace stockwatch::shop {
namespace {

using base::Duration;
using base::Instant;

constexpr std::string_view kCategoryRule = "category-watch";
constexpr std::string_view kBestSellerRule = "best-seller";
constexpr std::string_view kWarehouseRule = "warehouse-w1";

DocumentText RuleHead(std::string_view id, const DocumentText& scope) {
  return DocumentText().Text("_id", id).Document("scope", scope);
}

DocumentText WarehouseRule() {
  DocumentText rule = RuleHead(kWarehouseRule, DocumentText().Text("warehouse_id", "W1"));
  rule.Number("low", 8)
      .Number("critical", 3)
      .Text("author", "joris")
      .Text("reason", "W1 serves the largest region")
      .Number("schema_version", 1);
  return rule;
}

}  // namespace

void Planners::PlanDay(std::uint32_t day, Instant midnight) {
  if (day == 1) {
    agenda_.At(midnight + Duration::Minutes(8 * 60 + 5),
               [this](Instant now) { WriteFirstRules(now); });
  }
  if (day == Calendar::kRuleEditDay) {
    agenda_.At(midnight + Duration::Minutes(9 * 60 + 40),
               [this](Instant now) { EditCategoryRule(now); });
  }
  if (day == Calendar::kRuleEndDay) {
    agenda_.At(midnight + Duration::Hours(15), [this](Instant now) { RemoveWarehouseRule(now); });
  }
}

DocumentText Planners::CategoryRule(Pieces low, std::string_view reason) const {
  const Category& category = *books_.catalogue().products().front().category;
  DocumentText rule = RuleHead(kCategoryRule, DocumentText().Text("category", category.name));
  rule.Number("low", low)
      .Number("critical", low / 4)
      .Text("clear_margin", "10%")
      .Text("author", "maria")
      .Text("reason", reason)
      .Number("schema_version", 1);
  return rule;
}

DocumentText Planners::BestSellerRule() const {
  const auto& articles = books_.catalogue().articles();
  const auto ordinary_end =
      articles.begin() + static_cast<std::ptrdiff_t>(books_.catalogue().ordinary_articles());
  const auto best =
      std::max_element(articles.begin(), ordinary_end, [](const Article& a, const Article& b) {
        return a.daily_sales_thousandths < b.daily_sales_thousandths;
      });
  DocumentText rule = RuleHead(kBestSellerRule, DocumentText().Text("sku", best->sku));
  rule.Number("low", 60)
      .Number("critical", 20)
      .Number("clear_margin", 15)
      .Text("hold_for", "10m")
      .Text("author", "maria")
      .Text("reason", "sells every few minutes")
      .Number("schema_version", 1);
  return rule;
}

void Planners::WriteFirstRules(Instant now) {
  const auto insert = [&](std::string_view id, const DocumentText& rule) {
    books_.writer().Insert({Collection::kThresholds, DocumentId::OfText(id)}, rule, now);
  };
  insert(kCategoryRule, CategoryRule(14, "the range of the season"));
  insert(kBestSellerRule, BestSellerRule());
  insert(kWarehouseRule, WarehouseRule());
}

void Planners::EditCategoryRule(Instant now) {
  books_.writer().Replace({Collection::kThresholds, DocumentId::OfText(kCategoryRule)},
                          CategoryRule(20, "a sale is coming"), now);
}

void Planners::RemoveWarehouseRule(Instant now) {
  books_.writer().Delete({Collection::kThresholds, DocumentId::OfText(kWarehouseRule)}, now);
}

}  // namespace stockwatch::shop
