#include "app/api/commands.h"
#include "app/api/deadletters.h"
#include "app/api/deliveries.h"
#include "app/api/route.h"
#include "app/api/state.h"
#include "app/api/stock.h"
#include "app/api/why.h"

namespace stockwatch::api {

std::vector<Route> AllRoutes() {
  std::vector<Route> all;
  for (const auto& routes : {StockRoutes(), CommandRoutes(), WhyRoutes(), DeliveryRoutes(),
                             DeadLetterRoutes(), StateRoutes()}) {
    all.insert(all.end(), routes.begin(), routes.end());
  }
  return all;
}

}  // namespace stockwatch::api
