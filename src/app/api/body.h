#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/route.h"
#include "domain/event/raw_document.h"

namespace stockwatch::api {

// The JSON object of a request; an empty body is an object without fields. Errors of each call:
// kInvalidArgument naming the field.
class Body {
 public:
  // Refuses fields that are not among `known`.
  static base::Result<Body> Read(const Call& call, std::initializer_list<std::string_view> known);

  // Empty where the field is missing.
  base::Result<std::string> Text(std::string_view name) const;
  // nullopt where it is missing.
  base::Result<std::optional<base::Instant>> Time(std::string_view name) const;
  base::Result<std::optional<std::uint32_t>> Number(std::string_view name) const;
  base::Result<std::vector<std::string>> Texts(std::string_view name) const;
  // The object in that field; one without fields where it is missing.
  base::Result<Body> Object(std::string_view name,
                            std::initializer_list<std::string_view> known) const;
  // The object in that field, whatever it says: the document that holds it and its node there;
  // nullopt: it is missing.
  base::Result<std::optional<std::uint32_t>> Node(std::string_view name) const;
  const event::RawDocument& document() const { return *document_; }

 private:
  using Document = std::shared_ptr<const event::RawDocument>;  // a body and the objects in it
  Body(Document document, std::uint32_t root) : document_(std::move(document)), root_(root) {}
  base::Status Check(std::initializer_list<std::string_view> known) const;
  // nullptr: it is missing.
  const event::RawValue* Find(std::string_view name) const;

  Document document_;
  std::uint32_t root_ = 0;
};

}  // namespace stockwatch::api
