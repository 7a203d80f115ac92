#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/bson/bson_type.h"

namespace stockwatch::bson {

// One element of a document, as its bytes lie there.
struct Element {
  Type type = Type::kNull;
  std::string_view name;
  std::string_view value;  // behind the name; of a container the whole of it, its length first

  // nullopt where it is of another type.
  std::optional<std::string_view> Text() const;
  std::optional<std::string_view> Document() const;
  std::optional<std::string_view> Array() const;
  std::optional<bool> Bool() const;
  std::optional<std::uint64_t> Timestamp() const;  // seconds << 32 | increment
  // An int32, an int64, or a double without a fraction.
  std::optional<std::int64_t> Whole() const;
};

// Walks the elements of one document or array and does not look into them: where parts of a
// document go on as they are. Bounded by the bytes, which nobody needs to have checked. Views point
// into them.
class Elements {
 public:
  explicit Elements(std::string_view document);

  // False behind the last one, and where the bytes are no document: then ok() is false too.
  bool Next(Element& element);
  bool ok() const { return ok_; }

 private:
  bool Fail();
  bool Take(std::size_t size, std::string_view& out);
  bool TakeName(std::string_view& out);
  bool TakeValue(Element& element);

  std::string_view rest_;
  bool ok_ = true;
};

// The first of that name; nullopt if there is none or the bytes before it are no document.
std::optional<Element> Find(std::string_view document, std::string_view name);

}  // namespace stockwatch::bson
