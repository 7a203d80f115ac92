#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::scenario {

// Turns the short forms of a scenario into lines of a change stream, MongoDB change events in
// Extended JSON, with cluster times and resume tokens as a server would give them.
class ChangeText {
 public:
  // The event of a timed line that happens at `seconds` of the axis. Throws std::invalid_argument,
  // saying what is wrong with it.
  std::string Of(std::string_view event, std::int64_t seconds);
  // A change of a collection that nobody reads: time passes, nothing else.
  std::string Tick(std::int64_t seconds);

 private:
  struct Place {
    std::int64_t seconds = 0;
    std::string head;  // of the event: token and cluster time
  };
  Place NextPlace(std::int64_t seconds);
  std::string Again(const std::vector<std::string>& words) const;
  std::string Rule(const Place& place, std::string_view event);
  std::string OfItem(const Place& place, const std::vector<std::string>& words);
  static std::string Inventory(const Place& place, const std::vector<std::string>& words);
  std::string Transaction(const Place& place, const std::vector<std::string>& words);

  std::map<std::int64_t, std::uint32_t> increments_;  // the last one of each cluster second
  std::uint32_t tokens_ = 0;
  std::uint32_t transactions_ = 0;
  std::set<std::string> rules_;             // ids that have a document
  std::map<std::int64_t, std::string> at_;  // the first event of each second of the axis
  std::string last_;
};

}  // namespace stockwatch::scenario
