#include "app/api/nodes.h"

#include <algorithm>
#include <cstddef>

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kNamesMax = 6;  // warehouse to SKU

Error Refused(const std::string& why) {
  return {Code::kInvalidArgument, why};
}

base::Result<std::string> Unescape(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') {
      name.push_back(text[i]);
      continue;
    }
    const char next = ++i < text.size() ? text[i] : '\0';
    if (next != '0' && next != '1') return Refused("path: \"~\" is written \"~0\", \"/\" \"~1\"");
    name.push_back(next == '0' ? '~' : '/');
  }
  if (const auto valid = base::ValidateId(name); !valid.ok()) {
    return Refused("path: " + valid.error().message);
  }
  return name;
}

bool IsAt(const flow::State& state, stock::NodeIndex index, const NodePath& path,
          std::size_t depth) {
  const stock::Node& node = state.rollups.at(index);
  if (node.tree != path.tree || node.depth != depth || node.totals.items == 0) return false;
  const auto names = state.rollups.Path(index);
  return std::equal(names.begin(), names.end(), path.names.begin(),
                    path.names.begin() + static_cast<std::ptrdiff_t>(depth));
}

}  // namespace

base::Result<NodePath> NodePathOf(const Call& call) {
  NodePath path;
  if (const std::string* tree = call.Parameter("tree")) {
    if (*tree != "warehouse" && *tree != "global") {
      return Refused("tree: is not warehouse or global: \"" + *tree + "\"");
    }
    path.tree = *tree == "warehouse" ? stock::Tree::kWarehouse : stock::Tree::kGlobal;
  }
  const std::string* given = call.Parameter("path");
  if (given == nullptr || given->empty()) return path;
  const std::string_view text = *given;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    SW_TRY(std::string name, Unescape(text.substr(begin, end - begin)));
    path.names.push_back(std::move(name));
    begin = end + 1;
  }
  const std::size_t most = path.tree == stock::Tree::kWarehouse ? kNamesMax : kNamesMax - 1;
  if (path.names.size() > most) {
    return Refused("path: has more than " + std::to_string(most) + " names");
  }
  return path;
}

base::Result<stock::NodeIndex> FindNode(const flow::State& state, const NodePath& path) {
  const std::size_t depth = std::min(path.names.size(), path.brand_depth());
  NodePath wanted = path;
  // The whole shop stands at the root of the global tree.
  if (depth == 0) wanted.tree = stock::Tree::kGlobal;
  for (stock::NodeIndex node = 0; node < state.rollups.size(); ++node) {
    if (IsAt(state, node, wanted, depth)) return node;
  }
  std::string text;
  for (const std::string& name : path.names) text.append(text.empty() ? "" : "/").append(name);
  return Error{Code::kNotFound, "there is no node \"" + text + "\" with items in the tree " +
                                    std::string(stock::Name(path.tree))};
}

}  // namespace stockwatch::api
