#include "base/strong_id.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace stockwatch::base {
namespace {

using ShelfId = StrongId<struct ShelfTag>;
using AisleId = StrongId<struct AisleTag>;
using ShelfIdView = StrongId<struct ShelfTag, std::string_view>;

static_assert(!std::is_convertible_v<ShelfId, AisleId>);
static_assert(!std::is_constructible_v<AisleId, ShelfId>);
static_assert(!std::is_convertible_v<std::string, ShelfId>);
static_assert(std::is_trivially_copyable_v<ShelfIdView>);

TEST(StrongId, TakesOneTo128BytesOfText) {
  const std::string longest(128, 'x');
  for (const std::string& text :
       {std::string("a"), std::string(" "), std::string("Größe/⚙"), longest}) {
    const auto id = ShelfId::Create(text);
    ASSERT_TRUE(id.ok()) << text;
    EXPECT_EQ(id.value().text(), text);
  }
}

TEST(StrongId, RefusesWhatIsNoId) {
  const struct {
    std::string text;
    std::string_view message;
  } cases[] = {
      {"", "empty id"},
      {std::string(129, 'x'), "id longer than 128 bytes: 129"},
      {std::string(127, 'x') + "é", "id longer than 128 bytes: 129"},
      {"a\nb", "id is not UTF-8 without control characters"},
      {std::string("a\0", 2), "id is not UTF-8 without control characters"},
      {"\xff", "id is not UTF-8 without control characters"},
      {"\xc2\x80", "id is not UTF-8 without control characters"},
  };
  for (const auto& test : cases) {
    const auto id = ShelfId::Create(test.text);
    ASSERT_FALSE(id.ok()) << test.text;
    EXPECT_EQ(id.error().code, Code::kInvalidArgument);
    EXPECT_EQ(id.error().message, test.message);
  }
}

TEST(StrongId, ViewPointsIntoTheBytesOfAnother) {
  const std::string text = "A-7";
  const auto view = ShelfIdView::Create(text);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view.value().text().data(), text.data());
}

TEST(StrongId, IsOrderedByItsBytes) {
  EXPECT_LT(ShelfId::Trusted("A-10"), ShelfId::Trusted("A-9"));
  EXPECT_LT(ShelfId::Trusted("Z"), ShelfId::Trusted("a"));
  EXPECT_EQ(ShelfId::Trusted("(none)").text(), "(none)");
  EXPECT_LT(ShelfIdView::Trusted("z"), ShelfIdView::Trusted("é"));
}

}  // namespace
}  // namespace stockwatch::base
