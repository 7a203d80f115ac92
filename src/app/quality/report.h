#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stockwatch::quality {

struct Share {
  std::uint64_t part = 0;
  std::uint64_t whole = 0;
  void Count(bool good) {
    ++whole;
    part += good ? 1 : 0;
  }
  void Add(const Share& other) {
    part += other.part;
    whole += other.whole;
  }
};

// How good one way of foreseeing was. Domain page, section 9, Quality.
struct Foresight {
  Share precision;            // alerts that were true
  Share recall;               // stock-outs with an alert before them within the lead time
  Share settled_precision;    // the same where there had been stock for a day and more
  Share settled_recall;       //
  Share coverage;             // moments whose 80 % interval had the stock-out in it
  std::vector<double> hours;  // from the first such alert to its stock-out

  void Add(const Foresight& other);
  // Of the same stock-outs, without an alert.
  void AddUnforeseen(const Foresight& other);
};

// What alerts at one level of an item's stock would have come to.
struct Level {
  double chance = 0;  // known beforehand that the level sells within the lead time (informed.h)
  Foresight foresight;
};

struct ClassReport {
  std::uint64_t items = 0;
  Share out_recall;  // stock-outs with an out_of_stock alert of their second
  std::uint64_t out_duplicates = 0;
  Foresight ours;
  Foresight naive;  // by the mean of 28 days
  // Of each item, from the lowest on: BestLevels and InformedLevels choose among them.
  std::vector<std::vector<Level>> levels;

  void Add(const ClassReport& other);
};

// By demand class; "all" is their sum.
struct Report {
  std::map<std::string, ClassReport> classes;
  std::uint64_t changes = 0;
  std::uint64_t refused = 0;

  void Add(const Report& other);
  // A table, each line ended.
  std::string Text() const;
  std::string Json() const;
};

}  // namespace stockwatch::quality
