#pragma once

#include "base/json_writer.h"
#include "flow/planning.h"

namespace stockwatch::api {

// What a planner reads of an item: members of the object that `json` stands in, as
// api/openapi/stock.yaml says (ItemPlan).
void WritePlan(const flow::ItemPlan& plan, base::JsonWriter& json);
// Those of it that say when it runs out and what that costs (Outlook).
void WriteOutlook(const flow::ItemPlan& plan, base::JsonWriter& json);
void WriteAdvice(const flow::Advice& advice, base::JsonWriter& json);

}  // namespace stockwatch::api
