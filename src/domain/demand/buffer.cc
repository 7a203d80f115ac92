#include "domain/demand/buffer.h"

namespace stockwatch::demand {

Buffer BufferOf(const Rate& rate, const Supply& supply, const Lots& lots,
                event::Thousandths review_days, std::optional<base::Quantity> max,
                const BufferOptions& options) {
  Buffer buffer;
  switch (options.method) {
    case BufferMethod::kCycleService:
      buffer.safety_stock = SafetyStock(rate, supply);
      break;
    case BufferMethod::kFillRate: {
      const base::Quantity of_review = OrderUpTo({}, rate, review_days, std::nullopt);
      buffer.safety_stock = SafetyStockForFillRate(rate, supply, OrderQuantity(of_review, lots));
      break;
    }
    case BufferMethod::kZones:
      buffer.zones = ZonesOf(rate.daily, supply.lead_time_days,
                             {options.lead_time_factor, options.variability_factor,
                              options.order_cycle_days, lots.moq});
      buffer.safety_stock = buffer.zones->red;
      buffer.reorder_point = buffer.zones->top_of_yellow();
      buffer.order_up_to = max.value_or(buffer.zones->top_of_green());
      return buffer;
  }
  buffer.reorder_point = ReorderPoint(rate, supply, buffer.safety_stock);
  buffer.order_up_to = OrderUpTo(buffer.reorder_point, rate, review_days, max);
  return buffer;
}

}  // namespace stockwatch::demand
