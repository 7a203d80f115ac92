#include "config/mistakes.h"

#include <algorithm>
#include <limits>

#include "base/strong_id.h"
#include "domain/decode/show_value.h"

namespace stockwatch::config {

std::string KeyPath(std::string_view parent, std::string_view key) {
  std::string path(parent);
  if (!path.empty()) path += '.';
  if (base::ValidateId(key).ok()) return path += key;
  event::RawValue shown;
  shown.type = event::ValueType::kString;
  shown.bytes = key;
  return path += decode::ShowValue(shown);
}

std::string ItemPath(std::string_view parent, std::size_t index) {
  return std::string(parent) + "[" + std::to_string(index) + "]";
}

void Mistakes::Add(int line, std::string_view path, std::string_view what, base::Code code) {
  if (++count_ > kKeptMax) return;
  std::string message = line > 0 ? "line " + std::to_string(line) + ": " : "";
  if (!path.empty()) message += std::string(path) + ": ";
  message += what;
  mistakes_.push_back({line, {code, std::move(message)}});
  paths_.emplace(path);
}

std::vector<base::Error> Mistakes::Sorted() const {
  std::vector<Mistake> sorted = mistakes_;
  const auto place = [](const Mistake& mistake) {
    return mistake.line > 0 ? mistake.line : std::numeric_limits<int>::max();
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Mistake& a, const Mistake& b) { return place(a) < place(b); });
  std::vector<base::Error> errors;
  errors.reserve(sorted.size() + 1);
  for (Mistake& mistake : sorted) errors.push_back(std::move(mistake.error));
  if (count_ > kKeptMax) {
    errors.push_back(
        {base::Code::kInvalidArgument, "mistakes left out: " + std::to_string(count_ - kKeptMax)});
  }
  return errors;
}

}  // namespace stockwatch::config
