#pragma once

#include <string>
#include <vector>

#include "flow/state.h"
#include "sim/model.h"

namespace stockwatch::sim {

// Holds the engine's state against the model, right behind a commit or a start. Each check returns
// what is broken, or nothing.
class Checker {
 public:
  Checker(const World& world, Model& model)
      : world_(world), model_(model), tops_(world.items.size()) {}

  // The items that changed since the last check, and the nodes above them.
  std::string CheckTouched(const flow::State& state);
  std::string CheckAll(const flow::State& state);

 private:
  std::string CheckItem(const flow::State& state, std::uint32_t item);
  std::string CheckNode(const flow::State& state, stock::NodeIndex node) const;
  std::string CheckCounts(const flow::State& state) const;
  key::ItemIndex Find(const flow::State& state, std::uint32_t item) const;

  const World& world_;
  Model& model_;
  std::vector<base::Position> tops_;
};

}  // namespace stockwatch::sim
