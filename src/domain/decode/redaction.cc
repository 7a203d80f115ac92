#include "domain/decode/redaction.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "domain/decode/hook.h"

namespace stockwatch::decode {
namespace {

using event::RawChange;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

std::string_view TakePart(std::string_view& path) {
  const std::size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  return part;
}

bool IsIndex(std::string_view part) {
  return !part.empty() &&
         std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What remains of `path` below a field with that name, which may be dotted; empty: the whole value
// is meant. Nothing: the field is not on the path. Indexes of arrays in the name are passed over.
std::optional<std::string_view> Below(std::string_view path, std::string_view name) {
  while (!name.empty() && !path.empty()) {
    std::string_view rest = path;
    const std::string_view part = TakePart(name);
    if (TakePart(rest) == part) {
      path = rest;
    } else if (!IsIndex(part)) {
      return std::nullopt;
    }
  }
  return path;
}

class Redaction {
 public:
  explicit Redaction(RawChange& raw) : raw_(raw) {}

  // REQUIRES: index is a container
  void Inside(std::uint32_t index, std::string_view path) {
    const bool array = document().at(index).type == ValueType::kArray;
    for (std::uint32_t i = index + 1; i < document().at(index).end; i = document().at(i).end) {
      const auto below = array ? std::optional(path) : Below(path, document().at(i).name);
      if (!below) continue;
      const ValueType type = document().at(i).type;
      if (below->empty()) {
        Replace(i);
      } else if (type == ValueType::kDocument || type == ValueType::kArray) {
        Inside(i, *below);
      }
    }
  }

  bool found() const { return found_; }

 private:
  RawDocument& document() { return raw_.event; }

  void Replace(std::uint32_t index) {
    const std::uint32_t removed = document().at(index).end - index - 1;
    if (removed > 0) {
      document().at(index + 1).end = document().at(index).end;  // all that is below, as one
      document().Erase(index + 1);
      MoveBack(raw_.document_key, index, removed);
      MoveBack(raw_.full_document, index, removed);
    }
    RawValue& value = document().at(index);
    value.type = ValueType::kString;
    value.bytes = kRedacted;
    value.integer = 0;
    found_ = true;
  }
  static void MoveBack(std::uint32_t& reference, std::uint32_t index, std::uint32_t removed) {
    if (reference != RawDocument::kNone && reference > index) reference -= removed;
  }

  RawChange& raw_;
  bool found_ = false;
};

}  // namespace

bool Redact(RawChange& raw, const std::vector<std::string>& paths) {
  if (raw.event.empty()) return false;
  Redaction redaction(raw);
  const auto inside = [&](std::uint32_t index, std::string_view path) {
    if (index != RawDocument::kNone && raw.event.at(index).type == ValueType::kDocument) {
      redaction.Inside(index, path);
    }
  };
  for (const std::string& path : paths) {
    inside(raw.full_document, path);
    for (std::string_view part : {"documentKey", "updateDescription.updatedFields", "fullDocument",
                                  "fullDocumentBeforeChange"}) {
      inside(raw.event.FindPath(0, part), path);
    }
  }
  return redaction.found();
}

}  // namespace stockwatch::decode
