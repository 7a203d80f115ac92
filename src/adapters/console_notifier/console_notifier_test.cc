#include "adapters/console_notifier/console_notifier.h"

#include <gtest/gtest.h>

#include <sstream>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

namespace stockwatch::console_notifier {
namespace {

using alert::Cause;
using alert::NoticeKind;
using event::ConditionType;
using event::Severity;
using outbox::Message;
using outbox::Row;

base::Instant At(std::string_view text) {
  return base::ParseInstant(text).value();
}

// An item's critical stock, opened at 13:04:05.
Message ItemMessage() {
  Message message;
  message.type = ConditionType::kCriticalStock;
  message.kind = NoticeKind::kOpened;
  message.severity = Severity::kCritical;
  message.warehouse_id = "W1";
  message.sku = "TSHIRT-RED-M";
  message.at = At("2026-01-09T13:04:05Z");
  message.opened_at = message.at;
  message.value = 4'000;
  message.threshold = 10'000;
  message.rule_id = "default";
  message.rule_version = 1;
  return message;
}

Message NodeMessage(std::string tree, std::vector<std::string> path) {
  Message message = ItemMessage();
  message.type = ConditionType::kCategoryLow;
  message.severity = Severity::kWarning;
  message.warehouse_id.clear();
  message.sku.clear();
  message.tree = std::move(tree);
  message.path = std::move(path);
  message.value = 444;
  message.threshold = 400;
  message.rule_id = "apparel";
  message.rule_version = 3;
  return message;
}

Message Resolved(Message message, Cause cause, base::Duration after) {
  message.kind = NoticeKind::kResolved;
  message.cause = cause;
  message.at = message.opened_at + after;
  return message;
}

std::string Line(const Message& message, ConsoleNotifier::Options options = {}) {
  std::ostringstream out;
  ConsoleNotifier notifier(out, options);
  Row row;
  row.key = "key/0";
  row.message = message;
  EXPECT_EQ(notifier.Send(row).outcome, outbox::Outcome::kDelivered);
  return out.str();
}

// What stands behind the subject.
std::string Details(const Message& message) {
  const std::string line = Line(message);
  constexpr std::size_t kDetails = 19 + 2 + 8 + 2 + 18 + 2 + 18 + 2 + 36 + 2;
  return line.substr(kDetails, line.size() - kDetails - 1);
}

TEST(ConsoleNotifier, TellsAnOpeningWithItsRule) {
  EXPECT_EQ(Line(ItemMessage()),
            "2026-01-09 13:04:05  CRITICAL  critical_stock      opened              "
            "W1 / TSHIRT-RED-M                     available 4 ≤ 10 (rule default v1)\n");
}

TEST(ConsoleNotifier, TellsAnOpeningWithoutRule) {
  Message message = ItemMessage();
  message.type = ConditionType::kOutOfStock;
  message.value = 0;
  message.threshold = 0;
  message.rule_id.clear();
  EXPECT_EQ(Line(message),
            "2026-01-09 13:04:05  CRITICAL  out_of_stock        opened              "
            "W1 / TSHIRT-RED-M                     available 0 (threshold 0)\n");
}

TEST(ConsoleNotifier, SaysWhenItRunsOutAndWhatToDo) {
  Message message = ItemMessage();
  message.context.stock.emplace().available = base::Quantity::Pieces(4);
  message.context.outlook.emplace().stockout = At("2026-01-12T09:30:59Z");
  message.context.suggestion =
      outbox::Context::Suggestion{"buy", base::Quantity::Pieces(40), "", std::nullopt, "high"};
  EXPECT_EQ(Details(message),
            "available 4 ≤ 10 (rule default v1), runs out about 2026-01-12 09:30, buy 40");
  message.context.suggestion->action = "transfer";
  message.context.suggestion->from_warehouse_id = "W2";
  message.context.stock->available = base::Quantity();  // it has run out
  EXPECT_EQ(Details(message), "available 4 ≤ 10 (rule default v1), transfer 40 from W2");
  message.context.suggestion = outbox::Context::Suggestion{"count", {}, "", std::nullopt, "low"};
  EXPECT_EQ(Details(message), "available 4 ≤ 10 (rule default v1), count");
}

TEST(ConsoleNotifier, TellsAReopening) {
  Message message = ItemMessage();
  message.type = ConditionType::kLowStock;
  message.kind = NoticeKind::kReopened;
  message.severity = Severity::kWarning;
  message.at = At("2026-01-09T13:09:59.75Z");
  message.value = 2'500;
  EXPECT_EQ(Line(message),
            "2026-01-09 13:09:59  WARNING   low_stock           reopened            "
            "W1 / TSHIRT-RED-M                     stock 2.5 ≤ 10 (rule default v1)\n");
}

TEST(ConsoleNotifier, TellsAResolve) {
  Message message = Resolved(ItemMessage(), Cause::kCleared, base::Duration::Minutes(3 * 60 + 12));
  message.value = 25'000;
  EXPECT_EQ(Line(message),
            "2026-01-09 16:16:05  CRITICAL  critical_stock      resolved (cleared)  "
            "W1 / TSHIRT-RED-M                     after 3h 12m, available 25\n");
}

// The item is out: what was foreseen has come.
TEST(ConsoleNotifier, AProjectionThatCameTrueIsNotCleared) {
  Message message = Resolved(ItemMessage(), Cause::kCleared, base::Duration::Minutes(3));
  message.type = ConditionType::kProjectedStockout;
  message.value = 0;
  const std::string subject = "W1 / TSHIRT-RED-M                     ";
  EXPECT_EQ(Line(message),
            "2026-01-09 13:07:05  CRITICAL  projected_stockout  resolved (ran out)  " + subject +
                "after 3m, days of cover 0\n");
  message.value = 2'000;
  EXPECT_EQ(Line(message),
            "2026-01-09 13:07:05  CRITICAL  projected_stockout  resolved (cleared)  " + subject +
                "after 3m, days of cover 2\n");
}

TEST(ConsoleNotifier, TellsFlapping) {
  Message message = ItemMessage();
  message.kind = NoticeKind::kFlapping;
  EXPECT_EQ(Line(message),
            "2026-01-09 13:04:05  CRITICAL  critical_stock      flapping            "
            "W1 / TSHIRT-RED-M                     "
            "available 4 ≤ 10 (rule default v1), further notices are held back\n");
}

TEST(ConsoleNotifier, ShowsThePathOfANode) {
  EXPECT_EQ(Line(NodeMessage("warehouse", {"W1", "Apparel", "T-Shirts"})),
            "2026-01-09 13:04:05  WARNING   category_low        opened              "
            "W1 / Apparel / T-Shirts               low share 0.444 ≥ 0.4 (rule apparel v3)\n");
  EXPECT_EQ(Line(NodeMessage("global", {"Apparel", "T-Shirts"})),
            "2026-01-09 13:04:05  WARNING   category_low        opened              "
            "all warehouses / Apparel / T-Shirts   low share 0.444 ≥ 0.4 (rule apparel v3)\n");
  EXPECT_EQ(Line(NodeMessage("global", {})),
            "2026-01-09 13:04:05  WARNING   category_low        opened              "
            "all warehouses                        low share 0.444 ≥ 0.4 (rule apparel v3)\n");
}

TEST(ConsoleNotifier, ShowsAComponentOfTheSystem) {
  Message message = NodeMessage("", {});
  message.type = ConditionType::kSourceSilent;
  message.component = alert::Component{alert::Component::Kind::kSource, "default"};
  message.severity = Severity::kPage;
  message.value = 95'000;
  message.threshold = 90'000;
  message.rule_id.clear();
  EXPECT_EQ(Line(message),
            "2026-01-09 13:04:05  PAGE      source_silent       opened              "
            "source / default                      seconds without progress 95 (threshold 90)\n");
}

// What a condition compared, and how a person is to read it.
struct Compared {
  ConditionType type;
  std::int64_t value;
  std::int64_t threshold;
  std::string expected;

