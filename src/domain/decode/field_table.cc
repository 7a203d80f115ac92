#include "domain/decode/field_table.h"

#include "base/assertion.h"

namespace stockwatch::decode {

FieldTable::FieldTable(std::span<const std::string_view> names,
                       const std::map<std::string, std::string>& paths) {
  SW_ASSERT(names.size() <= kFieldsMax, "a field is a bit of 32");
  for (std::size_t field = 0; field < names.size(); ++field) {
    const auto mapped = paths.find(std::string(names[field]));
    paths_.push_back(mapped == paths.end() ? std::string(names[field]) : mapped->second);
    const std::string& path = paths_.back();
    if (path.find('.') != std::string::npos) {
      nested_.push_back(field);
      continue;
    }
    std::size_t place = Hash(path);
    while (!slots_[place].name.empty() && slots_[place].name != path) place = (place + 1) % kSlots;
    slots_[place].name = path;
    slots_[place].fields |= std::uint32_t{1} << field;
  }
}

}  // namespace stockwatch::decode
