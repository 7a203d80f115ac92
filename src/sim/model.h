#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world.h"

namespace stockwatch::sim {

// What the rules of the shop say that one item has. Figures are thousandths.
struct Stock {
  enum class Life : std::uint8_t { kUnopened, kOpened, kRetired };
  Life life = Life::kUnopened;
  bool known = false;       // by some change
  bool documented = false;  // in this life or one before
  bool discontinued = false;
  std::int32_t category = kNoCategory;
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;  // may be negative: shown as 0
  std::uint32_t deleted = 0;  // second; while retired

  bool living() const { return known && life != Life::kRetired; }
  std::int64_t shown_reserved() const { return reserved > 0 ? reserved : 0; }
};

// What a node adds up.
struct Sum {
  std::int64_t items = 0;
  std::int64_t unopened = 0;
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;
  std::int64_t out_of_stock = 0;
  std::int64_t critical = 0;
  std::int64_t low = 0;

  void Add(const Sum& other, std::int64_t sign);
  bool operator==(const Sum&) const = default;
};
using Nodes = std::map<std::string, Sum, std::less<>>;  // by NodeName; none that is empty

// Tree ('g' or 'w') and names, "wW0/P0/C1".
std::string NodeName(char tree, const std::vector<std::string_view>& path);

// The oracle: stock by the words of the domain, from the set of changes alone. Shares nothing with
// the engine but positions and ids.
class Model {
 public:
  explicit Model(const World& world) : world_(world), items_(world.items.size()) {}

  // The next change of the stream, which was committed.
  void Take(const Event& event);

  // Items that changed since the last call; one may come twice. Their figures are as of now.
  std::vector<std::uint32_t> TakeTouched();
  const Stock& at(std::uint32_t item) const { return items_[item].stock; }
  const Nodes& nodes() const { return nodes_; }
  Nodes AddUp() const;  // from the items, anew

  std::uint64_t read() const { return read_; }
  std::uint64_t applied() const { return applied_; }

 private:
  struct Known {
    std::map<base::Position, Event> changes;
    Stock stock;    // of all changes, unless `stale`
    Stock counted;  // as it stands in the nodes
    bool stale = false;
  };

  void Step(Stock& stock, const Event& event) const;
  void StepLedger(Stock& stock, const Event& event) const;
  Sum SumOf(const Stock& stock) const;
  void Count(Nodes& nodes, const Item& item, const Stock& stock, std::int64_t sign) const;

  const World& world_;
  std::vector<Known> items_;
  std::vector<std::uint32_t> touched_;
  Nodes nodes_;
  std::uint32_t now_ = 0;  // seconds
  std::uint64_t read_ = 0;
  std::uint64_t applied_ = 0;
};

}  // namespace stockwatch::sim
