#include "shop/shop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/money.h"
#include "domain/decode/decoder.h"
#include "domain/event/change.h"
#include "domain/event/rule.h"
#include "wire/change_event/change_event.h"
#include "wire/ejson/ejson_reader.h"

namespace stockwatch::shop {
namespace {

using event::Operation;
using event::TransactionType;
using Item = std::pair<std::string, std::string>;  // warehouse, sku

// What the product makes of one line, without views into it.
struct Change {
  std::string token;
  std::uint32_t seconds = 0;
  std::uint32_t increment = 0;
  std::optional<base::Instant> wall_time;
  Operation operation{};
  std::string collection;
  Item item;  // of a delete: found by its document
  std::string document;
  std::optional<TransactionType> movement;
  base::Quantity quantity;
  base::Quantity reserved_quantity;
  std::string reference;
  std::optional<base::Instant> expected_at;
  std::optional<StockFigures> figures;  // of an inventory document
  std::string department, category, brand;
  event::ProductStatus status{};
  base::Money price;
  std::optional<event::Rule> rule;
};

decode::Options DecodeOptions() {
  decode::Options options;
  options.inventory.name = "inventory";
  options.transactions.name = "transactions";
  options.thresholds.name = "thresholds";
  options.currency = base::Currency::Parse("EUR").value();
  return options;
}

// Copies the parts of a decoded change.
struct Copy {
  Change& to;

  void operator()(const event::InventoryImage& image) const {
    to.item = {std::string(image.item.warehouse.text()), std::string(image.item.sku.text())};
    to.document = image.document_key;
    to.figures = StockFigures{to.item.first, to.item.second, image.on_hand, image.reserved.value(),
                              image.inbound.value()};
    to.department = image.levels.department;
    to.category = image.levels.category;
    to.brand = image.levels.brand;
    to.status = image.status;
    to.price = image.price.value();
  }
  void operator()(const event::InventoryDelete& gone) const { to.document = gone.document_key; }
  void operator()(const event::Transaction& t) const {
    to.item = {std::string(t.item.warehouse.text()), std::string(t.item.sku.text())};
    to.document = t.document_key;
    to.movement = t.type;
    to.quantity = t.quantity;
    to.reserved_quantity = t.reserved_quantity.value_or(base::Quantity());
    to.reference = t.reference;
    to.expected_at = t.expected_at;
  }
  void operator()(const event::RuleUpsert& upsert) const { to.rule = upsert.rule; }
  void operator()(const event::RuleRemoval& removal) const { to.document = removal.rule_id; }
  void operator()(const event::InventoryGone&) const { ADD_FAILURE() << "an update without image"; }
  void operator()(const event::Control&) const { ADD_FAILURE() << "a control event"; }
};

class LineReader {
 public:
  // Fails the test if the product would not take the line.
  Change Read(const std::string& line) {
    event::RawChange raw;
    const base::Status parsed = ejson_.Read(line, {}, raw.event);
    EXPECT_TRUE(parsed.ok()) << line;
    const auto refused = change_event::ToRawChange(raw, change_event::UpdateImages::kLookup);
    EXPECT_FALSE(refused.has_value()) << line;
    Change change;
    change.token = raw.token;
    change.seconds = raw.position.seconds;
    change.increment = raw.position.increment;
    change.wall_time = raw.wall_time;
    change.operation = raw.operation;
    change.collection = raw.collection;
    const decode::Decoded decoded = decoder_.Decode(raw);
    if (const auto* reject = std::get_if<event::Reject>(&decoded)) {
      ADD_FAILURE() << reject->message << "\n" << line;
      return change;
    }
    std::visit(Copy{change}, std::get<event::Change>(decoded).body);
    if (change.figures) items_[change.document] = change.item;
    if (change.operation == Operation::kDelete) change.item = items_[change.document];
    return change;
  }

