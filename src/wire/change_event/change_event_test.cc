#include "wire/change_event/change_event.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "wire/ejson/ejson_reader.h"

namespace stockwatch::change_event {
namespace {

using event::Image;
using event::Operation;
using event::RawChange;
using event::RawDocument;

// The fields of an insert, each to be replaced or, with an empty text, left out.
using Replacements = std::vector<std::pair<std::string, std::string>>;

std::string Event(const Replacements& replacements) {
  const std::vector<std::pair<std::string, std::string>> fields{
      {"_id", R"({"_data":"8265"})"},
      {"operationType", R"("insert")"},
      {"clusterTime", R"({"$timestamp":{"t":1700000000,"i":7}})"},
      {"wallTime", R"({"$date":"2023-11-14T22:13:20.123Z"})"},
      {"ns", R"({"db":"shop","coll":"transactions"})"},
      {"documentKey", R"({"_id":"T-1"})"},
      {"fullDocument", R"({"_id":"T-1","sku":"A-1"})"},
      {"updateDescription", R"({"updatedFields":{"_id":"no"}})"}};
  std::string line = "{";
  for (const auto& [name, text] : fields) {
    std::string content = text;
    for (const auto& [replaced, by] : replacements) {
      if (replaced == name) content = by;
    }
    if (content.empty()) continue;
    if (line.size() > 1) line += ',';
    line.append("\"").append(name).append("\":").append(content);
  }
  return line + "}";
}

struct Outcome {
  std::string line;
  RawChange change;
  std::optional<event::Reject> reject;
};

Outcome Take(const Replacements& replacements, UpdateImages images = UpdateImages::kLookup) {
  Outcome outcome;
  outcome.line = Event(replacements);
  ejson::EjsonReader reader;
  const base::Status read = reader.Read(outcome.line, ejson::Limits{}, outcome.change.event);
  EXPECT_TRUE(read.ok()) << outcome.line;
  outcome.reject = ToRawChange(outcome.change, images);
  return outcome;
}

std::string ReasonOf(const Replacements& replacements) {
  const Outcome outcome = Take(replacements);
  if (!outcome.reject) return "taken";
  EXPECT_EQ(outcome.reject->stage, event::Stage::kRead);
  return std::string(outcome.reject->reason);
}

TEST(ChangeEvent, FillsTheChangeOfAnInsert) {
  const Outcome outcome = Take({});
  ASSERT_FALSE(outcome.reject.has_value());
  const RawChange& change = outcome.change;
  EXPECT_EQ(change.operation, Operation::kInsert);
  EXPECT_EQ(change.image, Image::kExact);
  EXPECT_EQ(change.position, (base::Position{0, 1'700'000'000, 7, 0}));
  EXPECT_EQ(change.token, "8265");
  EXPECT_EQ(change.wall_time, base::Instant::Micros(1'700'000'000'123'000));
  EXPECT_EQ(change.database, "shop");
  EXPECT_EQ(change.collection, "transactions");
  EXPECT_EQ(change.event.at(change.document_key).bytes, "T-1");
  EXPECT_EQ(change.event.at(change.full_document).name, "fullDocument");
}

TEST(ChangeEvent, LeavesGenerationAndOrdinalToTheReader) {
  Outcome outcome = Take({});
  outcome.change.position.generation = 3;
  outcome.change.position.ordinal = 4;
  ASSERT_FALSE(ToRawChange(outcome.change, UpdateImages::kLookup).has_value());
  EXPECT_EQ(outcome.change.position, (base::Position{3, 1'700'000'000, 7, 4}));
}

TEST(ChangeEvent, TellsHowTheDocumentOfAnUpdateRelatesToItsPosition) {
  const Replacements update{{"operationType", R"("update")"}};
  EXPECT_EQ(Take(update, UpdateImages::kLookup).change.image, Image::kLookup);
  EXPECT_EQ(Take(update, UpdateImages::kStored).change.image, Image::kExact);
  EXPECT_EQ(Take({{"operationType", R"("replace")"}}).change.image, Image::kExact);
}

TEST(ChangeEvent, TakesAnUpdateWhoseDocumentIsGone) {
  for (const char* gone : {"", "null"}) {
    const Outcome outcome = Take({{"operationType", R"("update")"}, {"fullDocument", gone}});
    ASSERT_FALSE(outcome.reject.has_value());
    EXPECT_EQ(outcome.change.image, Image::kNone);
    EXPECT_EQ(outcome.change.full_document, RawDocument::kNone);
  }
}

TEST(ChangeEvent, TakesADeleteAndControlEventsWithoutDocument) {
  const Outcome deleted = Take({{"operationType", R"("delete")"}});
  ASSERT_FALSE(deleted.reject.has_value());
  EXPECT_EQ(deleted.change.operation, Operation::kDelete);
  EXPECT_EQ(deleted.change.image, Image::kNone);
  EXPECT_EQ(deleted.change.full_document, RawDocument::kNone);
  EXPECT_EQ(deleted.change.event.at(deleted.change.document_key).bytes, "T-1");

  const std::vector<std::pair<std::string, Operation>> controls{{"drop", Operation::kDrop},
                                                                {"rename", Operation::kRename}};
  for (const auto& [name, operation] : controls) {
    const Outcome outcome = Take({{"operationType", std::string("\"").append(name).append("\"")},
                                  {"documentKey", ""},
                                  {"fullDocument", ""}});
    ASSERT_FALSE(outcome.reject.has_value()) << name;
    EXPECT_EQ(outcome.change.operation, operation);
    EXPECT_EQ(outcome.change.document_key, RawDocument::kNone);
  }
  EXPECT_EQ(ReasonOf({{"operationType", R"("dropDatabase")"}, {"ns", R"({"db":"shop"})"}}),
            "taken");
  EXPECT_EQ(ReasonOf({{"operationType", R"("invalidate")"}, {"ns", ""}}), "taken");
}

TEST(ChangeEvent, TakesAnyTypeOfId) {
  for (const char* key : {R"({"_id":null})", R"({"_id":1})", R"({"_id":{"a":1,"b":[2]}})",
                          R"({"shard":1,"_id":{"$oid":"000102030405060708090a0b"}})"}) {
    EXPECT_EQ(ReasonOf({{"documentKey", key}}), "taken") << key;
  }
}

TEST(ChangeEvent, IsWithoutWallTimeInOldServers) {
  const Outcome outcome = Take({{"wallTime", ""}});
  ASSERT_FALSE(outcome.reject.has_value());
  EXPECT_FALSE(outcome.change.wall_time.has_value());
}

struct Refused {
  Replacements replacements;
  std::string reason;
};

TEST(ChangeEvent, RefusesWithAStableReason) {
  const std::vector<Refused> table{
      {{{"_id", ""}}, "no token"},
      {{{"_id", "null"}}, "no token"},
      {{{"_id", R"("8265")"}}, "no token"},
      {{{"_id", R"({})"}}, "no token"},
      {{{"_id", R"({"_data":null})"}}, "no token"},
      {{{"_id", R"({"_data":""})"}}, "no token"},
      {{{"_id", R"({"_data":1})"}}, "malformed event"},
      {{{"operationType", ""}}, "malformed event"},
      {{{"operationType", "1"}}, "malformed event"},
      {{{"operationType", R"("shardCollection")"}}, "unknown operation"},
      {{{"operationType", R"("Insert")"}}, "unknown operation"},
      {{{"clusterTime", ""}}, "no cluster time"},
      {{{"clusterTime", "null"}}, "no cluster time"},
      {{{"clusterTime", R"({"$timestamp":{"t":0,"i":1}})"}}, "no cluster time"},
      {{{"clusterTime", "1700000000"}}, "malformed event"},
      {{{"wallTime", R"("2023-11-14T22:13:20.123Z")"}}, "malformed event"},
      {{{"wallTime", R"({"$date":{"$numberLong":"9223372036854775807"}})"}}, "malformed event"},
      {{{"ns", ""}}, "no namespace"},
      {{{"ns", R"({"db":"shop"})"}}, "no namespace"},
      {{{"ns", R"({"coll":"transactions"})"}}, "no namespace"},
      {{{"ns", R"({"db":"shop","coll":1})"}}, "malformed event"},
      {{{"operationType", R"("drop")"}, {"ns", R"({"db":"shop"})"}}, "no namespace"},
      {{{"operationType", R"("dropDatabase")"}, {"ns", ""}}, "no namespace"},
      {{{"documentKey", ""}}, "no document key"},
      {{{"documentKey", R"({"id":1})"}}, "no document key"},
      {{{"documentKey", R"("T-1")"}}, "no document key"},
      {{{"operationType", R"("delete")"}, {"documentKey", ""}}, "no document key"},
      {{{"operationType", R"("update")"}, {"documentKey", ""}}, "no document key"},
      {{{"fullDocument", ""}}, "no full document"},
      {{{"fullDocument", "null"}}, "no full document"},
      {{{"fullDocument", "[]"}}, "malformed event"},
      {{{"operationType", R"("replace")"}, {"fullDocument", ""}}, "no full document"},
      {{{"operationType", R"("update")"}, {"fullDocument", "1"}}, "malformed event"},
      {{{"operationType", R"("drop")"}, {"_id", ""}}, "no token"},
      {{{"operationType", R"("invalidate")"}, {"clusterTime", ""}}, "no cluster time"},
  };
  for (const Refused& row : table) EXPECT_EQ(ReasonOf(row.replacements), row.reason);
}

TEST(ChangeEvent, SaysWhichFieldIsWrong) {
  EXPECT_EQ(Take({{"ns", R"({"db":"shop","coll":1})"}}).reject->message,
            "cannot read change event: field \"ns.coll\" has the wrong type: int");
  RawChange empty;
  EXPECT_EQ(ToRawChange(empty, UpdateImages::kLookup)->reason, "malformed event");
}

}  // namespace
}  // namespace stockwatch::change_event
