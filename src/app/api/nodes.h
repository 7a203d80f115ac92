#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// A place in one of the two trees, as the parameters `tree` and `path` name it. Names of a path are
// joined by "/"; in a name "~1" is "/" and "~0" is "~" (RFC 6901).
struct NodePath {
  stock::Tree tree = stock::Tree::kGlobal;
  std::vector<std::string> names;

  // Names that a node of the trees has at most; what is longer names a product, then a SKU.
  std::size_t brand_depth() const { return tree == stock::Tree::kWarehouse ? 4 : 3; }
};
// kInvalidArgument naming the parameter.
base::Result<NodePath> NodePathOf(const Call& call);

// The node of the first names of the path; the whole shop for none, in both trees. kNotFound: there
// is no such node, or it has no items.
base::Result<stock::NodeIndex> FindNode(const flow::State& state, const NodePath& path);

// Roll-ups with their children, and the items of a node that are nearest to running out.
std::vector<Route> NodeRoutes();

}  // namespace stockwatch::api
