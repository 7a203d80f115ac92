#pragma once

#include <optional>

#include "domain/alert/condition.h"
#include "flow/state.h"

namespace stockwatch::flow {

// What its demand says of an item; nullopt: nothing is known of it.
std::optional<alert::Outlook> OutlookOf(const State& state, key::ItemIndex item);

// Its places among the items at risk, and among those that run out next: thousandths of a day of
// cover. nullopt: it is none of them.
std::optional<stock::RiskScore> RiskOf(const State& state, const stock::Item& item,
                                       base::Quantity available);
std::optional<stock::RiskScore> CoverOf(const State& state, const stock::Item& item,
                                        base::Quantity available);

// The item as its conditions see it at `now`, where nothing was sold just now. `dynamic` is where
// the bounds stand that the moment leads to, if `low` is dynamic.
alert::ItemMoment MomentOf(const State& state, key::ItemIndex item, base::Instant now,
                           threshold::Bounds& dynamic);

// The rule that an alert names: whose figure the item is compared with. kNoVersion for conditions
// that are always on.
threshold::VersionIndex OriginOf(const alert::ItemMoment& moment, event::ConditionType type);

}  // namespace stockwatch::flow
