#include "config/form.h"

#include <algorithm>
#include <type_traits>

#include "base/assertion.h"
#include "base/decimal.h"
#include "base/overloaded.h"
#include "base/strong_id.h"
#include "base/utf8.h"

namespace stockwatch::config {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kIdRule = "an id of 1 to 128 bytes without control characters";

template <typename T>
T& At(const Place& place) {
  T* const* pointer = std::get_if<T*>(&place);
  SW_ASSERT(pointer != nullptr, "the table gives each form a place of its type");
  return **pointer;
}

std::string Text(base::Quantity quantity) {
  std::string text;
  base::AppendQuantity(text, quantity);
  return text;
}

std::string Text(event::Thousandths number) {
  return Text(base::Quantity::Thousandths(number.count));
}

bool IsText(const Node& node) {
  return node.kind == Kind::kQuoted ||
         (node.kind == Kind::kPlain && PlainTypeOf(node.text) == PlainType::kText);
}

// A number may have leading zeros; in quotes it is a text.
bool IsPlain(const Node& node) {
  return node.kind == Kind::kPlain;
}

template <typename Pointer>
constexpr bool kIsEnumeration = std::is_enum_v<std::remove_pointer_t<Pointer>>;

// The enumeration's value by its place among the names; of an image, "none" has no name.
void SetChoice(const Place& place, std::size_t index) {
  std::visit(base::Overloaded{[&](event::Image* p) {
                                *p = index == 0 ? event::Image::kLookup : event::Image::kExact;
                              },
                              [&]<typename Pointer>(Pointer p) {
                                if constexpr (kIsEnumeration<Pointer>) {
                                  *p = static_cast<std::remove_pointer_t<Pointer>>(index);
                                } else {
                                  SW_ASSERT(false, "a choice sets an enumeration");
                                }
                              }},
             place);
}
std::size_t ChoiceOf(const Place& place) {
  return std::visit(base::Overloaded{[](event::Image* p) {
                                       return std::size_t{*p == event::Image::kLookup ? 0u : 1u};
                                     },
                                     []<typename Pointer>(Pointer p) {
                                       if constexpr (kIsEnumeration<Pointer>) {
                                         return static_cast<std::size_t>(*p);
                                       } else {
                                         SW_ASSERT(false, "a choice sets an enumeration");
                                         return std::size_t{0};
                                       }
                                     }},
                    place);
}

template <typename Function>
void VisitInteger(const Place& place, Function&& function) {
  std::visit(
      [&](auto pointer) {
        using T = std::remove_pointer_t<decltype(pointer)>;
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
          function(*pointer);
        } else {
          SW_ASSERT(false, "an integer sets an integer");
        }
      },
      place);
}

// Reads one form; false if the value is not of it.
class Reader {
 public:
  Reader(const Node& node, const Place& place) : node_(node), place_(place) {}

