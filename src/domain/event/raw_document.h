#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::event {

// The types of BSON, which Extended JSON carries too.
enum class ValueType : std::uint8_t {
  kNull,
  kUndefined,
  kBool,           // integer: 0 or 1
  kInt32,          // integer
  kInt64,          // integer
  kDouble,         // number
  kDecimal,        // bytes: decimal text of a Decimal128, "-1.20", "1E+3", "NaN", "Infinity"
  kString,         // bytes: UTF-8
  kDate,           // integer: milliseconds since the epoch
  kTimestamp,      // integer: seconds << 32 | increment
  kObjectId,       // bytes: 12
  kBinary,         // bytes; integer: subtype
  kRegex,          // bytes: pattern, NUL, options
  kDbPointer,      // bytes: namespace, NUL, 12 bytes of an object id
  kCode,           // bytes: JavaScript
  kCodeWithScope,  // bytes: JavaScript; children: the one document of the scope's fields
  kSymbol,         // bytes
  kMinKey,
  kMaxKey,
  kDocument,  // children: fields
  kArray,     // children: elements, without names
};

// "string", "decimal", …: for messages.
std::string_view TypeName(ValueType type);

// One node of a document, in document order; a container is followed by its children.
struct RawValue {
  std::string_view name;   // of the field; empty for the root and for array elements
  std::string_view bytes;  // see ValueType
  union {
    std::int64_t integer = 0;
    double number;  // kDouble alone
  };
  std::uint32_t end =
      0;  // index behind the last node below this one (its own index + 1 for a scalar)
  ValueType type = ValueType::kNull;
};

// A document in neutral form: a flat list of nodes, node 0 being the root. Views point into the
// bytes that were parsed (which must outlive the document's use) or into text kept here. Meant to
// be cleared and used again: no allocation in the steady state. One thread at a time.
class RawDocument {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  RawDocument() = default;
  RawDocument(RawDocument&&) noexcept = default;
  RawDocument& operator=(RawDocument&&) noexcept = default;
  RawDocument(const RawDocument&) = delete;
  RawDocument& operator=(const RawDocument&) = delete;

  void Clear() {
    nodes_.clear();
    kept_.clear();
  }
  bool empty() const { return nodes_.empty(); }

  // Building, in document order: Add a scalar; Open a container, add its children, Close it with
  // the index that Open gave.
  void Add(const RawValue& value) {
    nodes_.push_back(value);
    nodes_.back().end =
        size();  // behind the copy: a store into `value` would stall the wide loads that copy it
  }
  std::uint32_t Open(RawValue value) {
    nodes_.push_back(value);
    return static_cast<std::uint32_t>(nodes_.size()) - 1;
  }
  void Close(std::uint32_t index) { nodes_[index].end = static_cast<std::uint32_t>(nodes_.size()); }

  // Text that nobody else keeps (unescaped JSON, values made by hooks) lives as long as the
  // document's content.
  std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }

  const RawValue& at(std::uint32_t index) const { return nodes_[index]; }
  RawValue& at(std::uint32_t index) { return nodes_[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  std::span<const RawValue> nodes() const { return nodes_; }

  // The child of container `parent` with that name, the first of several; kNone if there is none or
  // `parent` is no document.
  std::uint32_t Find(std::uint32_t parent, std::string_view name) const;
  // The same along "a.b.c".
  std::uint32_t FindPath(std::uint32_t parent, std::string_view path) const;

  // Takes the nodes [index, end) of the child out. Indexes behind it change.
  void Erase(std::uint32_t index);
  // Inserts a scalar as the last field of document `parent`. Indexes behind it change.
  void Append(std::uint32_t parent, RawValue value);

 private:
  void Shift(std::uint32_t from, std::int64_t by);

  std::vector<RawValue> nodes_;
  std::deque<std::string> kept_;
};

}  // namespace stockwatch::event
