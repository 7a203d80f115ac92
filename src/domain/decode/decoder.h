#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "domain/decode/options.h"
#include "domain/decode/protection.h"
#include "domain/event/change.h"
#include "domain/event/raw_change.h"

namespace stockwatch::decode {

using Decoded = std::variant<event::Change, event::Reject>;

// Makes a change of the core's vocabulary out of what came from a source, or says why not. A
// document goes through the protection of its values, the upgrades from its schema version, the
// other hooks, and then the reading of its fields. Pure: the same change gives the same result, but
// for the chance in what is encrypted, which no field that is read is. One thread at a time.
class Decoder {
 public:
  // REQUIRES: options.Validate() is empty. Without `seal` what is to be hashed or encrypted is
  // redacted.
  explicit Decoder(Options options, Seal seal = nullptr);
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  // Views in the result live as long as `raw` and the decoder. Of raw.event only protected values
  // change, so a dead letter written from it can be decoded again; the text of other hooks is kept
  // by it. A reject's message shows no protected value.
  Decoded Decode(event::RawChange& raw);

  // The canonical key of the inventory document that the change shows, whatever else is wrong with
  // it; empty: it can't be read. nullopt: the change is of another collection.
  std::optional<std::string> InventoryKeyOf(const event::RawChange& raw) const;

  // What Decode does first, for a change that is written down without being decoded. Of a change of
  // a collection that the settings don't name the values that any hook protects are redacted. True
  // if a value was there. Idempotent where `seal` is.
  bool Protect(event::RawChange& raw) const;
  // Some collection has a protected field: bytes that cannot be read may hold one.
  bool Protects() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

// The rule in the document at `root`, whose id is the field `_id` or `id`; event::ValidateRule is
// the caller's. Errors (kInvalidArgument) name the field. `author_default` is the author of a rule
// that names none.
base::Result<event::Rule> DecodeRule(const event::RawDocument& document, std::uint32_t root,
                                     std::string_view author_default);

}  // namespace stockwatch::decode
