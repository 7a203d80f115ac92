#include "domain/key/text_arena.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace stockwatch::key {
namespace {

TEST(TextArena, GivesBackEachText) {
  TextArena arena;
  std::vector<std::pair<TextRef, std::string>> added;
  for (const std::string& text :
       {std::string("GB"), std::string(), std::string("a\0b", 3), std::string("GB"),
        std::string(255, 'x'), std::string(256, 'y'), std::string(65'535, 'z')}) {
    added.emplace_back(arena.Add(text), text);
  }
  for (const auto& [ref, text] : added) EXPECT_EQ(arena.Text(ref), text);
}

TEST(TextArena, NeverGivesTheReferenceThatMeansNone) {
  TextArena arena;
  EXPECT_NE(arena.Add(""), 0u);
}

TEST(TextArena, TakesAViewOfNothing) {
  TextArena arena;
  EXPECT_EQ(arena.Text(arena.Add(std::string_view())), "");
}

TEST(TextArena, ViewsStayWhileItGrows) {
  TextArena arena;
  EXPECT_EQ(arena.bytes(), 0u);
  const std::string_view first = arena.Text(arena.Add("first"));
  std::vector<TextRef> refs;
  refs.reserve(100);
  for (int i = 0; i < 100; ++i) {
    refs.push_back(arena.Add(std::string(60'000, static_cast<char>(i))));
  }
  EXPECT_EQ(first, "first");
  for (std::size_t i = 0; i < refs.size(); ++i) {
    EXPECT_EQ(arena.Text(refs[i]), std::string(60'000, static_cast<char>(i)));
  }
  EXPECT_GE(arena.bytes(), 6'000'000u);
}

TEST(TextArenaDeathTest, StopsAtATextThatWasNotBounded) {
  TextArena arena;
  EXPECT_DEATH(arena.Add(std::string(65'536, 'x')), "ids and keys are bounded");
}

}  // namespace
}  // namespace stockwatch::key
