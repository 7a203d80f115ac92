#include "domain/event/raw_document.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace stockwatch::event {
namespace {

RawValue Scalar(std::string_view name, std::int64_t integer) {
  RawValue value;
  value.name = name;
  value.type = ValueType::kInt64;
  value.integer = integer;
  return value;
}

RawValue Container(std::string_view name, ValueType type) {
  RawValue value;
  value.name = name;
  value.type = type;
  return value;
}

// {a: 1, b: {c: 2, d: {e: 3}}, f: [4, {g: 5}], h: 6}
RawDocument Sample() {
  RawDocument document;
  const auto root = document.Open(Container("", ValueType::kDocument));
  document.Add(Scalar("a", 1));
  const auto b = document.Open(Container("b", ValueType::kDocument));
  document.Add(Scalar("c", 2));
  const auto d = document.Open(Container("d", ValueType::kDocument));
  document.Add(Scalar("e", 3));
  document.Close(d);
  document.Close(b);
  const auto f = document.Open(Container("f", ValueType::kArray));
  document.Add(Scalar("", 4));
  const auto element = document.Open(Container("", ValueType::kDocument));
  document.Add(Scalar("g", 5));
  document.Close(element);
  document.Close(f);
  document.Add(Scalar("h", 6));
  document.Close(root);
  return document;
}

std::string Show(const RawDocument& document, std::uint32_t index = 0) {
  const RawValue& node = document.at(index);
  std::string text(node.name);
  if (!text.empty()) text += ":";
  if (node.type == ValueType::kInt64) return text + std::to_string(node.integer);
  text += node.type == ValueType::kArray ? "[" : "{";
  for (std::uint32_t i = index + 1; i < node.end; i = document.at(i).end) {
    text += Show(document, i) + " ";
  }
  return text + (node.type == ValueType::kArray ? "]" : "}");
}

TEST(RawDocument, NodesEndBehindTheirLastDescendant) {
  const RawDocument document = Sample();
  EXPECT_EQ(Show(document), "{a:1 b:{c:2 d:{e:3 } } f:[4 {g:5 } ] h:6 }");
  const std::vector<std::uint32_t> ends{11, 2, 6, 4, 6, 6, 10, 8, 10, 10, 11};
  ASSERT_EQ(document.size(), ends.size());
  for (std::uint32_t i = 0; i < document.size(); ++i) EXPECT_EQ(document.at(i).end, ends[i]) << i;
}

TEST(RawDocument, FindLooksAtChildrenAlone) {
  const RawDocument document = Sample();
  EXPECT_EQ(document.Find(0, "a"), 1u);
  EXPECT_EQ(document.Find(0, "f"), 6u);
  EXPECT_EQ(document.Find(0, "h"), 10u);
  EXPECT_EQ(document.Find(2, "d"), 4u);
  EXPECT_EQ(document.Find(0, "c"), RawDocument::kNone);
  EXPECT_EQ(document.Find(2, "h"), RawDocument::kNone);
  EXPECT_EQ(document.Find(0, ""), RawDocument::kNone);
  EXPECT_EQ(document.Find(1, "a"), RawDocument::kNone);   // a scalar
  EXPECT_EQ(document.Find(6, ""), RawDocument::kNone);    // an array
  EXPECT_EQ(document.Find(11, "a"), RawDocument::kNone);  // beyond the end
  EXPECT_EQ(document.Find(RawDocument::kNone, "a"), RawDocument::kNone);
  EXPECT_EQ(RawDocument().Find(0, "a"), RawDocument::kNone);
}

TEST(RawDocument, FindTakesTheFirstOfSeveral) {
  RawDocument document;
  const auto root = document.Open(Container("", ValueType::kDocument));
  document.Add(Scalar("x", 1));
  document.Add(Scalar("x", 2));
  document.Close(root);
  EXPECT_EQ(document.Find(0, "x"), 1u);
}

TEST(RawDocument, FindPathFollowsDots) {
  const RawDocument document = Sample();
  EXPECT_EQ(document.FindPath(0, "h"), 10u);
  EXPECT_EQ(document.FindPath(0, "b.d"), 4u);
  EXPECT_EQ(document.FindPath(0, "b.d.e"), 5u);
  EXPECT_EQ(document.FindPath(2, "d.e"), 5u);
  for (const std::string_view path :
       {"", ".", "b.", ".b", "b..d", "b.x", "a.c", "b.d.e.x", "f.g", "f.1.g", "x.y"}) {
    EXPECT_EQ(document.FindPath(0, path), RawDocument::kNone) << path;
  }
}

TEST(RawDocument, EraseTakesAContainerWithAllBelow) {
  RawDocument document = Sample();
  document.Erase(document.FindPath(0, "b.d"));
  EXPECT_EQ(Show(document), "{a:1 b:{c:2 } f:[4 {g:5 } ] h:6 }");
  document.Erase(document.Find(0, "f"));
  EXPECT_EQ(Show(document), "{a:1 b:{c:2 } h:6 }");
  document.Erase(document.Find(0, "h"));
  document.Erase(document.Find(0, "b"));
  document.Erase(document.Find(0, "a"));
  EXPECT_EQ(Show(document), "{}");
}

TEST(RawDocument, AppendPutsTheFieldBehindTheLastChild) {
  RawDocument document = Sample();
  document.Append(document.FindPath(0, "b.d"), Scalar("x", 7));
  document.Append(document.Find(0, "b"), Scalar("y", 8));
  document.Append(0, Scalar("z", 9));
  EXPECT_EQ(Show(document), "{a:1 b:{c:2 d:{e:3 x:7 } y:8 } f:[4 {g:5 } ] h:6 z:9 }");
}

TEST(RawDocument, AppendFillsAnEmptyDocument) {
  RawDocument document;
  const auto root = document.Open(Container("", ValueType::kDocument));
  document.Close(document.Open(Container("empty", ValueType::kDocument)));
  document.Add(Scalar("next", 1));
  document.Close(root);
  document.Append(1, Scalar("x", 2));
  EXPECT_EQ(Show(document), "{empty:{x:2 } next:1 }");
}

TEST(RawDocument, KeptTextOutlivesMoving) {
  RawDocument document;
  std::string_view kept = document.Keep("a");
  for (int i = 0; i < 100; ++i) document.Keep(std::string(40, 'x'));
  const RawDocument moved = std::move(document);
  EXPECT_EQ(kept, "a");
}

TEST(RawDocument, IsEmptyAfterClear) {
  RawDocument document = Sample();
  document.Clear();
  EXPECT_TRUE(document.empty());
  EXPECT_EQ(document.size(), 0u);
}

TEST(TypeName, NamesTheFirstAndTheLast) {
  EXPECT_EQ(TypeName(ValueType::kNull), "null");
  EXPECT_EQ(TypeName(ValueType::kString), "string");
  EXPECT_EQ(TypeName(ValueType::kCodeWithScope), "javascriptWithScope");
  EXPECT_EQ(TypeName(ValueType::kArray), "array");
}

// The plain form of a document: each node owns its children.
struct Tree {
  std::string name;
  ValueType type = ValueType::kInt64;
  std::int64_t integer = 0;
  std::vector<std::unique_ptr<Tree>> children;
};

std::string Show(const Tree& tree) {
  std::string text = tree.name;
  if (!text.empty()) text += ":";
  if (tree.type == ValueType::kInt64) return text + std::to_string(tree.integer);
  text += tree.type == ValueType::kArray ? "[" : "{";
  for (const auto& child : tree.children) text += Show(*child) + " ";
  return text + (tree.type == ValueType::kArray ? "]" : "}");
}

void GrowTree(Tree& tree, int depth) {
  for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
    auto child = std::make_unique<Tree>();
    if (tree.type == ValueType::kDocument) {
      child->name = *rc::gen::element<std::string>("a", "b", "c");
    }
    const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 3);
    if (kind == 0) {
      child->integer = *rc::gen::inRange<std::int64_t>(0, 100);
    } else {
      child->type = kind == 1 ? ValueType::kDocument : ValueType::kArray;
      GrowTree(*child, depth - 1);
    }
    tree.children.push_back(std::move(child));
  }
}

