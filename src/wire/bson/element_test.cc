#include "wire/bson/element.h"

#include <gtest/gtest.h>

#include <string>

#include "domain/event/raw_document.h"
#include "wire/bson/bson_reader.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::bson {
namespace {

std::string Shelf() {
  DocumentWriter writer;
  writer.Text("sku", "A-1").Int32("n", 7).Int64("big", std::int64_t{1} << 40).Double("d", 3.0);
  writer.Bool("yes", true).Timestamp("at", std::uint64_t{5} << 32 | 6).Null("none");
  writer.BeginArray("list").Text({}, "a").BeginDocument({}).Int32("x", 1).End().End();
  return writer.Finish();
}

TEST(Element, GivesEachValueAsItsTypeAndAsNoOther) {
  const std::string document = Shelf();
  EXPECT_EQ(Find(document, "sku")->Text(), "A-1");
  EXPECT_EQ(Find(document, "n")->Whole(), 7);
  EXPECT_EQ(Find(document, "big")->Whole(), std::int64_t{1} << 40);
  EXPECT_EQ(Find(document, "d")->Whole(), 3);
  EXPECT_EQ(Find(document, "yes")->Bool(), true);
  EXPECT_EQ(Find(document, "at")->Timestamp(), std::uint64_t{5} << 32 | 6);
  EXPECT_FALSE(Find(document, "sku")->Whole());
  EXPECT_FALSE(Find(document, "n")->Text());
  EXPECT_FALSE(Find(document, "nothing"));
}

TEST(Element, ArraysAreNumberedAndHoldWholeDocuments) {
  const std::string document = Shelf();
  const auto list = Find(document, "list")->Array();
  ASSERT_TRUE(list);
  EXPECT_EQ(Find(*list, "0")->Text(), "a");
  EXPECT_EQ(Find(*Find(*list, "1")->Document(), "x")->Whole(), 1);
}

TEST(Element, WhatIsWrittenIsBson) {
  event::RawDocument tree;
  EXPECT_TRUE(ReadBson(Shelf(), {}, tree).ok());
}

// One byte less, or one byte changed: it ends, within the bytes (the sanitizers look).
TEST(Element, DamagedBytesEndTheWalk) {
  const std::string document = Shelf();
  for (std::size_t cut = 0; cut < document.size(); ++cut) {
    Elements elements(std::string_view(document).substr(0, cut));
    Element element;
    while (elements.Next(element)) {
    }
    EXPECT_FALSE(elements.ok()) << cut;
  }
  for (std::size_t i = 0; i < document.size(); ++i) {
    for (const int byte : {0x00, 0x02, 0x7F, 0xFF}) {
      std::string damaged = document;
      damaged[i] = static_cast<char>(byte);
      Elements elements(damaged);
      Element element;
      std::size_t steps = 0;
      while (elements.Next(element)) ASSERT_LT(++steps, document.size());
    }
  }
}

}  // namespace
}  // namespace stockwatch::bson
