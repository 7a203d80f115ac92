#include "domain/demand/living_sales.h"

#include <optional>

#include "domain/stock/fold.h"

namespace stockwatch::demand {

std::vector<const stock::HistoryRow*> LivingSales(std::vector<stock::HistoryRow>& rows,
                                                  std::uint32_t keep_seconds) {
  stock::SortByPosition(rows);
  std::vector<const stock::HistoryRow*> sales;
  std::optional<std::uint64_t> forgotten;  // while retired: from that second on
  for (const stock::HistoryRow& row : rows) {
    if (forgotten && row.position.seconds >= *forgotten) {
      sales.clear();
      forgotten.reset();
    }
    if (row.kind == stock::RowKind::kDelete && !forgotten) {
      forgotten = std::uint64_t{row.position.seconds} + keep_seconds;
    } else if (stock::IsDocument(row.kind)) {
      forgotten.reset();
    } else if (row.kind == stock::RowKind::kSale && !forgotten) {
      sales.push_back(&row);
    }
  }
  return sales;
}

}  // namespace stockwatch::demand
