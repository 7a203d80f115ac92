#include "domain/decode/redaction.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
  Redaction(RawChange& raw, std::string_view collection, const ProtectedField& field,
            const Seal& seal)
      : raw_(raw), collection_(collection), field_(field), seal_(seal) {}

  // Wherever the change shows its document. True if a value was there.
  bool Run() {
    Root(raw_.full_document);
    for (std::string_view part : {"documentKey", "updateDescription.updatedFields", "fullDocument",
                                  "fullDocumentBeforeChange"}) {
      const std::uint32_t root = document().FindPath(0, part);
      if (part != "fullDocument" || root != raw_.full_document) Root(root);
    }
    return found_;
  }

 private:
  RawDocument& document() { return raw_.event; }

  void Root(std::uint32_t index) {
    if (index != RawDocument::kNone && document().at(index).type == ValueType::kDocument) {
      Inside(index, field_.path);
    }
  }

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

  // What stands in place of the value.
  std::string_view Substitute(std::uint32_t index) {
    std::optional<std::string> text;
    if (IsRedacted(index)) return kRedacted;
    if (field_.protection == Protection::kMask) {
      text = Mask(document().at(index), field_.keep);
    } else if (field_.protection != Protection::kRedact && seal_) {
      const std::string& path = field_.hook_path.empty() ? field_.path : field_.hook_path;
      text = seal_({field_.protection, collection_, path, document(), index});
    }
    return text ? document().Keep(*std::move(text)) : kRedacted;
  }
  // As in a dead letter that is read again: whatever is made of it would look like a value's.
  bool IsRedacted(std::uint32_t index) {
    return document().at(index).type == ValueType::kString &&
           document().at(index).bytes == kRedacted;
  }

  void Replace(std::uint32_t index) {
    const std::string_view substitute = Substitute(index);
    const std::uint32_t removed = document().at(index).end - index - 1;
    if (removed > 0) {
      document().at(index + 1).end = document().at(index).end;  // all that is below, as one
      document().Erase(index + 1);
      MoveBack(raw_.document_key, index, removed);
      MoveBack(raw_.full_document, index, removed);
    }
    RawValue& value = document().at(index);
    value.type = ValueType::kString;
    value.bytes = substitute;
    value.integer = 0;
    found_ = true;
  }
  static void MoveBack(std::uint32_t& reference, std::uint32_t index, std::uint32_t removed) {
    if (reference != RawDocument::kNone && reference > index) reference -= removed;
  }

  RawChange& raw_;
  std::string_view collection_;
  const ProtectedField& field_;
  const Seal& seal_;
  bool found_ = false;
};

}  // namespace

bool Protect(RawChange& raw, std::string_view collection, const std::vector<ProtectedField>& fields,
             const Seal& seal) {
  if (raw.event.empty()) return false;
  bool found = false;
  for (const ProtectedField& field : fields) {
    found = Redaction(raw, collection, field, seal).Run() || found;
  }
  return found;
}

bool Redact(RawChange& raw, const std::vector<ProtectedField>& fields) {
  std::vector<ProtectedField> redacted = fields;
  for (ProtectedField& field : redacted) field.protection = Protection::kRedact;
  return Protect(raw, {}, redacted, nullptr);
}

}  // namespace stockwatch::decode
