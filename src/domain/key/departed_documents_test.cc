#include "domain/key/departed_documents.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::key {
namespace {

TEST(DepartedDocuments, GiveTheFirstDeleteAboveAPosition) {
  DepartedDocuments departed;
  EXPECT_TRUE(departed.Add("d1", {0, 10, 2, 0}));
  EXPECT_TRUE(departed.Add("d1", {0, 10, 1, 9}));
  EXPECT_FALSE(departed.Add("d1", {0, 10, 1, 9})) << "noted before";
  EXPECT_EQ(departed.Next("d1", {0, 1, 0, 0}), (base::Position{0, 10, 1, 9}));
  EXPECT_EQ(departed.Next("d1", {0, 10, 1, 9}), (base::Position{0, 10, 2, 0}));
  EXPECT_EQ(departed.Next("d1", {0, 10, 2, 0}), std::nullopt);
  EXPECT_EQ(departed.Next("d2", {0, 1, 0, 0}), std::nullopt);
  EXPECT_EQ(departed.size(), 1u);
}

TEST(DepartedDocuments, ForgetsDeletesAtOrBelowASecond) {
  DepartedDocuments departed;
  departed.Add("d1", {0, 9, 0, 0});
  departed.Add("d2", {0, 10, 5, 0});
  departed.Add("d3", {0, 11, 0, 0});
  std::vector<std::string> gone;
  departed.Forget(10, [&](std::string_view key, base::Position) { gone.emplace_back(key); });
  EXPECT_EQ(gone, (std::vector<std::string>{"d1", "d2"}));
  EXPECT_EQ(departed.size(), 1u);
  EXPECT_EQ(departed.Next("d3", {}), (base::Position{0, 11, 0, 0}));
}

}  // namespace
}  // namespace stockwatch::key
