#include "domain/key/departed_documents.h"

#include <gtest/gtest.h>

namespace stockwatch::key {
namespace {

TEST(DepartedDocuments, KnowsWhereADocumentWasDeleted) {
  DepartedDocuments departed;
  departed.Add("d1", {0, 10, 2, 0});
  EXPECT_EQ(departed.Find("d1"), (base::Position{0, 10, 2, 0}));
  EXPECT_EQ(departed.Find("d2"), std::nullopt);
}

TEST(DepartedDocuments, KeepsTheHighestDelete) {
  DepartedDocuments departed;
  departed.Add("d1", {0, 10, 2, 0});
  departed.Add("d1", {0, 10, 1, 9});
  EXPECT_EQ(departed.Find("d1"), (base::Position{0, 10, 2, 0}));
  departed.Add("d1", {1, 5, 0, 0});
  EXPECT_EQ(departed.Find("d1"), (base::Position{1, 5, 0, 0}));
  EXPECT_EQ(departed.size(), 1u);
}

TEST(DepartedDocuments, ForgetsDeletesAtOrBelowASecond) {
  DepartedDocuments departed;
  departed.Add("d1", {0, 9, 0, 0});
  departed.Add("d2", {0, 10, 5, 0});
  departed.Add("d3", {0, 11, 0, 0});
  departed.Forget(10);
  EXPECT_EQ(departed.size(), 1u);
  EXPECT_EQ(departed.Find("d2"), std::nullopt);
  EXPECT_EQ(departed.Find("d3"), (base::Position{0, 11, 0, 0}));
}

}  // namespace
}  // namespace stockwatch::key
