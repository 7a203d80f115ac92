#include "domain/decode/redaction.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;
using testing::Value;

std::string Redacted(const Fields& event, const std::vector<std::string>& paths) {
  event::RawChange raw;
  raw.event = testing::MakeDocument(event);
  Redact(raw, paths);
  return testing::Describe(raw.event, 0);
}

struct Case {
  std::string_view behaviour;
  Fields event;
  std::vector<std::string> paths;
  std::string_view result;
};

TEST(Redaction, ReachesWhateverTheEventShowsOfItsDocument) {
  const Fields person{{"name", "Ann"}, {"age", 7}};
  const std::vector<Case> cases{
      {"document and pre-image",
       {{"fullDocument", Fields{{"a", 1}, {"person", person}}},
        {"fullDocumentBeforeChange", Fields{{"person", person}}}},
       {"person.name"},
       "{fullDocument: {a: 1, person: {name: \"[redacted]\", age: 7}}, "
       "fullDocumentBeforeChange: {person: {name: \"[redacted]\", age: 7}}}"},
      {"a whole document",
       {{"fullDocument", Fields{{"person", person}, {"a", 1}}}},
       {"person"},
       "{fullDocument: {person: \"[redacted]\", a: 1}}"},
      {"arrays are entered",
       {{"fullDocument", Fields{{"people", Value::Array({person, "x", Value::Array({person})})}}}},
       {"people.name"},
       "{fullDocument: {people: [{name: \"[redacted]\", age: 7}, \"x\", [{name: \"[redacted]\", "
       "age: 7}]]}}"},
      {"dotted names of updated fields",
       {{"updateDescription", Fields{{"updatedFields", Fields{{"person.name", "Ann"},
                                                              {"person", person},
                                                              {"person.name.first", "A"},
                                                              {"persons.name", "Bob"},
                                                              {"person.age", 7}}}}}},
       {"person.name"},
       "{updateDescription: {updatedFields: {person.name: \"[redacted]\", person: {name: "
       "\"[redacted]\", age: 7}, person.name.first: \"[redacted]\", persons.name: \"Bob\", "
       "person.age: 7}}}"},
      {"indexes in dotted names",
       {{"updateDescription",
         Fields{{"updatedFields", Fields{{"people.0.name", "Ann"}, {"people.1", person}}}}}},
       {"people.name"},
       "{updateDescription: {updatedFields: {people.0.name: \"[redacted]\", people.1: {name: "
       "\"[redacted]\", age: 7}}}}"},
      {"shard keys",
       {{"documentKey", Fields{{"_id", 1}, {"email", "a@b"}}}},
       {"email"},
       "{documentKey: {_id: 1, email: \"[redacted]\"}}"},
      {"repeated names",
       {{"fullDocument", Fields{{"a", 1}, {"a", Value::Null()}}}},
       {"a"},
       "{fullDocument: {a: \"[redacted]\", a: \"[redacted]\"}}"},
      {"nothing there",
       {{"fullDocument", Fields{{"a", 1}}}},
       {"b", "a.b"},
       "{fullDocument: {a: 1}}"},
  };
  for (const Case& c : cases) EXPECT_EQ(Redacted(c.event, c.paths), c.result) << c.behaviour;
}

TEST(Redaction, KeepsTheReferencesOfTheChange) {
  event::RawChange raw;
  raw.event = testing::MakeDocument(
      {{"fullDocumentBeforeChange",
        Fields{{"secret", Fields{{"a", 1}, {"b", Value::Array({1, 2})}}}}},
       {"fullDocument", Fields{{"_id", 5}, {"secret", Fields{{"a", 1}}}, {"z", 9}}},
       {"documentKey", Fields{{"_id", 5}}}});
  raw.full_document = raw.event.Find(0, "fullDocument");
  raw.document_key = raw.event.FindPath(0, "documentKey._id");
  EXPECT_TRUE(Redact(raw, {"secret"}));
  EXPECT_EQ(raw.full_document, raw.event.Find(0, "fullDocument"));
  EXPECT_EQ(raw.document_key, raw.event.FindPath(0, "documentKey._id"));
  EXPECT_EQ(testing::Describe(raw.event, raw.full_document),
            "{_id: 5, secret: \"[redacted]\", z: 9}");
  const std::string once = testing::Describe(raw.event, 0);
  Redact(raw, {"secret"});
  EXPECT_EQ(testing::Describe(raw.event, 0), once);
  EXPECT_FALSE(Redact(raw, {"other"}));
}

}  // namespace
}  // namespace stockwatch::decode
