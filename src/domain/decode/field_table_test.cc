#include "domain/decode/field_table.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "domain/decode/core_fields.h"

namespace stockwatch::decode {
namespace {

TEST(FieldTable, FindsEveryNameAndNoOther) {
  const FieldTable table(kInventoryFieldNames, {});
  for (std::size_t i = 0; i < kInventoryFieldNames.size(); ++i) {
    const std::string name(kInventoryFieldNames[i]);
    EXPECT_EQ(table.FieldsNamed(name), std::uint32_t{1} << i) << name;
    EXPECT_EQ(table.PathOf(i), name);
    for (std::size_t place = 0; place < name.size(); ++place) {
      std::string other = name;
      other[place] = '#';
      EXPECT_EQ(table.FieldsNamed(other), 0u) << other;
    }
    EXPECT_EQ(table.FieldsNamed(name + "s"), 0u);
  }
  EXPECT_EQ(table.FieldsNamed(""), 0u);
}

TEST(FieldTable, AFieldOfADocumentMayBeReadForSeveral) {
  constexpr std::array<std::string_view, 3> kNames{"a", "b", "c"};
  const FieldTable table(kNames, {{"a", "x"}, {"c", "x"}, {"b", "x.y"}});
  EXPECT_EQ(table.FieldsNamed("x"), 0b101u);
  EXPECT_EQ(table.FieldsNamed("a"), 0u);
  EXPECT_EQ(table.nested(), std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace stockwatch::decode