  bool operator()(const IdForm&) const {
    return IsText(node_) && base::ValidateId(node_.text).ok() && SetText();
  }
  bool operator()(const OptionalIdForm&) const {
    return IsText(node_) && (node_.text.empty() || base::ValidateId(node_.text).ok()) && SetText();
  }
  bool operator()(const TextForm& form) const {
    return IsText(node_) && node_.text.size() <= form.bytes_max &&
           base::IsUtf8WithoutControls(node_.text) && SetText();
  }
  bool operator()(const BoolForm&) const {
    if (!IsPlain(node_) || PlainTypeOf(node_.text) != PlainType::kBool) return false;
    At<bool>(place_) = node_.text[0] == 't' || node_.text[0] == 'T';
    return true;
  }
  bool operator()(const ChoiceForm& form) const {
    const auto found = std::find(form.names.begin(), form.names.end(), node_.text);
    if (!IsText(node_) || found == form.names.end()) return false;
    SetChoice(place_, static_cast<std::size_t>(found - form.names.begin()));
    return true;
  }
  bool operator()(const IntegerForm& form) const {
    const auto value =
        base::ParseDecimal(node_.text, {0, 1'000'000'000'000'000}, base::Exponent::kRefused);
    if (!IsPlain(node_) || !value.ok() || node_.text.find('.') != std::string::npos) return false;
    if (value.value() < form.min || value.value() > form.max) return false;
    VisitInteger(place_, [&](auto& out) {
      out = static_cast<std::remove_reference_t<decltype(out)>>(value.value());
    });
    return true;
  }
  bool operator()(const QuantityForm& form) const {
    const auto value =
        base::ParseDecimal(node_.text, base::Quantity::kFormat, base::Exponent::kAllowed);
    if (!IsPlain(node_) || !value.ok()) return false;
    const auto quantity = base::Quantity::Thousandths(value.value());
    if (quantity < form.min || quantity > form.max) return false;
    At<base::Quantity>(place_) = quantity;
    return true;
  }
  bool operator()(const NumberForm& form) const {
    const auto value =
        base::ParseDecimal(node_.text, event::Thousandths::kFormat, base::Exponent::kAllowed);
    if (!IsPlain(node_) || !value.ok()) return false;
    const event::Thousandths number{value.value()};
    if (number < form.min || number > form.max) return false;
    At<event::Thousandths>(place_) = number;
    return true;
  }
  bool operator()(const DurationForm& form) const {
    const auto duration = base::ParseDuration(node_.text);
    if (!IsText(node_) || !duration.ok()) return false;
    if (duration.value() < form.min || duration.value() > form.max) return false;
    At<base::Duration>(place_) = duration.value();
    return true;
  }
  bool operator()(const CurrencyForm&) const {
    const auto currency = base::Currency::Parse(node_.text);
    if (!IsText(node_) || !currency.ok()) return false;
    At<base::Currency>(place_) = currency.value();
    return true;
  }
  bool operator()(const ValueForm&) const {
    if (node_.kind != Kind::kPlain && node_.kind != Kind::kQuoted) return false;
    auto& out = At<decode::Value>(place_);
    const PlainType type = IsText(node_) ? PlainType::kText : PlainTypeOf(node_.text);
    if (type == PlainType::kText) {
      out = node_.text;
    } else if (type == PlainType::kBool) {
      out = node_.text[0] == 't' || node_.text[0] == 'T';
    } else {
      const auto number = decode::Number::Parse(node_.text);
      if (!number.ok()) return false;
      out = number.value();
    }
    return true;
  }
  bool operator()(const ExpressionForm&) const {
    SW_ASSERT(false, "read by ReadExpression, which says more");
    return false;
  }

 private:
  bool SetText() const {
    At<std::string>(place_) = node_.text;
    return true;
  }

  const Node& node_;
  const Place& place_;
};

std::optional<std::string> ReadExpression(const Node& node, const Place& place) {
  if (node.kind != Kind::kPlain && node.kind != Kind::kQuoted) {
    return "is not " + Allowed(ExpressionForm{}) + ": " + ShowNode(node);
  }
  auto expression = decode::Expression::Parse(node.text);
  if (!expression.ok()) return expression.error().message + ": " + ShowNode(node);
  At<std::optional<decode::Expression>>(place) = std::move(expression).value();
  return std::nullopt;
}

bool ReadsText(const Form& form) {
  return std::holds_alternative<IdForm>(form) || std::holds_alternative<OptionalIdForm>(form) ||
         std::holds_alternative<TextForm>(form);
}

}  // namespace

std::string Allowed(const Form& form) {
  return std::visit(
      base::Overloaded{
          [](const IdForm&) { return std::string(kIdRule); },
          [](const OptionalIdForm&) { return std::string(kIdRule) + ", or \"\" for none"; },
          [](const TextForm& f) {
            return "a text of at most " + std::to_string(f.bytes_max) +
                   " bytes without control characters";
          },
          [](const BoolForm&) { return std::string("true or false"); },
          [](const ChoiceForm& f) {
            std::string names;
            for (std::string_view name : f.names) {
              names += (names.empty() ? "one of " : ", ") + std::string(name);
            }
            return names;
          },
          [](const IntegerForm& f) {
            return "a whole number from " + std::to_string(f.min) + " to " + std::to_string(f.max);
          },
          [](const QuantityForm& f) {
            return "a number from " + Text(f.min) + " to " + Text(f.max) +
                   " with at most 3 decimals";
          },
          [](const NumberForm& f) {
            return "a number from " + Text(f.min) + " to " + Text(f.max) +
                   " with at most 3 decimals";
          },
          [](const DurationForm& f) {
            return "a duration from " + base::FormatDuration(f.min) + " to " +
                   base::FormatDuration(f.max) + ", such as 15m or 1h30m";
          },
          [](const CurrencyForm&) {
            return std::string("an ISO 4217 code of three capital letters");
          },
          [](const ValueForm&) {
            return std::string(
                "a text, true, false, or a number of at most 10^19 with at most 6 decimals");
          },
          [](const ExpressionForm&) { return std::string("an expression"); }},
      form);
}

std::optional<std::string> ReadForm(const Form& form, const Node& node, const Place& place) {
  if (std::holds_alternative<ExpressionForm>(form)) return ReadExpression(node, place);
  if (std::visit(Reader(node, place), form)) return std::nullopt;
  if (ReadsText(form) && node.kind == Kind::kPlain && !IsText(node)) {
    return "is not a text, which it would be in quotes: " + ShowNode(node);
  }
  return "is not " + Allowed(form) + ": " + ShowNode(node);
}

std::string ShowPlace(const Form& form, const Place& place) {
  if (const auto* choice = std::get_if<ChoiceForm>(&form)) {
    return std::string(choice->names[ChoiceOf(place)]);
  }
  return std::visit(
      base::Overloaded{[](std::string* p) { return p->empty() ? std::string("\"\"") : *p; },
                       [](bool* p) { return std::string(*p ? "true" : "false"); },
                       [](int* p) { return std::to_string(*p); },
                       [](std::uint32_t* p) { return std::to_string(*p); },
                       [](std::uint64_t* p) { return std::to_string(*p); },
                       [](base::Quantity* p) { return Text(*p); },
                       [](event::Thousandths* p) { return Text(*p); },
                       [](base::Duration* p) { return base::FormatDuration(*p); },
                       [](base::Currency* p) { return std::string(p->text()); },
                       [](const auto&) { return std::string(); }},
      place);
}

}  // namespace stockwatch::config
