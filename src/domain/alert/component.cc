#include "domain/alert/component.h"

#include <algorithm>

namespace stockwatch::alert {

std::string_view Name(Component::Kind kind) {
  switch (kind) {
    case Component::Kind::kSource:
      return "source";
    case Component::Kind::kChannel:
      return "channel";
    case Component::Kind::kClock:
      return "clock";
  }
  return {};
}

ComponentIndex ComponentBook::Of(const Component& component) {
  const auto known = std::find(components_.begin(), components_.end(), component);
  const auto index = static_cast<ComponentIndex>(known - components_.begin());
  if (known == components_.end()) components_.push_back(component);
  return index;
}

}  // namespace stockwatch::alert
