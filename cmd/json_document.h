#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/event/raw_document.h"

namespace stockwatch::cmd {

// A JSON object that an engine gave, to be shown to people.
class JsonDocument {
 public:
  // kInvalidArgument: it is none.
  static base::Result<JsonDocument> Read(std::string text);

  // A part of it: an object, a list, or a value. Valid while the document is.
  class Part {
   public:
    Part(const event::RawDocument& tape, std::uint32_t index) : tape_(&tape), index_(index) {}

    // Along "a.b"; where it is missing a part that is nothing.
    Part operator[](std::string_view path) const;
    bool there() const;  // and not null
    // As people write it; of objects and lists what is in them, with slashes between. Empty: it is
    // not there.
    std::string text() const;
    std::string_view name() const;
    void ForEach(const std::function<void(const Part& child)>& each) const;

   private:
    const event::RawDocument* tape_;
    std::uint32_t index_;
  };
  Part root() const { return {tape_, 0}; }

 private:
  JsonDocument() = default;

  std::unique_ptr<const std::string> text_;  // what the tape points into
  event::RawDocument tape_;
};

}  // namespace stockwatch::cmd
