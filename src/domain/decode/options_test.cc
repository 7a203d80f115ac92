#include "domain/decode/options.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::decode {
namespace {

Options Valid() {
  Options options;
  options.inventory.name = "inventory";
  options.transactions.name = "transactions";
  options.thresholds.name = "thresholds";
  return options;
}

TEST(DecodeOptions, DefaultsWithCollectionsAreValid) {
  EXPECT_TRUE(Valid().Validate().empty());
}

struct Case {
  std::function<void(Options&)> mistake;
  std::string_view message;
};

TEST(DecodeOptions, EveryMistakeNamesItsSetting) {
  const std::vector<Case> cases{
      {[](Options& o) { o.inventory.name = o.transactions.name = ""; },
       "inventory.name: neither inventory nor transactions have a collection"},
      {[](Options& o) { o.transactions.name = "inventory"; },
       "transactions.name: is the collection of inventory: \"inventory\""},
      {[](Options& o) { o.thresholds.name = "inventory"; },
       "thresholds.name: is another collection already: \"inventory\""},
      {[](Options& o) { o.inventory.fields["onhand"] = "a"; },
       "inventory.fields.onhand: no such field"},
      {[](Options& o) { o.inventory.fields["on_hand"] = "a..b"; },
       "inventory.fields.on_hand: not a path such as a.b.c: \"a..b\""},
      {[](Options& o) { o.thresholds.fields["low"] = "a"; },
       "thresholds.fields.low: rules have fixed names; use a rename hook"},
      {[](Options& o) { o.inventory.hooks = {DropHook{"a"}, DropHook{""}}; },
       "inventory.hooks[1].field: a path has 1 to 256 bytes: 0"},
      {[](Options& o) { o.inventory.hooks = {RenameHook{"a", ".b"}}; },
       "inventory.hooks[0].to: not a path such as a.b.c: \".b\""},
      {[](Options& o) { o.inventory.hooks = {RenameHook{"a", "a"}}; },
       "inventory.hooks[0].to: is the same as from: \"a\""},
      {[](Options& o) { o.transactions.hooks = {RedactHook{"_id.x"}}; },
       "transactions.hooks[0].field: the document's _id stays as it is"},
      {[](Options& o) { o.inventory.hooks = {RedactHook{"sku"}}; },
       "inventory.hooks[0].field: redaction would make one of all values of sku"},
      {[](Options& o) {
         o.inventory.fields["brand"] = "tree.brand";
         o.inventory.hooks = {RedactHook{"tree"}};
       },
       "inventory.hooks[0].field: redaction would make one of all values of brand"},
      {[](Options& o) { o.inventory.hooks = {MaskHook{"note"}, RenameHook{"sku", "note"}}; },
       "inventory: a rename leads from sku to the protected note: the engine needs sku as it is"},
      {[](Options& o) { o.transactions.hooks = {HashHook{"order_id"}}; },
       "transactions.hooks[0].field: the engine needs order_id as it is"},
      {[](Options& o) { o.inventory.hooks = {DropHook{"a"}, MaskHook{"price"}}; },
       "inventory.hooks[1].field: the engine needs price as it is"},
      {[](Options& o) { o.inventory.hooks = {EncryptHook{"name"}}; },
       "inventory.hooks[0].field: the engine needs name as it is"},
      {[](Options& o) { o.inventory.hooks = {HashHook{"a.b"}, DropHook{"a"}, RedactHook{"a"}}; },
       "inventory.hooks[2].field: another hook protects a.b already"},
      {[](Options& o) { o.inventory.hooks = {MaskHook{"a", 65}}; },
       "inventory.hooks[0].keep: is larger than 64: 65"},
      {[](Options& o) { o.inventory.hooks.assign(65, DropHook{"a"}); },
       "inventory.hooks: more than 64 hooks: 65"},
      {[](Options& o) { o.inventory.schema_version = 0; },
       "inventory.schema_version: is not between 1 and 1000: 0"},
      {[](Options& o) { o.inventory.schema_version = 2; }, "inventory.upgrades.1: is missing"},
      {[](Options& o) { o.inventory.upgrades[1] = {}; },
       "inventory.upgrades.1: leads to no version up to schema_version"},
      {[](Options& o) {
         o.inventory.schema_version = 2;
         o.inventory.upgrades[1] = {RedactHook{"name"}};
       },
       "inventory.upgrades.1[0]: what protects a value belongs to inventory.hooks, which sees "
       "every "
       "version"},
      {[](Options& o) { o.warehouse.fixed_id = std::string(129, 'x'); },
       "warehouse.fixed_id: id longer than 128 bytes: 129"},
      {[](Options& o) {
         o.warehouse.fixed_id = "W1";
         o.warehouse.mapping["a"] = "b";
       },
       "warehouse.mapping: goes without fixed_id only"},
      {[](Options& o) { o.warehouse.mapping["a"] = ""; }, "warehouse.mapping.a: empty id"},
  };
  for (const Case& c : cases) {
    Options options = Valid();
    c.mistake(options);
    const auto errors = options.Validate();
    ASSERT_EQ(errors.size(), 1u) << c.message;
    EXPECT_EQ(errors[0].message, c.message);
  }
}

TEST(DecodeOptions, WhatIsOnlyShownMayBeMaskedOrHashed) {
  Options options = Valid();
  options.inventory.hooks = {MaskHook{"name"}, HashHook{"nam"}, EncryptHook{"names"},
                             RedactHook{"a"}, RedactHook{"a.b"}};
  EXPECT_TRUE(options.Validate().empty());
}

TEST(DecodeOptions, AllMistakesAreToldAtOnce) {
  Options options = Valid();
  options.inventory.hooks = {DropHook{""}, RenameHook{"", ""}};
  options.warehouse.mapping = {{"a", ""}, {"b", "\n"}};
  EXPECT_EQ(options.Validate().size(), 6u);
}

}  // namespace
}  // namespace stockwatch::decode
