#include "flow/canonical.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "testing/engine_run.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes
using Lines = std::vector<std::string>;

Fields Mug(int on_hand) {
  return DocumentOf("d1", "GB", "85123A", on_hand,
                    {{"product_id", "85123"},
                     {"brand", "acme"},
                     {"category", "85"},
                     {"department", "8"},
                     {"name", "mug \"red\""},
                     {"reserved", 3},
                     {"inbound", "1.5"},
                     {"price", Fields{{"amount", 2.55}, {"currency", "GBP"}}},
                     {"cost", Fields{{"amount", "1.2"}, {"currency", "EUR"}}},
                     {"status", "discontinued"}});
}

// docs/formats.md, Items.
TEST(Canonical, AnItemIsOneLineWithEveryKeyInOrder) {
  EngineRun run;
  run.Take(Stocked(1291191960, Mug(200)));
  EXPECT_EQ(
      run.Items(),
      Lines{R"x({"warehouse_id":"GB","sku":"85123A","product_id":"85123","brand":"acme",)x"
            R"x("category":"85","department":"8","name":"mug \"red\"","on_hand":200,"reserved":3,)x"
            R"x("inbound":1.5,"available":197,"position":{"t":1291191960,"i":1,"n":0},)x"
            R"x("status":"discontinued","opened":true,"price":{"amount":2.55,"currency":"GBP"},)x"
            R"x("cost":{"amount":1.2,"currency":"EUR"}})x"
            "\n"});
}

TEST(Canonical, WhatIsNotKnownIsNull) {
  EngineRun run(LedgerShop());
  run.Take(Moved(1291191960, "sale", "GB", "85123A", 2));
  EXPECT_EQ(
      run.Items(),
      Lines{R"x({"warehouse_id":"GB","sku":"85123A","product_id":"(none)","brand":"(none)",)x"
            R"x("category":"(none)","department":"(none)","name":null,"on_hand":-2,"reserved":0,)x"
            R"x("inbound":0,"available":-2,"position":{"t":1291191960,"i":1,"n":0},)x"
            R"x("status":"active","opened":false,"price":null,"cost":null})x"
            "\n"});
}

TEST(Canonical, ItemsStandInByteOrderAndRetiredOnesAreLeftOut) {
  EngineRun run;
  run.TakeAll({Stocked(10, DocumentOf("d1", "b", "1", 1)),
               Stocked(11, DocumentOf("d2", "a", "2", 1)),
               Stocked(12, DocumentOf("d3", "B", "3", 1)),
               Stocked(13, DocumentOf("d4", "a", "10", 1)), Deleted(14, "d2")});
  Lines keys;
  for (const std::string& line : run.Items()) keys.push_back(line.substr(0, line.find(",\"prod")));
  EXPECT_EQ(keys, (Lines{R"({"warehouse_id":"B","sku":"3")", R"({"warehouse_id":"a","sku":"10")",
                         R"({"warehouse_id":"b","sku":"1")"}));
}

TEST(Canonical, ThePriceIsTheDocumentsElseThatOfTheHighestTransaction) {
  const auto price = [](const EngineRun& run) {
    const std::string line = run.Items().at(0);
    const std::size_t begin = line.find("\"price\":");
    return line.substr(begin, line.find(",\"cost\"") - begin);
  };
  const auto cost = [](const char* amount) {
    return Fields{{"price", Fields{{"amount", amount}, {"currency", "GBP"}}}};
  };
  EngineRun run;
  run.Take(Stocked(10, DocumentOf("d1", "GB", "1", 5)));
  EXPECT_EQ(price(run), R"x("price":null)x");
  run.Take(Moved(20, "sale", "GB", "1", 1, cost("3")));
  run.Take(Moved(15, "sale", "GB", "1", 1, cost("2")));
  run.Take(Moved(30, "sale", "GB", "1", 1));
  EXPECT_EQ(price(run), R"x("price":{"amount":3,"currency":"GBP"})x");
  run.Take(Updated(40, DocumentOf("d1", "GB", "1", 5, cost("9.99"))));
  EXPECT_EQ(price(run), R"x("price":{"amount":9.99,"currency":"GBP"})x");
}

