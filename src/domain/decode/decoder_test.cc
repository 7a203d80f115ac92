#include "domain/decode/decoder.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "domain/decode/document_key.h"
#include "domain/decode/reject_reasons.h"
#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using event::Control;
using event::ControlKind;
using event::InventoryDelete;
using event::InventoryGone;
using event::InventoryImage;
using event::Operation;
using event::RawChange;
using event::Reject;
using event::RuleRemoval;
using event::RuleUpsert;
using event::Transaction;
using testing::Fields;
using testing::MakeChange;
using testing::MakeInsert;
using testing::With;
using testing::Without;
using RawField = testing::Value;

Options MakeOptions() {
  Options options;
  options.database = "shop";
  options.inventory.name = "inventory";
  options.transactions.name = "transactions";
  options.thresholds.name = "thresholds";
  options.currency = base::Currency::Parse("EUR").value();
  return options;
}

Expression Parsed(std::string_view text) {
  return Expression::Parse(text).value();
}

const Fields kItem{{"_id", "I-1"}, {"warehouse_id", "W1"}, {"sku", "A-1"}, {"on_hand", 7}};
const Fields kSale{
    {"_id", "T-1"}, {"warehouse_id", "W1"}, {"sku", "A-1"}, {"type", "sale"}, {"quantity", 2}};

// A change with what it was decoded to, whose views it keeps alive.
struct Outcome {
  Outcome(const Options& options, RawChange change)
      : decoder(options), raw(std::move(change)), decoded(decoder.Decode(raw)) {}

  template <typename Body>
  const Body* As() const {
    const auto* change = std::get_if<event::Change>(&decoded);
    return change == nullptr ? nullptr : std::get_if<Body>(&change->body);
  }
  bool Is(ControlKind kind) const {
    const auto* control = As<Control>();
    return control != nullptr && control->kind == kind;
  }
  // "reason: message", empty for a change.
  std::string Rejected() const {
    const auto* reject = std::get_if<Reject>(&decoded);
    return reject == nullptr ? "" : std::string(reject->reason) + ": " + reject->message;
  }

  Decoder decoder;
  RawChange raw;
  Decoded decoded;
};

TEST(Decoder, WhatIsNotOfOurCollectionsIsCounted) {
  const Options options = MakeOptions();
  RawChange foreign = MakeInsert("inventory", kItem);
  foreign.database = "other";
  EXPECT_TRUE(Outcome(options, std::move(foreign)).Is(ControlKind::kOtherCollection));
  EXPECT_TRUE(Outcome(options, MakeInsert("users", kItem)).Is(ControlKind::kOtherCollection));
  EXPECT_TRUE(Outcome(options, MakeInsert("", kItem)).Is(ControlKind::kOtherCollection));

  Options any = MakeOptions();
  any.database.clear();
  RawChange other = MakeInsert("inventory", kItem);
  other.database = "other";
  EXPECT_NE(Outcome(any, std::move(other)).As<InventoryImage>(), nullptr);
}

TEST(Decoder, OperationsOnWholeCollectionsAreCounted) {
  struct Case {
    Operation operation;
    std::string_view collection;
    ControlKind kind;
  };
  const std::vector<Case> cases{
      {Operation::kDrop, "inventory", ControlKind::kDrop},
      {Operation::kDrop, "users", ControlKind::kOtherCollection},
      {Operation::kRename, "transactions", ControlKind::kRename},
      {Operation::kRename, "users", ControlKind::kOtherCollection},
      {Operation::kDropDatabase, "", ControlKind::kDropDatabase},
      {Operation::kInvalidate, "", ControlKind::kInvalidate},
  };
  for (const Case& c : cases) {
    EXPECT_TRUE(Outcome(MakeOptions(), MakeChange(c.operation, c.collection, {})).Is(c.kind))
        << static_cast<int>(c.operation) << " " << c.collection;
  }
}

