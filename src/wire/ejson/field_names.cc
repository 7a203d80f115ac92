#include "wire/ejson/field_names.h"

#include <algorithm>

namespace stockwatch::ejson {

bool FieldNames::IsOnTape(const event::RawDocument& document, std::string_view name) const {
  for (std::uint32_t i = index_ + 1; i < document.size(); i = document.at(i).end) {
    if (document.at(i).name == name) return true;
  }
  return false;
}

bool FieldNames::SortedRepeats(const event::RawDocument& document,
                               std::vector<std::string_view>& scratch) const {
  scratch.clear();
  for (std::uint32_t i = index_ + 1; i < document.size(); i = document.at(i).end) {
    scratch.push_back(document.at(i).name);
  }
  std::sort(scratch.begin(), scratch.end());
  return std::adjacent_find(scratch.begin(), scratch.end()) != scratch.end();
}

}  // namespace stockwatch::ejson
