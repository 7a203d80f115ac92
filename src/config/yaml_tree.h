#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/mistakes.h"

namespace stockwatch::config {

inline constexpr int kYamlDepthMax = 32;
inline constexpr std::uint64_t kYamlNodesMax =
    1'000'000;  // each alias counts as what it stands for

// A value of the text. A value that aliases stand for is there once and has several parents.
struct Node {
  enum class Kind : std::uint8_t { kNull, kPlain, kQuoted, kMap, kList };
  struct Entry {
    std::string key;  // empty in a list
    int line = 0;     // of the key, of the item in a list
    const Node* value = nullptr;
  };

  Kind kind = Kind::kNull;
  int line = 0;            // from 1
  int height = 0;          // of the tree below, itself included; 0 while it is being built
  std::uint64_t size = 1;  // nodes below and itself, aliases counted as what they stand for
  std::string text;        // of a scalar
  std::vector<Entry> entries;

  const Entry* Find(std::string_view key) const;
};

// What a plain scalar is by the core schema of YAML 1.2, but a number with leading zeros is a text:
// as a number it would lose them.
enum class PlainType : std::uint8_t { kText, kInteger, kReal, kBool };
PlainType PlainTypeOf(std::string_view text);

// The value for a message, cut; containers by their type.
std::string ShowNode(const Node& node);

struct Tree {
  std::deque<Node> nodes;
  const Node* root = nullptr;  // none: there is nothing in the text
};

// Nothing if the text cannot be read at all; the mistake says where. A key that is there twice is a
// mistake too, and the first one stays.
std::optional<Tree> ParseYaml(std::string_view text, Mistakes& mistakes);

}  // namespace stockwatch::config
