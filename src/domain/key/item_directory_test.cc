#include "domain/key/item_directory.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

namespace stockwatch::key {
namespace {

event::ItemKey Key(std::string_view warehouse, std::string_view sku) {
  return {event::WarehouseIdView::Trusted(warehouse), event::SkuView::Trusted(sku)};
}

class ItemDirectoryTest : public ::testing::Test {
 protected:
  NamePool names_;
  ItemDirectory directory_{names_};
};

TEST_F(ItemDirectoryTest, FindsWhatWasAdded) {
  EXPECT_EQ(directory_.Find(Key("GB", "85")), kNoItem);
  const ItemIndex item = directory_.Add(Key("GB", "85"));
  EXPECT_EQ(directory_.Find(Key("GB", "85")), item);
  EXPECT_EQ(directory_.Key(item), Key("GB", "85"));
  EXPECT_EQ(names_.Text(directory_.Warehouse(item)), "GB");
  EXPECT_EQ(directory_.size(), 1u);
}

TEST_F(ItemDirectoryTest, KeepsWarehouseAndSkuApart) {
  const ItemIndex first = directory_.Add(Key("a", "bc"));
  const ItemIndex second = directory_.Add(Key("ab", "c"));
  EXPECT_NE(first, second);
  EXPECT_EQ(directory_.Find(Key("a", "bc")), first);
  EXPECT_EQ(directory_.Find(Key("ab", "c")), second);
  EXPECT_EQ(directory_.Find(Key("a", "c")), kNoItem);
}

TEST_F(ItemDirectoryTest, FindsTheItemThatADocumentNames) {
  const ItemIndex item = directory_.Add(Key("GB", "85"));
  EXPECT_EQ(directory_.Document(item), "");
  EXPECT_EQ(directory_.FindDocument("d1"), kNoItem);
  directory_.Bind(item, "d1");
  EXPECT_EQ(directory_.FindDocument("d1"), item);
  EXPECT_EQ(directory_.Document(item), "d1");
  directory_.Bind(item, "d1");
  EXPECT_EQ(directory_.FindDocument("d1"), item);
}

TEST_F(ItemDirectoryTest, ADocumentNamesOneItemAndAnItemHasOneDocument) {
  const ItemIndex first = directory_.Add(Key("GB", "1"));
  const ItemIndex second = directory_.Add(Key("GB", "2"));
  directory_.Bind(first, "d1");
  directory_.Bind(second, "d1");
  EXPECT_EQ(directory_.FindDocument("d1"), second);
  EXPECT_EQ(directory_.Document(first), "");
  directory_.Bind(second, "d2");
  EXPECT_EQ(directory_.FindDocument("d1"), kNoItem);
  EXPECT_EQ(directory_.FindDocument("d2"), second);
}

TEST_F(ItemDirectoryTest, BindsTheDocumentOfAnotherByItsView) {
  const ItemIndex first = directory_.Add(Key("GB", "1"));
  const ItemIndex second = directory_.Add(Key("GB", "2"));
  directory_.Bind(first, "d1");
  directory_.Bind(second, directory_.Document(first));
  EXPECT_EQ(directory_.Document(second), "d1");
  EXPECT_EQ(directory_.Document(first), "");
}

TEST_F(ItemDirectoryTest, UnbindLeavesTheItem) {
  const ItemIndex item = directory_.Add(Key("GB", "85"));
  directory_.Unbind(item);
  directory_.Bind(item, "d1");
  directory_.Unbind(item);
  EXPECT_EQ(directory_.FindDocument("d1"), kNoItem);
  EXPECT_EQ(directory_.Document(item), "");
  EXPECT_EQ(directory_.Find(Key("GB", "85")), item);
}

TEST_F(ItemDirectoryTest, DropForgetsItemAndDocumentAndGivesTheNumberAgain) {
  const ItemIndex item = directory_.Add(Key("GB", "1"));
  const event::ItemKey dropped = directory_.Key(item);
  directory_.Bind(item, "d1");
  directory_.Drop(item);
  EXPECT_EQ(directory_.Find(Key("GB", "1")), kNoItem);
  EXPECT_EQ(directory_.FindDocument("d1"), kNoItem);
  EXPECT_EQ(directory_.size(), 0u);

  const ItemIndex next = directory_.Add(Key("DE", "2"));
  EXPECT_EQ(next, item);
  EXPECT_EQ(directory_.Key(next), Key("DE", "2"));
  EXPECT_EQ(directory_.Document(next), "");
  EXPECT_EQ(dropped, Key("GB", "1"));  // views stay
}

TEST_F(ItemDirectoryTest, AHintThatIsOutOfDateMisleadsNobody) {
  const ItemIndex item = directory_.Add(Key("GB", "1"));
  const std::uint32_t hash = directory_.HashOf(Key("GB", "1"));
  ASSERT_EQ(directory_.Likely(hash), item);
  EXPECT_EQ(directory_.Find(Key("GB", "1"), hash, item), item);
  EXPECT_EQ(directory_.Find(Key("GB", "1"), hash, kNoItem), item);
  directory_.Drop(item);
  EXPECT_EQ(directory_.Find(Key("GB", "1"), hash, item), kNoItem);
  ASSERT_EQ(directory_.Add(Key("GB", "2")), item);
  EXPECT_EQ(directory_.Find(Key("GB", "1"), hash, item), kNoItem);
}

TEST_F(ItemDirectoryTest, CountsItsMemory) {
  const std::size_t before = directory_.memory_bytes();
  for (int i = 0; i < 10'000; ++i) directory_.Add(Key("GB", "sku-" + std::to_string(i)));
  EXPECT_GT(directory_.memory_bytes(), before + 10'000 * sizeof(ItemIndex));
}

TEST(ItemDirectoryDeathTest, StopsWhenAnItemIsAddedTwice) {
  NamePool names;
  ItemDirectory directory(names);
  directory.Add(Key("GB", "85"));
  EXPECT_DEATH(directory.Add(Key("GB", "85")), "an item is added once");
}

// The oracle: two maps by name.
struct Model {
  std::map<std::string, std::string> documents;  // by SKU; empty: none

  void Bind(const std::string& sku, const std::string& document) {
    for (auto& entry : documents) {
      if (entry.second == document) entry.second.clear();
    }
    documents[sku] = document;
  }
  std::string NamedBy(const std::string& document) const {
    for (const auto& [sku, named] : documents) {
      if (named == document) return sku;
    }
    return "";
  }
};

void ExpectSame(const ItemDirectory& directory, const Model& model) {
  RC_ASSERT(directory.size() == model.documents.size());
  for (const std::string sku : {"1", "2", "3", "4"}) {
    const ItemIndex item = directory.Find(Key("GB", sku));
    RC_ASSERT((item != kNoItem) == model.documents.contains(sku));
    if (item == kNoItem) continue;
    RC_ASSERT(directory.Key(item).sku.text() == sku);
    RC_ASSERT(directory.Document(item) == model.documents.at(sku));
  }
  for (const std::string document : {"d1", "d2", "d3"}) {
    const ItemIndex item = directory.FindDocument(document);
    const std::string sku = item == kNoItem ? "" : std::string(directory.Key(item).sku.text());
    RC_ASSERT(sku == model.NamedBy(document));
  }
}

RC_GTEST_PROP(ItemDirectoryProperty, AgreesWithPlainMaps, ()) {
  NamePool names;
  ItemDirectory directory(names);
  Model model;
  for (int steps = *rc::gen::inRange(1, 40); steps > 0; --steps) {
    const std::string sku = *rc::gen::element<std::string>("1", "2", "3", "4");
    const ItemIndex item = directory.Find(Key("GB", sku));
    if (item == kNoItem) {
      directory.Add(Key("GB", sku));
      model.documents[sku];
      continue;
    }
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        directory.Drop(item);
        model.documents.erase(sku);
        break;
      case 1:
        directory.Unbind(item);
        model.documents[sku].clear();
        break;
      default: {
        const std::string document = *rc::gen::element<std::string>("d1", "d2", "d3");
        directory.Bind(item, document);
        model.Bind(sku, document);
      }
    }
    ExpectSame(directory, model);
  }
}

}  // namespace
}  // namespace stockwatch::key
