#include "domain/key/name_pool.h"

#include <gtest/gtest.h>

#include <string>

namespace stockwatch::key {
namespace {

TEST(NamePool, BeginsWithNone) {
  NamePool names;
  EXPECT_EQ(names.size(), 1u);
  EXPECT_EQ(names.Text(kNoName), "(none)");
  EXPECT_EQ(names.Intern("(none)"), kNoName);
}

TEST(NamePool, KeepsEachNameOnce) {
  NamePool names;
  const NameId britain = names.Intern("GB");
  const NameId germany = names.Intern("DE");
  EXPECT_NE(britain, germany);
  EXPECT_EQ(names.Intern(std::string("GB")), britain);
  EXPECT_NE(names.Intern("gb"), britain);
  EXPECT_EQ(names.Text(britain), "GB");
  EXPECT_EQ(names.Text(germany), "DE");
  EXPECT_EQ(names.size(), 4u);
}

TEST(NamePool, ViewsStayWhileItGrows) {
  NamePool names;
  const NameId id = names.Intern("GB");
  const std::string_view text = names.Text(id);
  for (int i = 0; i < 100'000; ++i) names.Intern("name-" + std::to_string(i));
  EXPECT_EQ(text.data(), names.Text(id).data());
  EXPECT_EQ(names.Intern("GB"), id);
  EXPECT_EQ(names.Text(names.Intern("name-99999")), "name-99999");
  EXPECT_EQ(names.size(), 100'002u);
}

}  // namespace
}  // namespace stockwatch::key
