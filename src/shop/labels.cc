#include "shop/labels.h"

namespace stockwatch::shop {

std::string LabelLine(const Label& label) {
  std::string line = "{\"at\":\"";
  base::AppendInstant(line, label.noted_at);
  line.append("\",\"warehouse_id\":\"").append(label.warehouse_id);
  line.append("\",\"sku\":\"").append(label.sku);
  line.append("\",\"class\":\"").append(Name(label.demand_class));
  line.append("\",\"available\":");
  base::AppendQuantity(line, label.available);
  line.append(",\"runs_out_at\":");
  if (!label.runs_out_at) return line + "null}";
  line.push_back('"');
  base::AppendInstant(line, *label.runs_out_at);
  return line + "\"}";
}

void Labels::NoteDay(std::uint32_t day, base::Instant midnight) {
  told_.resize(books_.items().size());
  for (ItemIndex item = 0; item < told_.size(); ++item) {
    const StockItem& stock = books_.at(item);
    Told& told = told_[item];
    if (!stock.listed || stock.available() <= 0) {
      told.any = false;
      continue;
    }
    const std::optional<base::Instant> runs_out_at = RunsOutAt(item, day, midnight);
    if (told.any && told.runs_out_at == runs_out_at) continue;
    told = {true, runs_out_at};
    const Article& article = books_.ArticleOf(item);
    noted_.push_back({midnight, books_.WarehouseId(item), article.sku, article.demand_class,
                      base::Quantity::Pieces(stock.available()), runs_out_at});
  }
}

std::optional<base::Instant> Labels::RunsOutAt(ItemIndex item, std::uint32_t day,
                                               base::Instant midnight) const {
  Pieces left = books_.at(item).available();
  for (std::uint32_t ahead = 0; ahead < kLabelDays; ++ahead) {
    const base::Instant begin = midnight + base::Duration::Days(ahead);
    for (const Sales::Want& want : sales_.WantsOf(item, day + ahead, begin)) {
      left -= want.quantity;
      if (left <= 0) return want.at;
    }
  }
  return std::nullopt;
}

}  // namespace stockwatch::shop
