#include "domain/event/raw_document.h"

#include <array>

namespace stockwatch::event {

std::string_view TypeName(ValueType type) {
  constexpr std::array<std::string_view, 21> kNames{
      "null",   "undefined", "bool",       "int",
      "long",   "double",    "decimal",    "string",
      "date",   "timestamp", "objectId",   "binary",
      "regex",  "dbPointer", "javascript", "javascriptWithScope",
      "symbol", "minKey",    "maxKey",     "document",
      "array"};
  return kNames[static_cast<std::size_t>(type)];
}

std::uint32_t RawDocument::Find(std::uint32_t parent, std::string_view name) const {
  if (parent >= size() || nodes_[parent].type != ValueType::kDocument) return kNone;
  const std::uint32_t end = nodes_[parent].end;
  for (std::uint32_t i = parent + 1; i < end; i = nodes_[i].end) {
    if (nodes_[i].name == name) return i;
  }
  return kNone;
}

std::uint32_t RawDocument::FindPath(std::uint32_t parent, std::string_view path) const {
  while (true) {
    const std::size_t dot = path.find('.');
    const std::uint32_t child = Find(parent, path.substr(0, dot));
    if (child == kNone || dot == std::string_view::npos) return child;
    parent = child;
    path.remove_prefix(dot + 1);
  }
}

// Nodes that hold place `from` (ancestors) or lie behind it move their end.
void RawDocument::Shift(std::uint32_t from, std::int64_t by) {
  for (RawValue& node : nodes_) {
    if (node.end > from) node.end = static_cast<std::uint32_t>(node.end + by);
  }
}

void RawDocument::Erase(std::uint32_t index) {
  const std::uint32_t end = nodes_[index].end;
  nodes_.erase(nodes_.begin() + index, nodes_.begin() + end);
  Shift(index, -static_cast<std::int64_t>(end - index));
}

void RawDocument::Append(std::uint32_t parent, RawValue value) {
  const std::uint32_t place = nodes_[parent].end;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const bool behind = i >= place;
    const bool ancestor = i <= parent && nodes_[i].end >= place;
    if (behind || ancestor) ++nodes_[i].end;
  }
  value.end = place + 1;
  nodes_.insert(nodes_.begin() + place, value);
}

}  // namespace stockwatch::event
