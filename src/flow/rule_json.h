#pragma once

#include <string>

#include "base/json_writer.h"
#include "domain/event/rule.h"

namespace stockwatch::flow {

// A rule with the names that a document or the settings give it, what it leaves open left out: the
// same rule always gives the same bytes. docs/formats.md, Rules.
std::string RuleJson(const event::Rule& rule);
// The same members into an object that the caller has open.
void WriteRuleMembers(const event::Rule& rule, base::JsonWriter& json);

}  // namespace stockwatch::flow