 private:
  ejson::EjsonReader ejson_;
  decode::Decoder decoder_{DecodeOptions()};
  std::map<std::string, Item> items_;  // by document
};

std::vector<Change> ReadAll(Shop& shop) {
  LineReader reader;
  std::vector<Change> changes;
  std::string line;
  while (shop.Next(line)) changes.push_back(reader.Read(line));
  return changes;
}

const std::vector<Change>& DefaultRun() {
  static const std::vector<Change> kChanges = [] {
    Shop shop{Options{}};
    return ReadAll(shop);
  }();
  return kChanges;
}

std::string DigestOf(const Options& options) {
  Shop shop(options);
  base::Sha256 sha;
  std::string line;
  while (shop.Next(line)) sha.Update(line + "\n");
  return base::Hex(sha.Finish());
}

// From 1.
std::uint32_t DayOf(const Change& change) {
  const auto start = static_cast<std::uint32_t>(Options().start.micros() / 1'000'000);
  return (change.seconds - start) / 86'400 + 1;
}

struct Figures {
  base::Quantity on_hand;
  base::Quantity reserved;
  std::map<std::string, base::Quantity> inbound;  // by reference

  base::Quantity InboundTotal() const {
    base::Quantity total;
    for (const auto& [reference, quantity] : inbound) total += quantity;
    return total;
  }
};

// The table of transaction types from the domain page, and nothing else.
void Move(Figures& figures, const Change& change) {
  const base::Quantity q = change.quantity;
  switch (*change.movement) {
    case TransactionType::kSale:
      figures.on_hand -= q;
      figures.reserved -= change.reserved_quantity;
      break;
    case TransactionType::kReturn:
    case TransactionType::kAdjustment:
      figures.on_hand += q;
      break;
    case TransactionType::kDamage:
    case TransactionType::kShrinkage:
    case TransactionType::kTransferOut:
      figures.on_hand -= q;
      break;
    case TransactionType::kReceipt:
    case TransactionType::kTransferIn:
      figures.on_hand += q;
      figures.inbound[change.reference] -= q;
      break;
    case TransactionType::kReserve:
      figures.reserved += q;
      break;
    case TransactionType::kRelease:
      figures.reserved -= q;
      break;
    case TransactionType::kOrdered:
      figures.inbound[change.reference] += q;
      break;
    case TransactionType::kOrderCancelled:
      figures.inbound[change.reference] -= q;
      break;
    case TransactionType::kCount:
      figures.on_hand = q;
      break;
  }
}

using Tally = std::map<Item, Figures>;

void ExpectSame(const Figures& tallied, const StockFigures& told) {
  EXPECT_EQ(tallied.on_hand, told.on_hand) << told.warehouse_id << " " << told.sku;
  EXPECT_EQ(tallied.reserved, told.reserved) << told.warehouse_id << " " << told.sku;
  EXPECT_EQ(tallied.InboundTotal(), told.inbound) << told.warehouse_id << " " << told.sku;
}

// Every document must show what the tally has.
Tally TallyOf(const std::vector<Change>& changes) {
  Tally tally;
  for (const Change& change : changes) {
    if (change.movement) {
      EXPECT_TRUE(tally.contains(change.item)) << "moved before it was opened";
      Move(tally[change.item], change);
    } else if (change.collection == "inventory" && change.operation == Operation::kInsert) {
      EXPECT_FALSE(tally.contains(change.item)) << "inserted twice";
      tally[change.item] = {change.figures->on_hand, change.figures->reserved, {}};
    } else if (change.figures) {
      ExpectSame(tally[change.item], *change.figures);
    } else if (change.collection == "inventory") {
      tally.erase(change.item);
    }
  }
  return tally;
}

TEST(ShopOptions, RefusesWhatNoShopCanBe) {
  const auto with = [](auto&& set) {
    Options options;
    set(options);
    return options;
  };
  const std::vector<std::pair<Options, std::string>> cases{
      {with([](Options& o) { o.warehouses = 0; }),
       "shop: \"warehouses\" is not between 1 and 100: 0"},
      {with([](Options& o) { o.items_per_warehouse = 20'001; }),
       "shop: \"items_per_warehouse\" is not between 1 and 20000: 20001"},
      {with([](Options& o) { o.days = 0; }), "shop: \"days\" is not between 1 and 3660: 0"},
      {with([](Options& o) { o.start = o.start + base::Duration::Hours(1); }),
       "shop: \"start\" is not midnight UTC: 2026-01-05T01:00:00Z"},
      {with([](Options& o) { o.start = base::Instant(); }),
       "shop: \"start\" does not leave cluster times between 1970 and 2106: 1970-01-01T00:00:00Z"},
      {with([](Options& o) { o.start = base::ParseInstant("2106-02-01T00:00:00Z").value(); }),
       "shop: \"start\" does not leave cluster times between 1970 and 2106: 2106-02-01T00:00:00Z"},
  };
  for (const auto& [options, message] : cases) {
    const base::Status status = options.Validate();
    ASSERT_FALSE(status.ok()) << message;
    EXPECT_EQ(status.error().message, message);
    EXPECT_EQ(status.error().code, base::Code::kInvalidArgument);
  }
  EXPECT_TRUE(Options().Validate().ok());
}

TEST(Shop, GivesTheSameLinesForTheSameSeed) {
  EXPECT_EQ(DigestOf({}), DigestOf({}));
  EXPECT_NE(DigestOf({}), DigestOf({.seed = 2}));
}

TEST(Shop, ALongerRunBeginsWithTheShorterOne) {
  Shop shorter({.days = 3});
  Shop longer({.days = 5});
  std::string line;
  std::string same;
  while (shorter.Next(line)) {
    ASSERT_TRUE(longer.Next(same));
    ASSERT_EQ(line, same);
  }
  EXPECT_TRUE(longer.Next(same));
}

TEST(Shop, IsOfTheSizeThatItSays) {
  EXPECT_GT(DefaultRun().size(), 15'000u);
  EXPECT_LT(DefaultRun().size(), 25'000u);
  std::map<std::string, int> items;
  for (const Change& change : DefaultRun()) {
    if (change.collection == "inventory" && change.operation == Operation::kInsert &&
        DayOf(change) == 1) {
      ++items[change.item.first];
    }
  }
  EXPECT_EQ(items, (std::map<std::string, int>{{"W1", 60}, {"W2", 60}, {"W3", 60}}));
}

TEST(Shop, ClusterTimesRiseAndWallTimesFollowThem) {
  const Change* last = nullptr;
  for (const Change& change : DefaultRun()) {
    ASSERT_TRUE(change.wall_time.has_value());
    EXPECT_EQ(change.wall_time->micros() / 1'000'000, change.seconds);
    if (last != nullptr) {
      EXPECT_LT(std::pair(last->seconds, last->increment),
                std::pair(change.seconds, change.increment));
      EXPECT_LE(*last->wall_time, *change.wall_time);
    }
    last = &change;
  }
  EXPECT_EQ(DayOf(*last), Options().days);
}

TEST(Shop, TokensAndTransactionIdsAreUnique) {
  std::set<std::string> tokens;
  std::set<std::string> ids;
  for (const Change& change : DefaultRun()) {
    EXPECT_TRUE(tokens.insert(change.token).second) << change.token;
    EXPECT_EQ(change.token.substr(0, 2), "82");
    EXPECT_EQ(change.token.find_first_not_of("0123456789ABCDEF"), std::string::npos);
    if (change.movement) {
      EXPECT_TRUE(ids.insert(change.document).second);
    }
  }
}

TEST(Shop, TheBooksAgreeWithANaiveTally) {
  for (const Options& options :
       {Options{}, Options{.seed = 99, .days = 12}, Options{.seed = 3, .days = 1},
        Options{.seed = 5, .warehouses = 1, .items_per_warehouse = 1},
        Options{.seed = 8, .warehouses = 7, .items_per_warehouse = 9, .days = 30}}) {
    SCOPED_TRACE("seed " + std::to_string(options.seed));
    Shop shop(options);
    const Tally tally = TallyOf(ReadAll(shop));
    const std::vector<StockFigures> stock = shop.Stock();
    EXPECT_EQ(stock.size(), tally.size());
    for (const StockFigures& figures : stock) {
      const auto found = tally.find({figures.warehouse_id, figures.sku});
      ASSERT_NE(found, tally.end());
      ExpectSame(found->second, figures);
    }
  }
}

TEST(Shop, EveryKindOfChangeAppears) {
  std::set<std::pair<std::string, Operation>> kinds;
  std::set<TransactionType> types;
  for (const Change& change : DefaultRun()) {
    kinds.emplace(change.collection, change.operation);
    if (change.movement) types.insert(*change.movement);
  }
  EXPECT_EQ(kinds,
            (std::set<std::pair<std::string, Operation>>{{"inventory", Operation::kInsert},
                                                         {"inventory", Operation::kUpdate},
                                                         {"inventory", Operation::kReplace},
                                                         {"inventory", Operation::kDelete},
                                                         {"transactions", Operation::kInsert},
                                                         {"thresholds", Operation::kInsert},
                                                         {"thresholds", Operation::kReplace},
                                                         {"thresholds", Operation::kDelete}}));
  EXPECT_EQ(types.size(), event::kTransactionTypeNames.size());
}

TEST(Shop, SellsAtNoonAndInTheEveningAndAFewArticlesMost) {
  std::array<int, 24> hours{};
  std::map<Item, int> sales;
  for (const Change& change : DefaultRun()) {
    if (change.movement != TransactionType::kSale) continue;
    ++hours[change.seconds / 3600 % 24];
    ++sales[change.item];
  }
  EXPECT_GT(hours[12], 5 * hours[6]);
  EXPECT_GT(hours[12], hours[15]);
  EXPECT_GT(hours[19], hours[15]);
  std::vector<int> sorted;
  int all = 0;
  for (const auto& [item, count] : sales) {
    sorted.push_back(count);
    all += count;
  }
  std::sort(sorted.rbegin(), sorted.rend());
  int best = 0;
  for (std::size_t i = 0; i < sorted.size() / 10; ++i) best += sorted[i];
  EXPECT_GT(best, all / 2);
}

TEST(Shop, StockRunsOutAndComesBack) {
  Tally tally;
  std::set<Item> out;
  int ran_out = 0;
  int came_back = 0;
  bool oversold = false;
  for (const Change& change : DefaultRun()) {
    if (change.figures && change.operation == Operation::kInsert) {
      tally[change.item].on_hand = change.figures->on_hand;
    }
    if (!change.movement) continue;
    Figures& figures = tally[change.item];
    Move(figures, change);
    oversold = oversold || figures.on_hand < base::Quantity();
    const bool empty = figures.on_hand - figures.reserved <= base::Quantity();
    if (empty && out.insert(change.item).second) ++ran_out;
    if (!empty && out.erase(change.item) != 0) ++came_back;
  }
  EXPECT_GT(ran_out, 20);
  EXPECT_GT(came_back, 20);
  EXPECT_LT(out.size(), tally.size() / 4);
  EXPECT_TRUE(oversold);
}

TEST(Shop, WhatArrivesWasOrderedAndIsSometimesLateOrShort) {
  std::map<std::pair<Item, std::string>, Change> orders;
  std::set<std::pair<Item, std::string>> begun;  // something of it has arrived
  int in_time = 0;
  int late = 0;
  int short_of = 0;
  for (const Change& change : DefaultRun()) {
    const std::pair order_key(change.item, change.reference);
    if (change.movement == TransactionType::kOrdered) {
      ASSERT_TRUE(change.expected_at.has_value());
      EXPECT_TRUE(orders.emplace(order_key, change).second);
    }
    if (change.movement != TransactionType::kReceipt) continue;
    const auto order = orders.find(order_key);
    ASSERT_NE(order, orders.end()) << change.reference;
    if (!begun.insert(order_key).second) continue;
    const bool is_late =
        *change.wall_time >= *order->second.expected_at + base::Duration::Hours(12);
    ++(is_late ? late : in_time);
    if (change.quantity < order->second.quantity) ++short_of;
  }
  // One in twenty is.
  EXPECT_GE(late, 1);
  EXPECT_GT(in_time, 9 * late);
  EXPECT_GT(short_of, 5);
}

TEST(Shop, TransfersAreAnnouncedSentAndReceived) {
  struct Transfer {
    Item to;
    std::optional<Change> sent;
  };
  std::map<std::string, Transfer> transfers;
  int arrived = 0;
  for (const Change& change : DefaultRun()) {
    if (change.reference.starts_with("transfer/") && change.movement == TransactionType::kOrdered) {
      transfers[change.reference].to = change.item;
    } else if (change.movement == TransactionType::kTransferOut) {
      Transfer& transfer = transfers.at(change.reference);
      EXPECT_EQ(transfer.to.second, change.item.second);
      EXPECT_NE(transfer.to.first, change.item.first);
      transfer.sent = change;
    } else if (change.movement == TransactionType::kTransferIn) {
      const Transfer& transfer = transfers.at(change.reference);
      EXPECT_EQ(transfer.to, change.item);
      ASSERT_TRUE(transfer.sent.has_value());
      EXPECT_LE(change.quantity, transfer.sent->quantity);
      ++arrived;
    }
  }
  EXPECT_GT(arrived, 3);
}

TEST(Shop, TheFlashSaleIsCheapAndCrowded) {
  std::map<std::uint32_t, int> sales;  // by day
  std::map<Item, std::string> categories;
  std::map<Item, base::Money> prices;
  std::set<std::string> cheaper;  // on the day of the sale
  for (const Change& change : DefaultRun()) {
    if (change.figures) {
      const auto [price, first] = prices.try_emplace(change.item, change.price);
      if (!first && change.price < price->second && DayOf(change) == 5) {
        cheaper.insert(change.category);
      }
      categories[change.item] = change.category;
    }
    if (change.movement == TransactionType::kSale && categories[change.item] == "T-Shirts") {
      ++sales[DayOf(change)];
    }
  }
  EXPECT_EQ(cheaper, std::set<std::string>{"T-Shirts"});
  EXPECT_GT(sales[5], 2 * sales[2]);
}

TEST(Shop, ProductsComeAndGo) {
  std::set<Item> seen;
  std::set<Item> launched, discontinued, deleted, rebranded;
  std::map<Item, std::string> brands;
  for (const Change& change : DefaultRun()) {
    if (change.collection != "inventory") continue;
    const std::uint32_t day = DayOf(change);
    if (change.operation == Operation::kInsert && day > 1) {
      EXPECT_EQ(day, 8u);
      launched.insert(change.item);
    }
    if (change.operation == Operation::kDelete) {
      EXPECT_EQ(day, 12u);
      deleted.insert(change.item);
      continue;
    }
    if (change.status == event::ProductStatus::kDiscontinued) {
      EXPECT_GE(day, 10u);
      discontinued.insert(change.item);
    }
    const auto [brand, first] = brands.try_emplace(change.item, change.brand);
    if (change.operation == Operation::kReplace && change.brand != brand->second) {
      EXPECT_EQ(day, 7u);
      rebranded.insert(change.item);
    }
  }
  for (const auto* items : {&launched, &discontinued, &deleted, &rebranded}) {
    EXPECT_GE(items->size(), 5u);
  }
}

TEST(Shop, ThePlannersRulesAreValidAndOneIsEdited) {
  std::map<std::string, std::vector<event::Rule>> versions;
  for (const Change& change : DefaultRun()) {
    if (!change.rule) continue;
    EXPECT_TRUE(event::ValidateRule(*change.rule).ok()) << change.rule->id;
    versions[change.rule->id].push_back(*change.rule);
  }
  ASSERT_EQ(versions["category-watch"].size(), 2u);
  EXPECT_EQ(versions["category-watch"][0].scope.category, "T-Shirts");
  EXPECT_LT(versions["category-watch"][0].fields.low, versions["category-watch"][1].fields.low);
  ASSERT_EQ(versions["best-seller"].size(), 1u);
  EXPECT_FALSE(versions["best-seller"][0].scope.sku.empty());
  EXPECT_TRUE(versions["best-seller"][0].fields.hold_for.has_value());
  EXPECT_TRUE(versions["best-seller"][0].fields.clear_margin.has_value());
  EXPECT_EQ(versions["warehouse-w1"].size(), 1u);
}

}  // namespace
}  // namespace stockwatch::shop
