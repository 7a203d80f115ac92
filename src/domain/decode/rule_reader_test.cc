#include "domain/decode/rule_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/decode/decoder.h"
#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using event::ConditionType;
using event::Margin;
using event::Rule;
using testing::Fields;
using testing::With;
using RawField = testing::Value;

const Fields kRule{{"id", "r1"}, {"scope", Fields{{"sku", "A-1"}}}};

base::Result<Rule> Decoded(const Fields& fields) {
  return DecodeRule(testing::MakeDocument(fields), 0, "settings");
}

// "reason: message", empty for a rule.
std::string Refused(const Fields& fields) {
  const auto rule = ReadRule(testing::MakeDocument(fields), 0, "settings");
  const auto* reject = std::get_if<event::Reject>(&rule);
  return reject == nullptr ? "" : std::string(reject->reason) + ": " + reject->message;
}

TEST(RuleReader, AMinimalRuleHasTheAuthorOfItsPlace) {
  const auto rule = Decoded(kRule);
  ASSERT_TRUE(rule.ok()) << rule.error().message;
  Rule expected;
  expected.id = "r1";
  expected.scope.sku = "A-1";
  expected.author = "settings";
  EXPECT_EQ(rule.value(), expected);
}

TEST(RuleReader, EveryFieldIsRead) {
  const auto rule = Decoded({
      {"_id", 7},
      {"scope", Fields{{"warehouse_id", "W"},
                       {"department", "D"},
                       {"category", "C"},
                       {"brand", "B"},
                       {"product_id", "P"},
                       {"sku", "S"}}},
      {"critical", 1},
      {"low", "2.5"},
      {"max", RawField::Decimal("3E+1")},
      {"clear_margin", "12.5%"},
      {"hold_for", "1h30m"},
      {"compare", "position"},
      {"days_of_cover", 7.5},
      {"mode", "dynamic"},
      {"low_floor", 3},
      {"low_ceiling", 4},
      {"service_level", 0.95},
      {"lead_time_days", 5},
      {"lead_time_sd_days", 6},
      {"review_days", 7},
      {"velocity_spike_ratio", 8},
      {"stale_days", 9},
      {"low_share", 0.25},
      {"season_factor", 1.5},
      {"drift_tolerance", 10},
      {"severity", Fields{{"low_stock", "critical"}, {"overstock", "page"}}},
      {"channels", RawField::Array({"mail", "desk"})},
      {"enabled", false},
      {"freeze", true},
      {"locked", true},
      {"default", false},
      {"effective",
       Fields{{"from", "2023-11-14T22:13:20Z"}, {"until", RawField::Date(1'800'000'000'000)}}},
      {"priority", -3},
      {"author", "ann"},
      {"reason", "season"},
      {"schema_version", 1},
  });
  ASSERT_TRUE(rule.ok()) << rule.error().message;
  Rule expected;
  expected.id = "7";
  expected.scope = {"W", "D", "C", "B", "P", "S"};
  event::RuleFields& f = expected.fields;
  f.critical = base::Quantity::Pieces(1);
  f.low = base::Quantity::Thousandths(2500);
  f.max = base::Quantity::Pieces(30);
  f.clear_margin = Margin{Margin::Kind::kPercent, 12'500};
  f.hold_for = base::Duration::Minutes(90);
  f.compare = event::Compare::kPosition;
  f.days_of_cover = event::Thousandths{7500};
  f.mode = event::Mode::kDynamic;
  f.low_floor = base::Quantity::Pieces(3);
  f.low_ceiling = base::Quantity::Pieces(4);
  f.service_level = event::Thousandths{950};
  f.lead_time_days = event::Thousandths{5000};
  f.lead_time_sd_days = event::Thousandths{6000};
  f.review_days = event::Thousandths{7000};
  f.velocity_spike_ratio = event::Thousandths{8000};
  f.stale_days = event::Thousandths{9000};
  f.low_share = event::Thousandths{250};
  f.season_factor = event::Thousandths{1500};
  f.drift_tolerance = base::Quantity::Pieces(10);
  f.severity[event::Index(ConditionType::kLowStock)] = event::Severity::kCritical;
  f.severity[event::Index(ConditionType::kOverstock)] = event::Severity::kPage;
  f.channels = std::vector<std::string>{"mail", "desk"};
  f.enabled = false;
  f.freeze = true;
  expected.locked = true;
  expected.effective_from = base::Instant::Seconds(1'700'000'000);
  expected.effective_until = base::Instant::Seconds(1'800'000'000);
  expected.priority = -3;
  expected.author = "ann";
  expected.reason = "season";
  EXPECT_EQ(rule.value(), expected);
}

TEST(RuleReader, NullIsAMissingField) {
  Fields fields = kRule;
  for (const char* name :
       {"low", "stale_days", "clear_margin", "hold_for", "compare", "mode", "severity", "channels",
        "enabled", "locked", "default", "effective", "priority", "author", "reason"}) {
    fields = With(fields, name, RawField::Null());
  }
  fields = With(fields, "scope", Fields{{"sku", "A-1"}, {"brand", RawField::Null()}});
  const auto rule = Decoded(fields);
  ASSERT_TRUE(rule.ok()) << rule.error().message;
  EXPECT_EQ(rule.value(), Decoded(kRule).value());
}

TEST(RuleReader, AMarginIsAQuantityOrAPercentage) {
  const auto margin = [](RawField value) {
    return *Decoded(With(kRule, "clear_margin", std::move(value))).value().fields.clear_margin;
  };
  EXPECT_EQ(margin(2), (Margin{Margin::Kind::kQuantity, 2000}));
  EXPECT_EQ(margin("2"), (Margin{Margin::Kind::kQuantity, 2000}));
  EXPECT_EQ(margin("0.125%"), (Margin{Margin::Kind::kPercent, 125}));
}

TEST(RuleReader, AFaultIsNamedByRuleAndField) {
  struct Case {
    std::string name;
    RawField value;
    std::string refused;
  };
  const std::vector<Case> cases{
      {"lwo", 1, "unknown field: rule \"r1\": field is unknown: \"lwo\""},
      {"lwo", RawField::Null(), "unknown field: rule \"r1\": field is unknown: \"lwo\""},
      {"_id", "r1", "unknown field: field is unknown beside \"_id\": \"id\""},
      {"id", RawField::Array({}),
       "bad id: field \"id\" is not a string, an objectId or an integer: array"},
      {"id", 1.5, "bad id: field \"id\" is not a string, an objectId or an integer: 1.5"},
      {"low", "a", "bad number: rule \"r1\": field \"low\" is not a number: \"a\""},
      {"low", true, "wrong type: rule \"r1\": field \"low\" is not a number: true"},
      {"low_share", 0.0001,
       "bad number: rule \"r1\": field \"low_share\" has more than 3 decimals: 0.0001"},
      {"clear_margin", "x%",
       "bad number: rule \"r1\": field \"clear_margin\" is not a number: \"x\""},
      {"clear_margin", "%",
       "bad number: rule \"r1\": field \"clear_margin\" is not a number: \"\""},
      {"hold_for", "15",
       "bad rule: rule \"r1\": field \"hold_for\" is no duration such as \"15m\": \"15\""},
      {"hold_for", 15,
       "wrong type: rule \"r1\": field \"hold_for\" is no duration such as \"15m\": 15"},
      {"compare", "stock",
       "bad rule: rule \"r1\": field \"compare\" is none of available, on_hand, position: "
       "\"stock\""},
      {"mode", 1, "bad rule: rule \"r1\": field \"mode\" is none of static, dynamic: 1"},
      {"scope", "A-1", "wrong type: rule \"r1\": field \"scope\" is no document: \"A-1\""},
      {"scope", Fields{{"warehouse", "W"}},
       "unknown field: rule \"r1\": field in \"scope\" is unknown: \"warehouse\""},
      {"scope", Fields{{"sku", ""}},
       "bad id: rule \"r1\": field \"scope.sku\" is not an id of 1 to 128 bytes of UTF-8 without "
       "control characters: \"\""},
      {"effective", Fields{{"from", "x"}},
       "bad date: rule \"r1\": field \"effective.from\" is not a date: \"x\""},
      {"effective", Fields{{"to", "x"}},
       "unknown field: rule \"r1\": field in \"effective\" is unknown: \"to\""},
      {"severity", Fields{{"low", "info"}},
       "unknown field: rule \"r1\": field in \"severity\" is unknown: \"low\""},
      {"severity", Fields{{"low_stock", "bad"}},
       "bad rule: rule \"r1\": field \"severity.low_stock\" is no severity: \"bad\""},
      {"channels", "mail", "wrong type: rule \"r1\": field \"channels\" is no array: \"mail\""},
      {"channels", RawField::Array({7}),
       "wrong type: rule \"r1\": field \"channels\" is not a string: 7"},
      {"channels", RawField::Array(std::vector<RawField>(65, "c")),
       "bad rule: rule \"r1\": field \"channels\" has more than 64 of them"},
      {"enabled", 1, "wrong type: rule \"r1\": field \"enabled\" is neither true nor false: 1"},
      {"priority", 1.5,
       "bad number: rule \"r1\": field \"priority\" has more than 0 decimals: 1.5"},
      {"priority", 2'147'483'648,
       "bad number: rule \"r1\": field \"priority\" is a number beyond the limit of 2147483647: "
       "2147483648"},
      {"author", 1, "wrong type: rule \"r1\": field \"author\" is not a string: 1"},
      {"reason", std::string(1025, ' '),
       "bad text: rule \"r1\": field \"reason\" is longer than 1024 bytes: \"" +
           std::string(64, ' ') + "…\""},
  };
  for (const Case& c : cases) EXPECT_EQ(Refused(With(kRule, c.name, c.value)), c.refused);
  EXPECT_EQ(Refused({{"low", 1}}), "missing field: field \"_id\" is missing");
  EXPECT_EQ(Decoded({{"low", 1}}).error().message, "field \"_id\" is missing");
  event::RawDocument empty;
  EXPECT_FALSE(DecodeRule(empty, 0, "settings").ok());
}

}  // namespace
}  // namespace stockwatch::decode
