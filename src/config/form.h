#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/instant.h"
#include "base/money.h"
#include "base/quantity.h"
#include "config/channels.h"
#include "config/mongo.h"
#include "config/yaml_tree.h"
#include "domain/decode/expression.h"
#include "domain/decode/hook.h"
#include "domain/decode/value.h"
#include "domain/demand/buffer.h"
#include "domain/event/raw_change.h"
#include "domain/event/rule.h"
#include "domain/outbox/grouping.h"
#include "domain/stock/item.h"

namespace stockwatch::config {

// What the value of a setting may be. The ends of ranges belong to them.
struct IdForm {};
struct OptionalIdForm {};  // empty: none
struct TextForm {
  std::size_t bytes_max;
};
struct BoolForm {};
struct ChoiceForm {
  std::span<const std::string_view> names;  // in the order of the enumeration
};
struct IntegerForm {
  std::int64_t min;
  std::int64_t max;
};
struct QuantityForm {
  base::Quantity min;
  base::Quantity max;
};
struct NumberForm {
  event::Thousandths min;
  event::Thousandths max;
};
struct DurationForm {
  base::Duration min;
  base::Duration max;
};
struct CurrencyForm {};
struct ValueForm {};
struct ExpressionForm {};
using Form =
    std::variant<IdForm, OptionalIdForm, TextForm, BoolForm, ChoiceForm, IntegerForm, QuantityForm,
                 NumberForm, DurationForm, CurrencyForm, ValueForm, ExpressionForm>;

// Where the value goes; of the type that the form reads.
using Place =
    std::variant<std::monostate, std::string*, bool*, int*, std::uint32_t*, std::uint64_t*,
                 base::Quantity*, event::Thousandths*, base::Duration*, base::Currency*,
                 stock::Authority*, ChannelType*, MongoSnapshot*, LostHistory*, event::Image*,
                 demand::BufferMethod*, outbox::GroupBy*, stock::Tree*, decode::Conversion*,
                 decode::Value*, std::optional<decode::Expression>*>;

// "one of snapshot, ledger"
std::string Allowed(const Form& form);

// Sets the place; what is wrong with the value if it can't be read. REQUIRES: the place is of the
// form's type
std::optional<std::string> ReadForm(const Form& form, const Node& node, const Place& place);

// The value at the place as it would be written. REQUIRES: as ReadForm
std::string ShowPlace(const Form& form, const Place& place);

}  // namespace stockwatch::config