// docs/formats.md, Roll-ups: both trees, parents before children; ADR 1, 2: a SKU is the last name
// of both.
TEST(Canonical, RollUpsListBothTreesDepthFirst) {
  EngineRun run;
  run.Take(Stocked(10, Mug(200)));
  Lines paths;
  for (const std::string& line : run.RollUps()) {
    paths.push_back(line.substr(8, line.find(",\"items\"") - 8));
  }
  EXPECT_EQ(paths, (Lines{
                       R"x("global","path":[])x",
                       R"x("global","path":["8"])x",
                       R"x("global","path":["8","85"])x",
                       R"x("global","path":["8","85","acme"])x",
                       R"x("global","path":["8","85","acme","85123"])x",
                       R"x("global","path":["8","85","acme","85123","85123A"])x",
                       R"x("warehouse","path":["GB"])x",
                       R"x("warehouse","path":["GB","8"])x",
                       R"x("warehouse","path":["GB","8","85"])x",
                       R"x("warehouse","path":["GB","8","85","acme"])x",
                       R"x("warehouse","path":["GB","8","85","acme","85123"])x",
                       R"x("warehouse","path":["GB","8","85","acme","85123","85123A"])x",
                   }));
  for (const std::string& line : run.RollUps()) {
    EXPECT_EQ(line.substr(line.find(",\"items\"")),
              R"x(,"items":1,"on_hand":200,"available":197,"unopened":0,"out_of_stock":0,)x"
              R"x("critical":0,"low":0,"over":0,"reserved":3,"inbound":1.5,"value":{"EUR":240},)x"
              R"x("not_valued":0})x"
              "\n");
  }
}

TEST(Canonical, ANodeAddsUpItsItems) {
  EngineRun run;
  const auto cost = [](const char* amount, const char* currency) {
    return Fields{{"cost", Fields{{"amount", amount}, {"currency", currency}}}};
  };
  run.TakeAll({Stocked(10, DocumentOf("d1", "GB", "1", 10, cost("0.5", "GBP"))),
               Stocked(11, DocumentOf("d2", "GB", "2", -4, cost("9", "GBP"))),
               Stocked(12, DocumentOf("d3", "FR", "1", 3, cost("2", "EUR"))),
               Stocked(13, DocumentOf("d4", "FR", "3", 7)), Moved(14, "sale", "FR", "4", 1)});
  EXPECT_EQ(run.RollUps().at(0),
            R"x({"tree":"global","path":[],"items":5,"on_hand":16,"available":16,"unopened":1,)x"
            R"x("out_of_stock":1,"critical":0,"low":1,"over":0,"reserved":0,"inbound":0,)x"
            R"x("value":{"EUR":6,"GBP":5},"not_valued":2})x"
            "\n");
}

TEST(Canonical, ANodeWithoutItemsIsNotThere) {
  EngineRun run;
  run.TakeAll({Stocked(10, Mug(1)), Deleted(20, "d1")});
  EXPECT_EQ(run.RollUps(), Lines{});
  EXPECT_EQ(run.Items(), Lines{});
}

// docs/formats.md, Digest: the header line, all item lines, all roll-up lines, all demand lines.
TEST(Canonical, TheDigestIsTheHashOfTheExport) {
  EngineRun run;
  run.TakeAll({Stocked(1291191960, Mug(200)), Stocked(1291191961, DocumentOf("d2", "FR", "1", 5))});
  std::string text = "{\"canonical\":2,\"source_time\":\"2010-12-01T08:26:01Z\"}\n";
  for (const std::string& line : run.Items()) text += line;
  for (const std::string& line : run.RollUps()) text += line;
  for (const std::string& line : run.Demand()) text += line;
  EXPECT_EQ(run.Digest(), base::Hex(base::Sha256Of(text)));
}

TEST(Canonical, TheDigestOfNothingIsThatOfItsHeader) {
  // printf '{"canonical":2,"source_time":null}\n' | sha256sum
  EXPECT_EQ(EngineRun().Digest(),
            "d5ecf1a220f985c4146a049cf0984612815c251cccd1c0e35481a24a06923e13");
}

}  // namespace
}  // namespace stockwatch::flow