void Build(const Tree& tree, RawDocument& document) {
  if (tree.type == ValueType::kInt64) {
    RawValue scalar = Scalar(tree.name, tree.integer);
    scalar.name = document.Keep(tree.name);
    document.Add(scalar);
    return;
  }
  const auto index = document.Open(Container(document.Keep(tree.name), tree.type));
  for (const auto& child : tree.children) Build(*child, document);
  document.Close(index);
}

// The nodes in document order, which is the order of RawDocument's indexes, with their parents.
struct Place {
  Tree* node;
  Tree* parent;
};
void ListPlaces(Tree& tree, Tree* parent, std::vector<Place>& places) {
  places.push_back({&tree, parent});
  for (const auto& child : tree.children) ListPlaces(*child, &tree, places);
}

std::uint32_t FindInTree(const std::vector<Place>& places, std::uint32_t parent,
                         std::string_view name) {
  if (places[parent].node->type != ValueType::kDocument) return RawDocument::kNone;
  for (std::uint32_t i = parent + 1; i < places.size(); ++i) {
    if (places[i].parent == places[parent].node && places[i].node->name == name) return i;
  }
  return RawDocument::kNone;
}

RC_GTEST_PROP(RawDocumentProperty, ChangesLikeATreeThatOwnsItsNodes, ()) {
  Tree tree;
  tree.type = ValueType::kDocument;
  GrowTree(tree, 3);
  RawDocument document;
  Build(tree, document);
  for (int steps = *rc::gen::inRange(1, 12); steps > 0; --steps) {
    std::vector<Place> places;
    ListPlaces(tree, nullptr, places);
    RC_ASSERT(document.size() == places.size());
    const auto index = static_cast<std::uint32_t>(*rc::gen::inRange<std::size_t>(0, places.size()));
    Tree* const node = places[index].node;
    Tree* const parent = places[index].parent;
    for (const std::string_view name : {"a", "b", "c"}) {
      RC_ASSERT(document.Find(index, name) == FindInTree(places, index, name));
    }
    if (node->type == ValueType::kDocument && *rc::gen::arbitrary<bool>()) {
      node->children.push_back(std::make_unique<Tree>());
      node->children.back()->name = "c";
      node->children.back()->integer = steps;
      document.Append(index, Scalar("c", steps));
    } else if (parent != nullptr) {
      std::erase_if(parent->children, [node](const auto& child) { return child.get() == node; });
      document.Erase(index);
    }
    RC_ASSERT(Show(document) == Show(tree));
    RC_ASSERT(document.at(0).end == document.size());
  }
}

}  // namespace
}  // namespace stockwatch::event
