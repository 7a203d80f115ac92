#include "domain/decode/protected_fields.h"

#include <gtest/gtest.h>

#include <string>

#include "domain/decode/redaction.h"
#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;

// "path" or "path as hook_path", in their order.
std::string Found(const CollectionOptions& collection) {
  std::string text;
  for (const ProtectedField& field : ProtectedFieldsOf(collection)) {
    text += (text.empty() ? "" : ", ") + field.path;
    if (!field.hook_path.empty()) text += " as " + field.hook_path;
  }
  return text;
}

TEST(ProtectedFields, AreAlsoWhereRenamesLeadFrom) {
  CollectionOptions collection;
  collection.hooks = {RedactHook{"email"}, RenameHook{"x", "y"}, RenameHook{"mail", "email"}};
  collection.upgrades[1] = {RenameHook{"e", "mail"}};
  EXPECT_EQ(Found(collection), "email, mail as email, e as email");
  collection.hooks = {MaskHook{"customer.email"}};
  collection.upgrades[1] = {RenameHook{"person", "customer"}};
  EXPECT_EQ(Found(collection), "customer.email, person.email as customer.email")
      << "a container with it was renamed";
  collection.hooks = {HashHook{"customer"}};
  collection.upgrades[1] = {RenameHook{"mail", "customer.email"}};
  EXPECT_EQ(Found(collection), "customer, mail as customer") << "into what is protected";
  collection.hooks = {RedactHook{"a"}, RedactHook{"b"}};
  collection.upgrades[1] = {RenameHook{"a", "b"}};
  collection.upgrades[2] = {RenameHook{"b", "a"}};
  EXPECT_EQ(Found(collection), "a, b") << "to and fro";
}

TEST(ProtectedFields, AreSealedAsTheHookNamesThem) {
  CollectionOptions collection;
  collection.hooks = {EncryptHook{"email"}};
  collection.upgrades[1] = {RenameHook{"mail", "email"}};
  event::RawChange raw;
  raw.event = testing::MakeDocument({{"fullDocument", Fields{{"mail", "ann@example.org"}}}});
  raw.full_document = raw.event.Find(0, "fullDocument");
  const Seal seal = [](const SealRequest& request) {
    return "sealed " + std::string(request.path);
  };
  Protect(raw, "people", ProtectedFieldsOf(collection), seal);
  EXPECT_EQ(testing::Describe(raw.event, 0), "{fullDocument: {mail: \"sealed email\"}}");
}

}  // namespace
}  // namespace stockwatch::decode
