#pragma once

namespace stockwatch::base {

// One visitor of many functions: std::visit(base::Overloaded{…}, variant).
template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace stockwatch::base
