#include "domain/decode/redaction.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;
using testing::Value;

std::vector<ProtectedField> At(const std::vector<std::string>& paths) {
  std::vector<ProtectedField> fields;
  fields.reserve(paths.size());
  for (const std::string& path : paths) fields.push_back({path});
  return fields;
}

std::string Redacted(const Fields& event, const std::vector<std::string>& paths) {
  event::RawChange raw;
  raw.event = testing::MakeDocument(event);
  Redact(raw, At(paths));
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
  EXPECT_TRUE(Redact(raw, At({"secret"})));
  EXPECT_EQ(raw.full_document, raw.event.Find(0, "fullDocument"));
  EXPECT_EQ(raw.document_key, raw.event.FindPath(0, "documentKey._id"));
  EXPECT_EQ(testing::Describe(raw.event, raw.full_document),
            "{_id: 5, secret: \"[redacted]\", z: 9}");
  const std::string once = testing::Describe(raw.event, 0);
  Redact(raw, At({"secret"}));
  EXPECT_EQ(testing::Describe(raw.event, 0), once);
  EXPECT_FALSE(Redact(raw, At({"other"})));
}

// What a seal would make: who asks for what, so that a second call shows.
std::optional<std::string> Told(const SealRequest& request) {
  return "hmac:" + std::string(request.collection) + "/" + std::string(request.path) + "=" +
         testing::Describe(request.document, request.index);
}

std::string Protected(const Fields& event, const ProtectedField& field, const Seal& seal) {
  event::RawChange raw;
  raw.event = testing::MakeDocument(event);
  raw.full_document = raw.event.Find(0, "fullDocument");
  Protect(raw, "people", {field}, seal);
  return testing::Describe(raw.event, 0);
}

TEST(Redaction, MasksShowTheLastCharactersAndNotHowManyThereAre) {
  const Fields array{{"fullDocument", Fields{{"a", Value::Array({"4111111111111234"})}}}};
  EXPECT_EQ(Protected(array, {"a", Protection::kMask, 4}, nullptr),
            "{fullDocument: {a: \"[redacted]\"}}");
  const Fields inside{
      {"fullDocument",
       Fields{{"p", Value::Array({Fields{{"a", "4111111111111234"}}, Fields{{"a", "12345678"}},
                                  Fields{{"a", "1234567"}}, Fields{{"a", ""}},
                                  Fields{{"a", "ü€ü€ü€ü€"}}, Fields{{"a", 12345678}},
                                  Fields{{"a", true}}, Fields{{"a", Fields{{"b", 1}}}}})}}}};
  EXPECT_EQ(Protected(inside, {"p.a", Protection::kMask, 4}, nullptr),
            "{fullDocument: {p: [{a: \"***1234\"}, {a: \"***5678\"}, {a: \"***\"}, {a: \"***\"}, "
            "{a: \"***ü€ü€\"}, {a: \"***5678\"}, {a: \"[redacted]\"}, {a: \"[redacted]\"}]}}");
  EXPECT_EQ(Protected(inside, {"p.a", Protection::kMask, 0}, nullptr).find('4'), std::string::npos);
}

TEST(Redaction, SealsWhatNeedsAKeyOnceAndRedactsWhatItCannotSeal) {
  const Fields event{{"fullDocument", Fields{{"a", "x"}, {"b", 7}}},
                     {"fullDocumentBeforeChange", Fields{{"a", "[redacted]"}}}};
  for (const Protection protection : {Protection::kHash, Protection::kEncrypt}) {
    EXPECT_EQ(Protected(event, {"a", protection}, Told),
              "{fullDocument: {a: \"hmac:people/a=\"x\"\", b: 7}, fullDocumentBeforeChange: {a: "
              "\"[redacted]\"}}");
    const std::string redacted =
        "{fullDocument: {a: \"[redacted]\", b: 7}, fullDocumentBeforeChange: {a: \"[redacted]\"}}";
    EXPECT_EQ(Protected(event, {"a", protection}, nullptr), redacted);
    EXPECT_EQ(Protected(event, {"a", protection}, [](const auto&) { return std::nullopt; }),
              redacted);
  }
}

TEST(Redaction, AMaskOfAMaskIsTheSame) {
  const std::string long_text(200, 'a');
  for (const std::uint32_t keep : {0u, 1u, 4u, 64u}) {
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("abcd"), std::string("abcdefgh"),
          std::string("***"), std::string("****"), std::string("***abcd"),
          std::string("***abcdefgh"), long_text}) {
      event::RawValue value;
      value.type = event::ValueType::kString;
      value.bytes = text;
      const std::string once = Mask(value, keep).value();
      value.bytes = once;
      EXPECT_EQ(Mask(value, keep).value(), once) << text << ", " << keep;
      EXPECT_LE(once.size(), 3 + keep);
    }
  }
}

}  // namespace
}  // namespace stockwatch::decode
