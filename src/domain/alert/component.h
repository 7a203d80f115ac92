#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::alert {

// A part of the system itself that alerts can be about.
struct Component {
  enum class Kind : std::uint8_t { kSource, kChannel, kClock };
  Kind kind = Kind::kSource;
  std::string name;  // of the source or channel, as the settings name it; of the engine's clock

  bool operator==(const Component&) const = default;
};
std::string_view Name(Component::Kind kind);

using ComponentIndex = std::uint32_t;

// Numbers components, in the order in which they were first asked for. Some dozens at most.
class ComponentBook {
 public:
  ComponentIndex Of(const Component& component);

  const Component& at(ComponentIndex index) const { return components_[index]; }
  ComponentIndex size() const { return static_cast<ComponentIndex>(components_.size()); }

 private:
  std::vector<Component> components_;
};

}  // namespace stockwatch::alert
