#include "adapters/webhook_notifier/webhook_notifier.h"

#include <gtest/gtest.h>

#include <string>

#include "adapters/webhook_notifier/notice_json.h"
#include "base/base64.h"
#include "domain/outbox/digest.h"

namespace stockwatch::webhook_notifier {
namespace {

// The example of the Standard Webhooks specification's reference libraries.
TEST(Webhook, SignsAsTheStandardsExample) {
  const auto key = KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(Signature({key.value()}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                      "{\"test\": 2432232314}"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, SignsWithBothSecretsWhileTheyChange) {
  const std::string one(24, 'a');
  const std::string two(24, 'b');
  EXPECT_EQ(Signature({one, two}, "i", 1, "{}"),
            Signature({one}, "i", 1, "{}") + " " + Signature({two}, "i", 1, "{}"));
}

TEST(Webhook, RefusesWhatIsNoSecretAndDoesNotShowIt) {
  for (const std::string& secret :
       {std::string(), std::string("whsec_"), std::string("whsec_QUJD"), std::string("whsec_!!!!"),
        base::Base64(std::string(32, 'x')), "whsec_" + base::Base64(std::string(65, 'x'))}) {
    const auto key = KeyOf(secret);
    ASSERT_FALSE(key.ok()) << secret;
    if (secret.size() > 6) {
      EXPECT_EQ(key.error().message.find(secret.substr(6)), std::string::npos);
    }
  }
}

TEST(Webhook, SaysWhyNothingCouldBeSent) {
  WebhookNotifier forbidden({.url = "https://127.0.0.1:9/hook", .keys = {std::string(24, 'k')}});
  const ports::Sent sent = forbidden.SendTest("test/1");
  EXPECT_EQ(sent.outcome, outbox::Outcome::kFailed);
  EXPECT_NE(sent.detail.find("is not one of the internet: 127.0.0.1"), std::string::npos)
      << sent.detail;
  WebhookNotifier wrong({.url = "gopher://example.org/", .keys = {}});
  EXPECT_EQ(wrong.SendTest("test/1").outcome, outbox::Outcome::kRefused);
}

outbox::Row Low() {
  outbox::Row row;
  row.key = "00000000000000000000000000000000/0/default/ops/0";
  row.route = "default";
  row.destination = "ops";
  outbox::Message& message = row.message;
  message.type = event::ConditionType::kLowStock;
  message.severity = event::Severity::kWarning;
  message.warehouse_id = "GB";
  message.sku = "85123A";
  message.opened_at = message.at = base::Instant::Seconds(1'291'191'960);
  message.opening_value = message.value = 2500;
  message.threshold = 3000;
  message.rule_id = "default";
  message.rule_version = 1;
  message.rule_author = "ada";
  message.compare = event::Compare::kPosition;
  return row;
}

// docs/formats.md, Notices.
TEST(NoticeJson, SaysWhatIsKnown) {
  EXPECT_EQ(
      NoticeJson(Low(), "https://stock.example.org"),
      R"({"type":"alert.opened","timestamp":"2010-12-01T08:26:00Z","data":{)"
      R"("key":"00000000000000000000000000000000/0/default/ops/0","route":"default",)"
      R"("destination":"ops","severity":"warning","alert":{)"
      R"("id":"00000000000000000000000000000000","type":"low_stock","severity":"warning",)"
      R"("subject":{"warehouse_id":"GB","sku":"85123A"},)"
      R"("opened_at":"2010-12-01T08:26:00Z","at":"2010-12-01T08:26:00Z",)"
      R"("opening_value":2.5,"value":2.5,"threshold":3,"compare":"position",)"
      R"("rule":{"id":"default","version":1,"author":"ada","reason":null},)"
      R"("cause":null},"item":null,"links":{)"
      R"("alert":"https://stock.example.org/api/v1/alerts/00000000000000000000000000000000",)"
      R"("why":"https://stock.example.org/api/v1/alerts/00000000000000000000000000000000/why"}}})");
}

TEST(NoticeJson, LinksEachEntryOfADigest) {
  const outbox::Row low = Low();
  const std::string body = NoticeJson(outbox::Fold({&low}), "https://stock.example.org");
  EXPECT_NE(
      body.find(
          R"("value":2.5,"threshold":3,"compare":"position","revenue_at_risk":null,"price":null,)"
          R"("notices":1,"links":{)"
          R"("alert":"https://stock.example.org/api/v1/alerts/00000000000000000000000000000000",)"
          R"("why":"https://stock.example.org/api/v1/alerts/00000000000000000000000000000000/why"}})"),
      std::string::npos)
      << body;
}

// As the engine makes them, of the longest names: 128 bytes, each of which a body escapes.
outbox::Row LongRow(int number) {
  outbox::Row row = Low();
  std::string digits = std::to_string(number);
  digits.insert(0, 32 - digits.size(), '0');
  row.key = digits + "/0/default/ops/0";
  row.message.severity = event::Severity::kCritical;
  row.message.warehouse_id = std::string(128, '"');
  row.message.sku = std::string(124, '"') + digits.substr(28);
  return row;
}

std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(NoticeJson, NoDigestIsLongerThan64KiBAndEachNamesAllOfIt) {
  std::vector<outbox::Row> rows;
  std::vector<const outbox::Row*> pointers;
  for (int i = 0; i < 640; ++i) rows.push_back(LongRow(i));
  std::size_t key_bytes = 0;
  for (const outbox::Row& row : rows) {
    pointers.push_back(&row);
    key_bytes += outbox::QuotedBytes(row);
  }
  ASSERT_LE(key_bytes, outbox::kDigestKeyBytesMax);
  const outbox::Row digest = outbox::Fold(pointers, outbox::Group{{}, {std::string(128, '"')}});
  const std::string body = NoticeJson(digest, "https://stock.example.org");
  EXPECT_LE(body.size(), std::size_t{64} * 1024);
  const std::size_t entries = CountOf(body, R"("notices":1,)");
  EXPECT_GE(entries, 20u);
  EXPECT_LT(entries, 40u);
  const std::string more = std::to_string(640 - entries);
  EXPECT_NE(body.find(R"("more":{"subjects":)" + more + R"(,"by_severity":{"critical":)" + more +
                      R"(},"by_type":{"low_stock":)" + more + "}}"),
            std::string::npos)
      << body.substr(body.find("\"more\""), 200);
  for (const outbox::Row& row : rows) {
    EXPECT_NE(body.find("\"" + row.key + "\"", body.find("\"keys\"")), std::string::npos)
        << row.key;
  }
}

TEST(NoticeJson, ADigestSaysWhereItsNoticesAreListed) {
  outbox::Row low = Low();
  low.destination = "ops & co";
  const outbox::Row digest = outbox::Fold({&low});
  const std::string hash = digest.key.substr(7, 32);
  const std::string body = NoticeJson(digest, "https://stock.example.org");
  EXPECT_TRUE(body.ends_with(
      R"(,"more":{"subjects":0,"by_severity":{},"by_type":{}},)"
      R"("keys":["00000000000000000000000000000000/0/default/ops/0"],)"
      R"("links":{"notices":"https://stock.example.org/api/v1/deliveries?by=digest%2F)" +
      hash + R"(%2Fdefault%2Fops%20%26%20co"}}})"))
      << body;
}

TEST(NoticeJson, SaysWhatAnItemIsWorth) {
  outbox::Row row = Low();
  outbox::Context& context = row.message.context;
  context.name = "Mug";
  context.stock = outbox::Context::Figures{base::Quantity::Pieces(3), base::Quantity::Pieces(1),
                                           base::Quantity::Pieces(0), base::Quantity::Pieces(2)};
  context.price = base::Money{25'500, base::Currency::Parse("GBP").value()};
  context.elsewhere = {{"FR", base::Quantity::Pieces(9)}};
  const std::string body = NoticeJson(row, "");
  EXPECT_NE(body.find(R"("item":{"name":"Mug","department":null,"category":null,"brand":null,)"
                      R"("product_id":null,"on_hand":3,"reserved":1,"inbound":0,"available":2,)"
                      R"("price":{"amount":2.55,"currency":"GBP"},)"
                      R"("elsewhere":[{"warehouse_id":"FR","available":9}],"trend":null,)"
                      R"("outlook":null,"suggestion":null,"revenue_at_risk":null})"),
            std::string::npos)
      << body;
}

TEST(NoticeJson, SaysWhatWillHappenAndWhatToDo) {
  outbox::Row row = Low();
  outbox::Context& context = row.message.context;
  context.stock = outbox::Context::Figures{};
  context.trend = outbox::Context::Trend{base::Quantity::Pieces(2), base::Quantity::Pieces(56)};
  const auto midnight = [](std::string_view day) {
    return base::ParseInstant(std::string(day) + "T00:00:00Z").value();
  };
  context.outlook = outbox::Context::Outlook{event::Thousandths{1500}, midnight("2010-12-03"),
                                             midnight("2010-12-02"), midnight("2010-12-05"),
                                             midnight("2010-12-08")};
  context.suggestion =
      outbox::Context::Suggestion{"transfer", base::Quantity::Pieces(8), "FR", {}, "high"};
  context.revenue_at_risk = base::Money{500'000, base::Currency::Parse("GBP").value()};
  const std::string body = NoticeJson(row, "");
  EXPECT_NE(body.find(R"("trend":{"sold_day":2,"sold_four_weeks":56},"outlook":{)"
                      R"("days_of_cover":1.5,"stockout_at":"2010-12-03T00:00:00Z",)"
                      R"("stockout_early":"2010-12-02T00:00:00Z",)"
                      R"("stockout_late":"2010-12-05T00:00:00Z",)"
                      R"("expected_receipt_at":"2010-12-08T00:00:00Z"},)"
                      R"("suggestion":{"action":"transfer","quantity":8,"from_warehouse_id":"FR",)"
                      R"("cost":null,"confidence":"high"},)"
                      R"("revenue_at_risk":{"amount":50,"currency":"GBP"}})"),
            std::string::npos)
      << body;
}

}  // namespace
}  // namespace stockwatch::webhook_notifier
