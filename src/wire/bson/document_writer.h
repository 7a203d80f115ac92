#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/bson/bson_type.h"
#include "wire/bson/element.h"

namespace stockwatch::bson {

// Makes one BSON document element by element; parts that are BSON already go in as they are. In an
// array the names that are given are not looked at: its elements are numbered.
// REQUIRES: names without a NUL; each Begin with its End; fewer than 2^31 bytes.
class DocumentWriter {
 public:
  DocumentWriter() { Open(Kind::kDocument); }

  DocumentWriter& Text(std::string_view name, std::string_view text);
  DocumentWriter& Int32(std::string_view name, std::int32_t value);
  DocumentWriter& Int64(std::string_view name, std::int64_t value);
  DocumentWriter& Double(std::string_view name, double value);
  DocumentWriter& Bool(std::string_view name, bool value);
  DocumentWriter& Date(std::string_view name, std::int64_t millis);
  DocumentWriter& Timestamp(std::string_view name, std::uint64_t seconds_and_increment);
  DocumentWriter& Null(std::string_view name);
  // A whole document or array.
  DocumentWriter& Document(std::string_view name, std::string_view bytes);
  DocumentWriter& Array(std::string_view name, std::string_view bytes);
  // The value of an element of another document.
  DocumentWriter& Copy(std::string_view name, const Element& element);
  // Elements with their types and names, one behind the other. REQUIRES: not in an array
  DocumentWriter& Elements(std::string_view bytes);

  DocumentWriter& BeginDocument(std::string_view name);
  DocumentWriter& BeginArray(std::string_view name);
  DocumentWriter& End();

  // The document; the writer is empty then.
  std::string Finish();

 private:
  enum class Kind : std::uint8_t { kDocument, kArray };
  struct Container {
    std::size_t start = 0;
    Kind kind = Kind::kDocument;
    std::uint32_t elements = 0;
  };

  void Open(Kind kind);
  void Close();
  void Head(Type type, std::string_view name);
  template <typename T>
  DocumentWriter& Number(Type type, std::string_view name, T value);

  std::string bytes_;
  std::vector<Container> open_;
};

}  // namespace stockwatch::bson
