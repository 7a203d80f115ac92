#include "adapters/mongo_source/checkup.h"

#include <gtest/gtest.h>

#include <map>

#include "testing/scripted_mongo/script.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

using scripted_mongo::Bson;
using scripted_mongo::ClusterTime;
using scripted_mongo::Fields;
using scripted_mongo::TimestampOf;
using scripted_mongo::Value;

constexpr std::int64_t kNowMillis = 1'700'000'000'000;

// A server that is as it should be; tests take from it what they want to see missing.
class Patient {
 public:
  Patient() {
    options.uri = "mongodb://127.0.0.1/?replicaSet=rs0";
    options.database = "shop";
    options.collections = {"inventory", "", ""};
    options.update_images = change_event::UpdateImages::kStored;
    replies["buildInfo"] = Bson({{"version", "7.0.14"}, {"ok", 1.0}});
    hello({{"setName", "rs0"}, {"localTime", Value::Date(kNowMillis - 40)}});
    replies["aggregate"] = scripted_mongo::FirstBatch({}).body;
    replies["find"] = Documents({Fields{{"_id", 1}}});
    replies["listCollections"] = Documents(
        {Fields{{"name", "inventory"},
                {"options", Fields{{"changeStreamPreAndPostImages", Fields{{"enabled", true}}}}}}});
    replies["killCursors"] = Bson({{"ok", 1.0}});
    oplog = {1'700'000'000 - 90'000, 1'700'000'000};
  }

  static std::string Documents(const std::vector<Fields>& documents) {
    return Bson(
        {{"cursor", Fields{{"firstBatch", Value::Array({documents.begin(), documents.end()})},
                           {"id", std::int64_t{0}},
                           {"ns", "shop.x"}}},
         {"ok", 1.0}});
  }
  void hello(const Fields& fields) { replies["hello"] = Bson(fields); }
  void fail(const std::string& command, int code, std::string message) {
    failures[command] = {FailureKind::kServer, code, std::move(message), {}};
  }

  // "grade check" of each finding that is not good, with its fix.
  std::string Complaints() {
    std::string text;
    const LinkTo link_to = [&](const std::string& database) {
      return Link{[&]() -> std::variant<Server, Failure> {
                    if (down) return Failure{FailureKind::kNetwork, 0, "no server", {}};
                    return server;
                  },
                  [&, database](std::string_view command) { return Reply(database, command); }};
    };
    std::int64_t now = kNowMillis - each_look_millis;
    const auto wall = [&] { return base::Instant::Micros((now += each_look_millis) * 1000); };
    for (const Finding& f : CheckUp(options, link_to, wall)) {
      if (f.grade == Grade::kGood) continue;
      text += (f.grade == Grade::kBad ? "bad " : "doubtful ") + f.check + "; ";
      EXPECT_NE(f.fix, "") << f.check;
    }
    return text;
  }

  Options options;
  Server server{21, "rs0"};
  bool down = false;
  std::int64_t each_look_millis = 0;  // that our clock has gone on, from one look at it to the next
  std::map<std::string, std::string> replies;
  std::map<std::string, Failure> failures;
  std::vector<std::uint32_t> oplog;  // seconds of its first and last entry; empty: not readable

 private:
  Answer Reply(const std::string& database, std::string_view command) {
    bson::Elements elements(command);
    bson::Element first;
    elements.Next(first);
    const std::string name(first.name);
    if (database == "local") return Oplog(command);
    if (const auto failure = failures.find(name); failure != failures.end()) {
      return {Bson({{"ok", 0.0}}), failure->second};
    }
    return {replies.at(name), std::nullopt};
  }
  Answer Oplog(std::string_view command) {
    if (oplog.empty()) return {Bson({{"ok", 0.0}}), Failure{FailureKind::kServer, 13, "no", {}}};
    const auto sort = bson::Find(command, "sort");
    const bool oldest = bson::Find(*sort->Document(), "$natural")->Whole() == 1;
    const ClusterTime at{.seconds = oplog[oldest ? 0 : 1], .increment = 1};
    return {Documents({Fields{{"ts", TimestampOf(at)}}}), std::nullopt};
  }
};

TEST(CheckUp, AGoodServerHasNoComplaints) {
  EXPECT_EQ(Patient().Complaints(), "");
}

TEST(CheckUp, AnAnswerThatTakesLongIsNoWrongClock) {
  const auto complaints = [](std::int64_t server_millis) {
    Patient patient;
    patient.each_look_millis = 5'000;
    patient.hello({{"setName", "rs0"}, {"localTime", Value::Date(server_millis)}});
    return patient.Complaints();
  };
  EXPECT_EQ(complaints(kNowMillis), "");
  EXPECT_EQ(complaints(kNowMillis + 5'000), "");
  EXPECT_EQ(complaints(kNowMillis - 1'001), "doubtful clock; ");
  EXPECT_EQ(complaints(kNowMillis + 6'001), "doubtful clock; ");
}

TEST(CheckUp, EachComplaintIsFound) {
  const auto complaints = [](auto&& make_ill) {
    Patient patient;
    make_ill(patient);
    return patient.Complaints();
  };
  EXPECT_EQ(complaints([](Patient& p) { p.down = true; }), "bad connection; ");
  EXPECT_EQ(complaints([](Patient& p) { p.server.wire_version = 8; }), "bad version; ");
  EXPECT_EQ(complaints([](Patient& p) { p.server.wire_version = 9; }), "bad version; ");
  EXPECT_EQ(complaints([](Patient& p) {
              p.server.wire_version = 9;
              p.options.snapshot = SnapshotWhen::kNever;
            }),
            "");
  EXPECT_EQ(complaints([](Patient& p) { p.server.replica_set.clear(); }), "bad replica set; ");
  EXPECT_EQ(complaints([](Patient& p) { p.hello({{"arbiters", Value::Array({"a:1"})}}); }),
            "doubtful arbiters; ");
  EXPECT_EQ(
      complaints([](Patient& p) { p.hello({{"localTime", Value::Date(kNowMillis + 1'500)}}); }),
      "doubtful clock; ");
  EXPECT_EQ(complaints([](Patient& p) { p.fail("aggregate", 13, "not authorized"); }),
            "bad change stream; ");
  EXPECT_EQ(complaints([](Patient& p) { p.fail("find", 13, "not authorized"); }),
            "bad collection inventory; ");
  EXPECT_EQ(complaints([](Patient& p) { p.replies["listCollections"] = Patient::Documents({}); }),
            "doubtful collection inventory; ");
  EXPECT_EQ(
      complaints([](Patient& p) { p.options.update_images = change_event::UpdateImages::kLookup; }),
      "doubtful images of inventory; ");
  const auto bare = Patient::Documents({Fields{{"name", "inventory"}}});
  EXPECT_EQ(complaints([&](Patient& p) { p.replies["listCollections"] = bare; }),
            "bad images of inventory; ");
  EXPECT_EQ(complaints([&](Patient& p) {
              p.options.collections.thresholds = "rules";
              p.replies["listCollections"] = bare;
            }),
            "bad images of inventory; bad images of rules; ");
  EXPECT_EQ(complaints([](Patient& p) {
              p.server.replica_set.clear();
              p.server.sharded = true;
            }),
            "doubtful sharded cluster; ");
  EXPECT_EQ(complaints([](Patient& p) { p.oplog.clear(); }), "doubtful oplog; ");
  EXPECT_EQ(complaints([](Patient& p) { p.oplog[0] = p.oplog[1] - 86'399; }), "doubtful oplog; ");
  EXPECT_EQ(complaints([](Patient& p) { p.oplog[0] = p.oplog[1] - 86'400; }), "");
  EXPECT_EQ(complaints([](Patient& p) { p.options.socket_timeout = p.options.await; }),
            "bad settings; ");
}

std::string Suggested(const std::vector<Fields>& documents, Grade grade) {
  std::vector<std::string> bytes;
  bytes.reserve(documents.size());
  for (const Fields& fields : documents) bytes.push_back(Bson(fields));
  const std::vector<std::string_view> views(bytes.begin(), bytes.end());
  constexpr std::string_view kNames[] = {"warehouse_id", "sku", "on_hand", "price"};
  const Suggestion suggestion = SuggestMapping(views, kNames);
  EXPECT_EQ(suggestion.finding.grade, grade) << suggestion.finding.says;
  return suggestion.yaml;
}

TEST(SuggestMapping, FindsOurFieldsUnderOtherNames) {
  const Fields ours{{"warehouse_id", "W1"}, {"sku", "A"}, {"on_hand", 1}, {"price", 2}};
  EXPECT_EQ(Suggested({ours}, Grade::kGood), "");
  const Fields theirs{{"Warehouse", "W1"},
                      {"skuCode", "A"},
                      {"stock", Fields{{"onHand", 4}, {"where", "x"}}},
                      {"price", Fields{{"amount", 1}, {"currency", "EUR"}}}};
  EXPECT_EQ(Suggested({theirs, theirs}, Grade::kGood),
            "documents:\n  inventory:\n    fields:\n"
            "      warehouse_id: \"Warehouse\"  # in 2 of 2 documents\n"
            "      sku: \"skuCode\"  # in 2 of 2 documents\n"
            "      on_hand: \"stock.onHand\"  # in 2 of 2 documents\n");
  EXPECT_EQ(Suggested({}, Grade::kDoubtful), "");
  EXPECT_EQ(Suggested({{{"x", 1}}}, Grade::kBad), "");
}

}  // namespace
}  // namespace stockwatch::mongo_source
