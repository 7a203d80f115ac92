#include "app/api/alerts.h"
#include "app/api/audit.h"
#include "app/api/channels.h"
#include "app/api/clock.h"
#include "app/api/commands.h"
#include "app/api/deadletters.h"
#include "app/api/deliveries.h"
#include "app/api/nodes.h"
#include "app/api/openapi.h"
#include "app/api/route.h"
#include "app/api/sources.h"
#include "app/api/state.h"
#include "app/api/stock.h"
#include "app/api/stock_history.h"
#include "app/api/thresholds.h"
#include "app/api/why.h"

namespace stockwatch::api {

std::vector<Route> AllRoutes() {
  std::vector<Route> all;
  for (const auto& routes :
       {StockRoutes(), StockHistoryRoutes(), NodeRoutes(), AlertRoutes(), CommandRoutes(),
        WhyRoutes(), DeliveryRoutes(), ChannelRoutes(), ThresholdRoutes(), DeadLetterRoutes(),
        AuditRoutes(), SourceRoutes(), ClockRoutes(), StateRoutes(), OpenApiRoutes()}) {
    all.insert(all.end(), routes.begin(), routes.end());
  }
  return all;
}

}  // namespace stockwatch::api
