#include "domain/key/name_pool.h"

#include <absl/container/flat_hash_map.h>

#include <vector>

#include "domain/event/change.h"
#include "domain/key/text_arena.h"

namespace stockwatch::key {

struct NamePool::State {
  TextArena texts;
  std::vector<TextRef> refs;
  absl::flat_hash_map<std::string_view, NameId> ids;
};

NamePool::NamePool() : state_(std::make_unique<State>()) {
  Intern(event::kNoLevel);
}

NamePool::~NamePool() = default;

NameId NamePool::Intern(std::string_view name) {
  if (auto found = state_->ids.find(name); found != state_->ids.end()) return found->second;
  const TextRef ref = state_->texts.Add(name);
  const auto id = static_cast<NameId>(state_->refs.size());
  state_->refs.push_back(ref);
  state_->ids.emplace(state_->texts.Text(ref), id);
  return id;
}

std::string_view NamePool::Text(NameId id) const {
  return state_->texts.Text(state_->refs[id]);
}

std::size_t NamePool::size() const {
  return state_->refs.size();
}

}  // namespace stockwatch::key
