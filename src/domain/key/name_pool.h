#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace stockwatch::key {

// A name of a level (warehouse, department, category, brand, product) as a number. 0 is "(none)".
using NameId = std::uint32_t;
inline constexpr NameId kNoName = 0;

// Each distinct name once. Numbers are given in order of appearance and mean nothing: what shows is
// sorted by text. Views stay valid as long as the pool. One thread at a time.
class NamePool {
 public:
  NamePool();
  ~NamePool();
  NamePool(const NamePool&) = delete;
  NamePool& operator=(const NamePool&) = delete;

  NameId Intern(std::string_view name);
  std::string_view Text(NameId id) const;
  std::size_t size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::key