TEST(Decoder, AMinimalItemHasTheDefaultsOfTheDocumentation) {
  const Outcome outcome(MakeOptions(), MakeInsert("inventory", kItem));
  const auto* image = outcome.As<InventoryImage>();
  ASSERT_NE(image, nullptr) << outcome.Rejected();
  EXPECT_EQ(image->item.warehouse.text(), "W1");
  EXPECT_EQ(image->item.sku.text(), "A-1");
  EXPECT_EQ(image->document_key, "sI-1");
  EXPECT_EQ(image->levels, (event::Levels{"(none)", "(none)", "(none)", "A-1"}));
  EXPECT_EQ(image->name, "");
  EXPECT_EQ(image->image, event::Image::kExact);
  EXPECT_EQ(image->on_hand, base::Quantity::Pieces(7));
  EXPECT_FALSE(image->reserved || image->inbound || image->expected_at || image->price ||
               image->cost || image->lead_time_days || image->service_level || image->pack_size ||
               image->moq);
  EXPECT_EQ(image->status, event::ProductStatus::kActive);
  EXPECT_EQ(image->updated_at, base::Instant::Seconds(1'700'000'000));
  EXPECT_EQ(std::get<event::Change>(outcome.decoded).position, outcome.raw.position);
}

TEST(Decoder, AFullItemIsReadWhole) {
  const Fields fields{{"_id", RawField::ObjectId("abcdefghijkl")},
                      {"warehouse_id", "W1"},
                      {"sku", "A-1"},
                      {"product_id", "P"},
                      {"brand", "B"},
                      {"category", "C"},
                      {"department", "D"},
                      {"name", "Große Tasse"},
                      {"on_hand", -2.5},
                      {"reserved", "1.500"},
                      {"inbound", RawField::Decimal("1E+2")},
                      {"expected_at", "2023-11-15T00:00:00+01:00"},
                      {"price", 12.5},
                      {"cost", Fields{{"amount", "7.25"}, {"currency", "USD"}}},
                      {"lead_time_days", 3},
                      {"pack_size", 6},
                      {"moq", 0},
                      {"service_level", 0.975},
                      {"status", "discontinued"},
                      {"updated_at", 1'700'000'000'123},
                      {"schema_version", 1.0},
                      {"something", "else"}};
  const Outcome outcome(MakeOptions(), MakeInsert("inventory", fields));
  const auto* image = outcome.As<InventoryImage>();
  ASSERT_NE(image, nullptr) << outcome.Rejected();
  EXPECT_EQ(image->document_key, "oabcdefghijkl");
  EXPECT_EQ(image->levels, (event::Levels{"D", "C", "B", "P"}));
  EXPECT_EQ(image->name, "Große Tasse");
  EXPECT_EQ(image->on_hand, base::Quantity::Thousandths(-2500));
  EXPECT_EQ(image->reserved, base::Quantity::Thousandths(1500));
  EXPECT_EQ(image->inbound, base::Quantity::Pieces(100));
  EXPECT_EQ(image->expected_at, base::Instant::Seconds(1'700'002'800));
  EXPECT_EQ(image->price, (base::Money{125'000, base::Currency::Parse("EUR").value()}));
  EXPECT_EQ(image->cost, (base::Money{72'500, base::Currency::Parse("USD").value()}));
  EXPECT_EQ(image->lead_time_days, event::Thousandths{3000});
  EXPECT_EQ(image->pack_size, base::Quantity::Pieces(6));
  EXPECT_EQ(image->moq, base::Quantity());
  EXPECT_EQ(image->service_level, event::Thousandths{975});
  EXPECT_EQ(image->status, event::ProductStatus::kDiscontinued);
  EXPECT_EQ(image->updated_at, base::Instant::Micros(1'700'000'000'123'000));
}

TEST(Decoder, ExplicitNullIsAMissingField) {
  Fields fields = kItem;
  for (const char* name : {"product_id", "brand", "category", "department", "name", "reserved",
                           "inbound", "expected_at", "price", "cost", "lead_time_days", "pack_size",
                           "moq", "service_level", "status", "updated_at", "schema_version"}) {
    fields = With(fields, name, RawField::Null());
  }
  const Outcome outcome(MakeOptions(), MakeInsert("inventory", fields));
  ASSERT_NE(outcome.As<InventoryImage>(), nullptr) << outcome.Rejected();
  EXPECT_EQ(outcome.As<InventoryImage>()->levels.product, "A-1");
}

struct BadField {
  std::string name;
  RawField value;
  std::string_view rejected;
};

TEST(Decoder, ABadFieldOfAnItemIsNamedWithItsValue) {
  const std::string long_text(600, 'x');
  const std::vector<BadField> cases{
      {"warehouse_id", RawField::Null(), "missing warehouse: field \"warehouse_id\" is missing"},
      {"warehouse_id", 7, "wrong type: field \"warehouse_id\" is not a string: 7"},
      {"warehouse_id", "",
       "bad id: field \"warehouse_id\" is not an id of 1 to 128 bytes of UTF-8 without control "
       "characters: \"\""},
      {"sku", RawField::Null(), "missing field: field \"sku\" is missing"},
      {"sku", "a\nb",
       "bad id: field \"sku\" is not an id of 1 to 128 bytes of UTF-8 without control characters: "
       "\"a?b\""},
      {"sku", long_text,
       "bad id: field \"sku\" is not an id of 1 to 128 bytes of UTF-8 without control characters: "
       "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\""},
      {"sku", "[redacted]",
       "bad id: field \"sku\" is an id and cannot be redacted: \"[redacted]\""},
      {"brand", Fields{}, "wrong type: field \"brand\" is not a string: document"},
      {"name", long_text,
       "bad text: field \"name\" is longer than 512 bytes: "
       "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\""},
      {"name", "\xC3(", "bad text: field \"name\" is not UTF-8: \"?(\""},
      {"on_hand", RawField::Null(), "missing field: field \"on_hand\" is missing"},
      {"on_hand", true, "wrong type: field \"on_hand\" is not a number: true"},
      {"on_hand", "12.5x", "bad number: field \"on_hand\" is not a number: \"12.5x\""},
      {"on_hand", "1e3", "bad number: field \"on_hand\" is not a number: \"1e3\""},
      {"on_hand", 0.1 + 0.2,
       "bad number: field \"on_hand\" has more than 3 decimals: 0.30000000000000004"},
      {"on_hand", std::numeric_limits<double>::quiet_NaN(),
       "bad number: field \"on_hand\" is not a finite number: nan"},
      {"on_hand", RawField::Decimal("-Infinity"),
       "bad number: field \"on_hand\" is not a finite number: -Infinity"},
      {"on_hand", 1'000'000'001,
       "bad number: field \"on_hand\" is a number beyond the limit of 1000000000: 1000000001"},
      {"reserved", -1, "out of range: field \"reserved\" is negative: -1"},
      {"inbound", "-0.001", "out of range: field \"inbound\" is negative: \"-0.001\""},
      {"expected_at", "tomorrow", "bad date: field \"expected_at\" is not a date: \"tomorrow\""},
      {"expected_at", 1.5, "bad date: field \"expected_at\" is not a date: 1.5"},
      {"expected_at", RawField::Timestamp(5),
       "wrong type: field \"expected_at\" is not a date: timestamp"},
      {"updated_at", RawField::Date(std::numeric_limits<std::int64_t>::max()),
       "bad date: field \"updated_at\" is outside the years 0000 to 9999: date "
       "9223372036854775807"},
      {"price", -1, "out of range: field \"price\" is negative: -1"},
      {"price", "1.23456", "bad number: field \"price\" has more than 4 decimals: \"1.23456\""},
      {"price", Fields{{"amount", 1}, {"currency", "Euro"}},
       "bad text: field \"price.currency\" is not an ISO 4217 code: \"Euro\""},
      {"cost", Fields{{"currency", "EUR"}}, "missing field: field \"cost.amount\" is missing"},
      {"lead_time_days", -1, "out of range: field \"lead_time_days\" is negative: -1"},
      {"pack_size", 0, "out of range: field \"pack_size\" is not above zero: 0"},
      {"moq", -1, "out of range: field \"moq\" is negative: -1"},
      {"service_level", 1, "out of range: field \"service_level\" is not below 1: 1"},
      {"service_level", 0.9995,
       "bad number: field \"service_level\" has more than 3 decimals: 0.9995"},
      {"status", "retired",
       "unknown status: field \"status\" is neither active nor discontinued: \"retired\""},
      {"schema_version", 2, "unknown schema version: schema version is none from 1 to 1: 2"},
      {"schema_version", 0, "unknown schema version: schema version is none from 1 to 1: 0"},
      {"schema_version", "x", "unknown schema version: schema version is none from 1 to 1: \"x\""},
  };
  for (const BadField& c : cases) {
    const Outcome outcome(MakeOptions(), MakeInsert("inventory", With(kItem, c.name, c.value)));
    EXPECT_EQ(outcome.Rejected(), c.rejected);
  }
}

TEST(Decoder, AmountsWithoutAnyCurrencyAreRefused) {
  Options options = MakeOptions();
  options.currency = {};
  EXPECT_EQ(Outcome(options, MakeInsert("inventory", With(kItem, "price", 1))).Rejected(),
            "missing field: field \"price.currency\" is missing");
}

TEST(Decoder, FieldsAreReadWhereTheSettingsSay) {
  Options options = MakeOptions();
  options.inventory.fields = {{"on_hand", "qty.available"},
                              {"sku", "code"},
                              {"product_id", "code"},
                              {"schema_version", "v"}};
  const Fields fields{{"_id", 1},
                      {"warehouse_id", "W1"},
                      {"code", "A-1"},
                      {"sku", 5},
                      {"on_hand", "many"},
                      {"v", 1},
                      {"qty", Fields{{"available", 3}}}};
  const Outcome outcome(options, MakeInsert("inventory", fields));
  const auto* image = outcome.As<InventoryImage>();
  ASSERT_NE(image, nullptr) << outcome.Rejected();
  EXPECT_EQ(image->on_hand, base::Quantity::Pieces(3));
  EXPECT_EQ(image->item.sku.text(), "A-1");
  EXPECT_EQ(image->levels.product, "A-1");
  EXPECT_EQ(Outcome(options, MakeInsert("inventory", With(fields, "qty", Fields{}))).Rejected(),
            "missing field: field \"qty.available\" is missing");
  EXPECT_EQ(Outcome(options, MakeInsert("inventory", With(fields, "v", 3))).Rejected(),
            "unknown schema version: schema version is none from 1 to 1: 3");
}

TEST(Decoder, TheWarehouseIsFixedMappedOrTheDocuments) {
  Options fixed = MakeOptions();
  fixed.warehouse.fixed_id = "HOME";
  const Outcome at_home(fixed, MakeInsert("inventory", Without(kItem, "warehouse_id")));
  ASSERT_NE(at_home.As<InventoryImage>(), nullptr) << at_home.Rejected();
  EXPECT_EQ(at_home.As<InventoryImage>()->item.warehouse.text(), "HOME");

  Options mapped = MakeOptions();
  mapped.warehouse.mapping = {{"W1", "BERLIN"}};
  const Outcome in_berlin(mapped, MakeInsert("transactions", kSale));
  ASSERT_NE(in_berlin.As<Transaction>(), nullptr) << in_berlin.Rejected();
  EXPECT_EQ(in_berlin.As<Transaction>()->item.warehouse.text(), "BERLIN");
  EXPECT_EQ(
      Outcome(mapped, MakeInsert("transactions", With(kSale, "warehouse_id", "W2"))).Rejected(),
      "unmapped warehouse: field \"warehouse_id\" is not in the mapping: \"W2\"");
  EXPECT_EQ(Outcome(mapped, MakeInsert("transactions", Without(kSale, "warehouse_id"))).Rejected(),
            "missing warehouse: field \"warehouse_id\" is missing");
}

TEST(Decoder, ChangesOfItemsWithoutADocument) {
  const Fields key{{"_id", 5.0}};
  const Outcome deleted(MakeOptions(), MakeChange(Operation::kDelete, "inventory", key));
  ASSERT_NE(deleted.As<InventoryDelete>(), nullptr);
  EXPECT_EQ(deleted.As<InventoryDelete>()->document_key, "n5");

  const Fields no_document{{"fullDocument", RawField::Null()}};
  const Outcome gone(MakeOptions(), MakeChange(Operation::kUpdate, "inventory", key, no_document));
  ASSERT_NE(gone.As<InventoryGone>(), nullptr);
  EXPECT_EQ(gone.As<InventoryGone>()->document_key, "n5");

  for (Operation operation : {Operation::kInsert, Operation::kReplace}) {
    EXPECT_EQ(
        Outcome(MakeOptions(), MakeChange(operation, "inventory", key, no_document)).Rejected(),
        "no full document: change carries no document");
  }
  EXPECT_EQ(Outcome(MakeOptions(), MakeChange(Operation::kDelete, "inventory", {})).Rejected(),
            "no document key: change names no document");
}

TEST(Decoder, ALookedUpImageIsMarkedAsSuch) {
  RawChange raw = MakeChange(Operation::kUpdate, "inventory", kItem);
  raw.image = event::Image::kLookup;
  const Outcome outcome(MakeOptions(), std::move(raw));
  ASSERT_NE(outcome.As<InventoryImage>(), nullptr);
  EXPECT_EQ(outcome.As<InventoryImage>()->image, event::Image::kLookup);
}

TEST(Decoder, TheDocumentMustBeTheOneOfTheKey) {
  const auto with_key = [](RawField key) {
    return MakeChange(Operation::kInsert, "inventory", With(kItem, "_id", 1),
                      {{"documentKey", Fields{{"_id", std::move(key)}}}});
  };
  EXPECT_EQ(Outcome(MakeOptions(), with_key(2)).Rejected(),
            "document key mismatch: document key 2 is not the _id of the document: 1");
  EXPECT_NE(Outcome(MakeOptions(), with_key(1.0)).As<InventoryImage>(), nullptr);

  RawChange keyless = MakeInsert("inventory", kItem);
  keyless.document_key = event::RawDocument::kNone;
  EXPECT_EQ(Outcome(MakeOptions(), std::move(keyless)).As<InventoryImage>()->document_key, "sI-1");
  EXPECT_EQ(Outcome(MakeOptions(), MakeInsert("inventory", Without(kItem, "_id"))).Rejected(),
            "no document key: change names no document");
}

TEST(Decoder, EveryTransactionTypeIsRead) {
  for (std::size_t i = 0; i < event::kTransactionTypeNames.size(); ++i) {
    const std::string name(event::kTransactionTypeNames[i]);
    const Outcome outcome(MakeOptions(), MakeInsert("transactions", With(kSale, "type", name)));
    const auto* transaction = outcome.As<Transaction>();
    ASSERT_NE(transaction, nullptr) << outcome.Rejected();
    EXPECT_EQ(transaction->type, static_cast<event::TransactionType>(i)) << name;
    EXPECT_EQ(transaction->quantity, base::Quantity::Pieces(2));
    EXPECT_EQ(transaction->document_key, "sT-1");
    EXPECT_EQ(transaction->reference, "");
    EXPECT_FALSE(transaction->price || transaction->expected_at || transaction->reserved_quantity);
  }
}

TEST(Decoder, ATransactionOccurredAtItsOwnTimeElseAtTheOneOfTheChange) {
  RawChange own = MakeInsert("transactions", With(kSale, "occurred_at", "2023-11-14T22:13:19Z"));
  own.wall_time = base::Instant::Seconds(5);
  RawChange wall = MakeInsert("transactions", kSale);
  wall.wall_time = base::Instant::Micros(1'234'567);
  const auto occurred_at = [](RawChange raw) {
    return Outcome(MakeOptions(), std::move(raw)).As<Transaction>()->occurred_at;
  };
  EXPECT_EQ(occurred_at(std::move(own)), base::Instant::Seconds(1'699'999'999));
  EXPECT_EQ(occurred_at(std::move(wall)), base::Instant::Micros(1'234'567));
  EXPECT_EQ(occurred_at(MakeInsert("transactions", kSale)), base::Instant::Seconds(1'700'000'000));
}

TEST(Decoder, FieldsOfOneTypeAreReadForItAlone) {
  const Fields fields =
      With(With(kSale, "reserved_quantity", 1), "expected_at", RawField::Date(1'700'000'000'000));
  const Outcome sale(MakeOptions(), MakeInsert("transactions", fields));
  EXPECT_EQ(sale.As<Transaction>()->reserved_quantity, base::Quantity::Pieces(1));
  EXPECT_FALSE(sale.As<Transaction>()->expected_at);
  const Outcome ordered(MakeOptions(), MakeInsert("transactions", With(fields, "type", "ordered")));
  EXPECT_FALSE(ordered.As<Transaction>()->reserved_quantity);
  EXPECT_EQ(ordered.As<Transaction>()->expected_at, base::Instant::Seconds(1'700'000'000));
}

TEST(Decoder, TheReferenceIsOfTheOrderOrTheTransfer) {
  struct Case {
    std::string type;
    RawField order;
    RawField transfer;
    std::string_view reference;
  };
  const std::vector<Case> cases{
      {"receipt", "O-1", RawField::Null(), "order/O-1"},
      {"receipt", "O-1", "X-1", "order/O-1"},
      {"receipt", RawField::Null(), "X-1", "transfer/X-1"},
      {"transfer_in", "O-1", "X-1", "transfer/X-1"},
      {"transfer_out", "O-1", "X-1", "transfer/X-1"},
      {"transfer_in", "O-1", RawField::Null(), "order/O-1"},
      {"ordered", 4711, RawField::Null(), "order/4711"},
      {"ordered", std::int64_t{-1}, RawField::Null(), "order/-1"},
      {"ordered", RawField::ObjectId(std::string(12, 'a')), RawField::Null(),
       "order/616161616161616161616161"},
      {"ordered", RawField::Null(), RawField::Null(), ""},
  };
  for (const Case& c : cases) {
    const Fields fields =
        With(With(With(kSale, "type", c.type), "order_id", c.order), "transfer_id", c.transfer);
    const Outcome outcome(MakeOptions(), MakeInsert("transactions", fields));
    ASSERT_NE(outcome.As<Transaction>(), nullptr) << outcome.Rejected();
    EXPECT_EQ(outcome.As<Transaction>()->reference, c.reference);
  }
}

TEST(Decoder, AReferenceThatDoesNotCountIsReadAllTheSame) {
  const Fields fields = With(With(With(kSale, "type", "transfer_in"), "transfer_id", "X-1"),
                             "order_id", std::string(129, 'P'));
  EXPECT_NE(Outcome(MakeOptions(), MakeInsert("transactions", fields)).Rejected(), "");
}

TEST(Decoder, QuantitiesHaveTheSignOfTheirType) {
  struct Case {
    std::string type;
    RawField quantity;
    std::string_view rejected;
  };
  const std::vector<Case> cases{
      {"sale", 0, "out of range: field \"quantity\" is not above zero: 0"},
      {"sale", -1, "out of range: field \"quantity\" is not above zero: -1"},
      {"receipt", "-0.5", "out of range: field \"quantity\" is not above zero: \"-0.5\""},
      {"adjustment", -1, ""},
      {"adjustment", 1, ""},
      {"adjustment", 0.0, "out of range: field \"quantity\" is zero: 0"},
      {"adjustment", RawField::Null(), "missing field: field \"quantity\" is missing"},
      {"count", 0, ""},
      {"count", -1, "out of range: field \"quantity\" is negative: -1"},
      {"sale", "12.5x", "bad number: field \"quantity\" is not a number: \"12.5x\""},
      {"theft", 1, "unknown type: field \"type\" is no transaction type: \"theft\""},
      {"", 1, "unknown type: field \"type\" is no transaction type: \"\""},
  };
  for (const Case& c : cases) {
    const Fields fields = With(With(kSale, "type", c.type), "quantity", c.quantity);
    EXPECT_EQ(Outcome(MakeOptions(), MakeInsert("transactions", fields)).Rejected(), c.rejected);
  }
  EXPECT_EQ(Outcome(MakeOptions(), MakeInsert("transactions", Without(kSale, "type"))).Rejected(),
            "missing field: field \"type\" is missing");
  EXPECT_EQ(Outcome(MakeOptions(), MakeInsert("transactions", With(kSale, "reserved_quantity", -1)))
                .Rejected(),
            "out of range: field \"reserved_quantity\" is negative: -1");
}

TEST(Decoder, TransactionsAreInsertedOnce) {
  for (Operation operation : {Operation::kUpdate, Operation::kReplace}) {
    EXPECT_EQ(Outcome(MakeOptions(), MakeChange(operation, "transactions", kSale)).Rejected(),
              "transaction updated: transactions are inserted once and never updated or replaced: "
              "\"T-1\"");
  }
  EXPECT_TRUE(Outcome(MakeOptions(), MakeChange(Operation::kDelete, "transactions", {{"_id", 1}}))
                  .Is(ControlKind::kTransactionExpired));
}

TEST(Decoder, HooksWorkOnRedactedUpgradedDocumentsAndLeaveTheEventAlone) {
  Options options = MakeOptions();
  options.inventory.schema_version = 3;
  options.inventory.upgrades[1] = {RenameHook{"stock", "on_hand"}};
  options.inventory.upgrades[2] = {ComputeHook{"on_hand", Parsed("on_hand * 10")}};
  options.inventory.hooks = {DefaultHook{"note", std::string("none")},
                             ComputeHook{"name", Parsed("name + '/' + note")}, RedactHook{"name"}};
  const Fields version1 = With(With(Without(kItem, "on_hand"), "stock", 4), "name", "secret");
  const Outcome outcome(options, MakeInsert("inventory", version1));
  const auto* image = outcome.As<InventoryImage>();
  ASSERT_NE(image, nullptr) << outcome.Rejected();
  EXPECT_EQ(image->on_hand, base::Quantity::Pieces(40));
  EXPECT_EQ(image->name, "[redacted]/none");
  EXPECT_EQ(testing::Describe(outcome.raw.event, outcome.raw.full_document),
            "{_id: \"I-1\", warehouse_id: \"W1\", sku: \"A-1\", stock: 4, name: \"[redacted]\"}");

  const auto on_hand = [&](int version) {
    const Fields fields = With(With(kItem, "schema_version", version), "name", "n");
    return Outcome(options, MakeInsert("inventory", fields)).As<InventoryImage>()->on_hand;
  };
  EXPECT_EQ(on_hand(2), base::Quantity::Pieces(70));
  EXPECT_EQ(on_hand(3), base::Quantity::Pieces(7));
  EXPECT_EQ(
      Outcome(options, MakeInsert("inventory", With(version1, "schema_version", 4))).Rejected(),
      "unknown schema version: schema version is none from 1 to 3: 4");
}

TEST(Decoder, ASchemaIsHeldAgainstUpgradedDocumentsBeforeTheHooks) {
  Options options = MakeOptions();
  options.inventory.schema_version = 2;
  options.inventory.upgrades[1] = {RenameHook{"stock", "qty"}};
  options.inventory.hooks = {RenameHook{"qty", "on_hand"}, RedactHook{"name"}};
  Schema number;
  number.types = TypesNamed("integer");
  number.types_text = "integer";
  Schema schema;
  schema.required = {"qty"};
  schema.properties = {{"qty", number}, {"name", number}};
  options.inventory.schema = schema;
  const auto of = [&](const Fields& fields) {
    return Outcome(options, MakeInsert("inventory", With(fields, "name", "secret"))).Rejected();
  };
  const Fields bare = Without(kItem, "on_hand");
  EXPECT_EQ(of(With(bare, "stock", 4)), "");
  EXPECT_EQ(of(With(With(bare, "qty", 4), "schema_version", 2)), "");
  EXPECT_EQ(of(With(bare, "stock", "4")),
            "schema violation: document is not of the schema inventory.schema: at \"/qty\": is of "
            "type string, not integer");
  EXPECT_EQ(of(kItem),
            "schema violation: document is not of the schema inventory.schema: at \"\": has no "
            "field \"qty\"");
}

TEST(Decoder, AFailingHookIsNamed) {
  Options options = MakeOptions();
  options.transactions.hooks = {RedactHook{"quantity"},
                                ConvertHook{"quantity", Conversion::kNumber}};
  EXPECT_EQ(Outcome(options, MakeInsert("transactions", kSale)).Rejected(),
            "hook failed: transactions.hooks[1] (convert, field \"quantity\"): cannot convert to "
            "number: \"[redacted]\"");
  options.transactions.schema_version = 2;
  options.transactions.upgrades[1] = {FilterHook{Parsed("quantity + 1 > missing")}};
  options.transactions.hooks.clear();
  EXPECT_EQ(Outcome(options, MakeInsert("transactions", kSale)).Rejected(),
            "hook failed: transactions.upgrades.1[0] (filter): \">\" cannot take field "
            "\"missing\", which is missing");
}

TEST(Decoder, AFilteredDocumentIsCounted) {
  Options options = MakeOptions();
  for (CollectionOptions* collection :
       {&options.inventory, &options.transactions, &options.thresholds}) {
    collection->hooks = {FilterHook{Parsed("not exists(test)")}};
  }
  for (std::string_view name : {"inventory", "transactions", "thresholds"}) {
    EXPECT_TRUE(Outcome(options, MakeInsert(name, {{"_id", 1}, {"test", true}}))
                    .Is(ControlKind::kFiltered));
  }
  EXPECT_NE(Outcome(options, MakeInsert("inventory", kItem)).As<InventoryImage>(), nullptr);
}

TEST(Decoder, RejectsAndDeletesAreRedactedToo) {
  Options options = MakeOptions();
  options.transactions.hooks = {RedactHook{"customer"}};
  const Fields before{{"fullDocumentBeforeChange", Fields{{"customer", "Ann"}}}};
  for (Operation operation : {Operation::kUpdate, Operation::kDelete}) {
    const Outcome outcome(
        options, MakeChange(operation, "transactions", With(kSale, "customer", "Ann"), before));
    EXPECT_EQ(testing::Describe(outcome.raw.event, 0).find("Ann"), std::string::npos);
  }
  const Decoder decoder(options);
  RawChange foreign = MakeInsert("users", {{"_id", 1}, {"customer", "Ann"}});
  EXPECT_TRUE(decoder.Protect(foreign));
  EXPECT_EQ(testing::Describe(foreign.event, foreign.full_document),
            "{_id: 1, customer: \"[redacted]\"}");
}

TEST(Decoder, RulesOfTheCollection) {
  const Fields rule{{"_id", "r1"}, {"scope", Fields{{"category", "85"}}}, {"low", 120}};
  for (Operation operation : {Operation::kInsert, Operation::kUpdate, Operation::kReplace}) {
    const Outcome outcome(MakeOptions(), MakeChange(operation, "thresholds", rule));
    ASSERT_NE(outcome.As<RuleUpsert>(), nullptr) << outcome.Rejected();
    EXPECT_EQ(outcome.As<RuleUpsert>()->rule.id, "r1");
    EXPECT_EQ(outcome.As<RuleUpsert>()->rule.author, "mongodb");
  }
  const auto rejected = [](const Fields& fields) {
    return Outcome(MakeOptions(), MakeInsert("thresholds", fields)).Rejected();
  };
  EXPECT_EQ(rejected(With(rule, "critical", 121)),
            "bad rule: rule \"r1\": field \"critical\" is above low");
  EXPECT_EQ(rejected(With(rule, "lwo", 1)),
            "unknown field: rule \"r1\": field is unknown: \"lwo\"");
  EXPECT_EQ(rejected(With(rule, "schema_version", 2)),
            "unknown schema version: schema version is none from 1 to 1: 2");
  EXPECT_TRUE(Outcome(MakeOptions(), MakeChange(Operation::kUpdate, "thresholds", {{"_id", "r1"}},
                                                {{"fullDocument", RawField::Null()}}))
                  .Is(ControlKind::kRuleGone));
}

TEST(Decoder, ARemovedRuleIsNamedByItsKey) {
  const auto remove = [](RawField id) {
    return Outcome(MakeOptions(),
                   MakeChange(Operation::kDelete, "thresholds", {{"_id", std::move(id)}}));
  };
  EXPECT_EQ(remove("r1").As<RuleRemoval>()->rule_id, "r1");
  EXPECT_EQ(remove(RawField::ObjectId("abcdefghijkl")).As<RuleRemoval>()->rule_id,
            "6162636465666768696a6b6c");
  EXPECT_EQ(remove(std::int64_t{7}).As<RuleRemoval>()->rule_id, "7");
  EXPECT_EQ(remove(Fields{}).Rejected(),
            "bad id: field \"_id\" is not a string, an objectId or an integer: document");
}

TEST(Decoder, AKeyThatNoRecordCanHoldIsABadOne) {
  const std::string longest(kDocumentKeyBytesMax - 1, 'i');  // and one byte for its type
  for (const auto& [collection, fields] :
       {std::pair("inventory", kItem), std::pair("transactions", kSale)}) {
    EXPECT_EQ(
        Outcome(MakeOptions(), MakeInsert(collection, With(fields, "_id", longest))).Rejected(),
        "");
    EXPECT_EQ(Outcome(MakeOptions(), MakeInsert(collection, With(fields, "_id", longest + "i")))
                  .Rejected(),
              "bad id: the document key is too long");
  }
}

TEST(Decoder, EveryReasonIsListedOnce) {
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    EXPECT_FALSE(kReasons[i].meaning.empty());
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(kReasons[i].reason, kReasons[j].reason);
  }
}

}  // namespace
}  // namespace stockwatch::decode