  Message In(Message message) const {
    message.type = type;
    message.value = value;
    message.threshold = threshold;
    return message;
  }
};

TEST(ConsoleNotifier, SaysWhatEachConditionCompares) {
  const std::vector<Compared> cases{
      {ConditionType::kOutOfStock, -1'000, 0, "available -1 ≤ 0"},
      {ConditionType::kProjectedStockout, 2'500, 4'000, "days of cover 2.5 ≤ 4"},
      {ConditionType::kNegativeStock, -2'000, 0, "on hand -2 < 0"},
      {ConditionType::kOverstock, 401'000, 400'000, "on hand 401 > 400"},
      {ConditionType::kVelocitySpike, 30'000, 10'000, "sold in 24 h 30 ≥ 10"},
      {ConditionType::kStaleStock, 30'000, 30'000, "days without a sale 30 ≥ 30"},
      {ConditionType::kDrift, 3'000, 0, "difference 3 > 0"},
      {ConditionType::kCategoryOut, 1'000, 1'000, "out of stock share 1 ≥ 1"},
  };
  for (const Compared& c : cases) {
    const Message message = c.In(ItemMessage());
    EXPECT_EQ(Details(message), c.expected + " (rule default v1)");
  }
}

// An opening that was muted may be told when stock is on its way back.
TEST(ConsoleNotifier, NeverShowsAComparisonThatIsNotTrue) {
  struct Case {
    ConditionType type;
    std::int64_t value;
    std::string expected;
  };
  const std::vector<Case> cases{{ConditionType::kCriticalStock, 11'000, "available 11 > 10"},
                                {ConditionType::kOverstock, 9'000, "on hand 9 ≤ 10"},
                                {ConditionType::kCategoryLow, 9'000, "low share 9 < 10"},
                                {ConditionType::kNegativeStock, 10'000, "on hand 10 ≥ 10"}};
  for (const Case& c : cases) {
    Message message = ItemMessage();
    message.type = c.type;
    message.value = c.value;
    EXPECT_EQ(Details(message), c.expected + " (rule default v1)");
  }
}

TEST(ConsoleNotifier, SaysHowLongItTook) {
  using base::Duration;
  const std::vector<std::pair<Duration, std::string>> cases{
      {Duration::Seconds(-5), "after 0s"},    {Duration::Seconds(0), "after 0s"},
      {Duration::Seconds(59), "after 59s"},   {Duration::Seconds(60), "after 1m"},
      {Duration::Seconds(3599), "after 59m"}, {Duration::Hours(3), "after 3h"},
      {Duration::Minutes(61), "after 1h 1m"}, {Duration::Days(1), "after 1d"},
      {Duration::Hours(52), "after 2d 4h"},   {Duration::Minutes(24 * 60 + 59), "after 1d"},
  };
  for (const auto& [length, expected] : cases) {
    EXPECT_EQ(Details(Resolved(ItemMessage(), Cause::kCleared, length)),
              expected + ", available 4");
  }
}

TEST(ConsoleNotifier, SaysWhyItWasResolved) {
  const std::vector<std::pair<Cause, std::string>> cases{
      {Cause::kCleared,
       "resolved (cleared)  W1 / TSHIRT-RED-M                     "
       "after 1m, available 4\n"},
      {Cause::kRule,
       "resolved (rule)     W1 / TSHIRT-RED-M                     "
       "after 1m, available 4\n"},
      {Cause::kManual,
       "resolved (manual)   W1 / TSHIRT-RED-M                     "
       "after 1m, available 4\n"},
      {Cause::kRetired, "resolved (retired)  W1 / TSHIRT-RED-M                     after 1m\n"},
      {Cause::kEmpty, "resolved (empty)    W1 / TSHIRT-RED-M                     after 1m\n"},
  };
  for (const auto& [cause, expected] : cases) {
    const Message message = Resolved(ItemMessage(), cause, base::Duration::Minutes(1));
    EXPECT_EQ(Line(message), "2026-01-09 13:05:05  CRITICAL  critical_stock      " + expected);
  }
}

TEST(ConsoleNotifier, AlignsByCharactersAndLetsLongNamesPass) {
  Message message = ItemMessage();
  message.sku = "GRÜN-É";
  EXPECT_EQ(Line(message),
            "2026-01-09 13:04:05  CRITICAL  critical_stock      opened              "
            "W1 / GRÜN-É                           available 4 ≤ 10 (rule default v1)\n");
  message.sku = std::string(40, 'x');
  EXPECT_EQ(Line(message),
            "2026-01-09 13:04:05  CRITICAL  critical_stock      opened              "
            "W1 / xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  "
            "available 4 ≤ 10 (rule default v1)\n");
}

TEST(ConsoleNotifier, ColoursOnlyIfAsked) {
  EXPECT_EQ(Line(ItemMessage(), {.colour = true}),
            "2026-01-09 13:04:05  \x1b[31mCRITICAL\x1b[0m  critical_stock      "
            "opened              W1 / TSHIRT-RED-M                     "
            "available 4 ≤ 10 (rule default v1)\n");
  EXPECT_EQ(
      Line(Resolved(ItemMessage(), Cause::kCleared, base::Duration::Minutes(1)), {.colour = true}),
      "2026-01-09 13:05:05  CRITICAL  critical_stock      "
      "\x1b[32mresolved (cleared)\x1b[0m  W1 / TSHIRT-RED-M                     "
      "after 1m, available 4\n");
  EXPECT_EQ(Line(ItemMessage()).find('\x1b'), std::string::npos);
}

TEST(ConsoleNotifier, SaysWhichFigureOfStockIsCompared) {
  Message message = ItemMessage();
  message.type = ConditionType::kLowStock;
  message.value = 14'000;
  message.threshold = 14'932;
  for (const auto& [compare, words] : {std::pair{event::Compare::kAvailable, "available"},
                                       std::pair{event::Compare::kOnHand, "on hand"},
                                       std::pair{event::Compare::kPosition, "position"}}) {
    message.compare = compare;
    EXPECT_EQ(Details(message), std::string(words) + " 14 ≤ 14.932 (rule default v1)");
  }
}

outbox::DigestLine LineOf(const Message& message) {
  outbox::DigestLine line;
  line.type = message.type;
  line.kind = message.kind;
  line.severity = message.severity;
  line.warehouse_id = message.warehouse_id;
  line.sku = message.sku;
  line.tree = message.tree;
  line.path = message.path;
  line.value = message.value;
  line.threshold = message.threshold;
  return line;
}

// 22 critical ones, the first of which have money at risk, and eight categories, one of them
// thrice.
TEST(ConsoleNotifier, ListsTheCriticalOnesOfADigestAndTheTopOfTheOthers) {
  Message message = ItemMessage();
  outbox::Digest digest;
  digest.by_type[event::Index(ConditionType::kCriticalStock)] = 22;
  digest.by_type[event::Index(ConditionType::kCategoryLow)] = 10;
  digest.lines.assign(22, LineOf(ItemMessage()));
  digest.lines[0].revenue_at_risk = base::Money{12'345'000, base::Currency::Parse("EUR").value()};
  digest.lines[1].price = base::Money{25'000, base::Currency::Parse("EUR").value()};
  digest.lines.push_back(LineOf(NodeMessage("global", {"Apparel"})));
  digest.lines.back().notices = 3;
  digest.keys.resize(32);
  digest.subjects_by_severity = {0, 8, 22, 0};
  message.digest = digest;
  const std::string item =
      "    CRITICAL  critical_stock      opened              W1 / TSHIRT-RED-M                     "
      "available 4 ≤ 10";
  std::string expected =
      "2026-01-09 13:04:05  CRITICAL  digest              32 notices          "
      "critical_stock 22, category_low 10\n";
  expected += item + ", 1234.5 EUR at risk\n" + item + ", 2.5 EUR each\n";
  for (int i = 2; i < 20; ++i) expected += item + "\n";
  expected +=
      "    WARNING   category_low        opened              all warehouses / Apparel              "
      "low share 0.444 ≥ 0.4, 3 notices\n"
      "    and 9 more: stockwatch deliveries list\n";
  EXPECT_EQ(Line(message), expected);
}

// The end of an alert never shows the comparison that would hold it open.
TEST(ConsoleNotifier, AResolvedLineOfADigestShowsWhatEndedIt) {
  const std::vector<Compared> cases{
      {ConditionType::kCriticalStock, 66'000, 64'995, "resolved            @available 66 > 64.995"},
      {ConditionType::kVelocitySpike, 51'000, 51'300,
       "resolved            @sold in 24 h 51 < 51.3"},
      {ConditionType::kCriticalStock, 9'000, 10'000,
       "resolved            @available 9 (threshold 10)"},
      {ConditionType::kProjectedStockout, 2'000, 4'000,
       "resolved            @days of cover 2 (threshold 4)"},
      {ConditionType::kProjectedStockout, 0, 4'000,
       "resolved (ran out)  @days of cover 0 (threshold 4)"},
  };
  for (const Compared& c : cases) {
    const Message message =
        c.In(Resolved(ItemMessage(), Cause::kCleared, base::Duration::Minutes(3)));
    outbox::Digest digest;
    digest.lines.push_back(LineOf(message));
    digest.subjects_by_severity = {0, 0, 1, 0};
    Message folded = ItemMessage();
    folded.digest = digest;
    std::string expected = c.expected;
    expected.replace(expected.find('@'), 1, "W1 / TSHIRT-RED-M                     ");
    const std::string line = Line(folded);
    EXPECT_TRUE(line.ends_with(expected + "\n")) << line;
  }
}

TEST(ConsoleNotifier, SaysWhatIsInADigest) {
  Message message = ItemMessage();
  outbox::Digest digest;
  digest.by_type[event::Index(ConditionType::kOutOfStock)] = 1;
  digest.by_type[event::Index(ConditionType::kLowStock)] = 2;
  digest.resolved = 1;
  digest.keys = {"a", "b", "c"};
  digest.subjects_by_severity = {0, 2, 0, 0};
  message.digest = digest;
  EXPECT_EQ(Line(message),
            "2026-01-09 13:04:05  CRITICAL  digest              3 notices           "
            "out_of_stock 1, low_stock 2, resolved 1 of them\n"
            "    and 2 more: stockwatch deliveries list\n");
}

// Takes nothing while it is closed.
class Gate : public std::stringbuf {
 public:
  bool open = false;

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    return open ? std::stringbuf::xsputn(text, size) : 0;
  }
};

TEST(ConsoleNotifier, AFailedStreamIsUnavailableAndTriedAgain) {
  Gate gate;
  std::ostream out(&gate);
  ConsoleNotifier notifier(out, {});
  Row row;
  row.key = "episode/0/default/console/0";
  row.message = ItemMessage();
  const ports::Sent failed = notifier.Send(row);
  EXPECT_EQ(failed.outcome, outbox::Outcome::kUnknown);
  EXPECT_EQ(failed.detail, "cannot write notice to the console: episode/0/default/console/0");

  out.clear();
  out.exceptions(std::ios_base::badbit);
  EXPECT_EQ(notifier.Send(row).outcome, outbox::Outcome::kUnknown);

  gate.open = true;
  EXPECT_EQ(notifier.Send(row).outcome, outbox::Outcome::kDelivered);
  EXPECT_EQ(gate.str(), Line(row.message));
}

}  // namespace
}  // namespace stockwatch::console_notifier
