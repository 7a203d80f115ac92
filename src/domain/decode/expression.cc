#include "domain/decode/expression.h"

#include <optional>
#include <utility>

#include "base/utf8.h"
#include "domain/decode/expression_parser.h"

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;
using base::Result;
using event::RawDocument;
using Kind = ExpressionNode::Kind;

std::string_view Symbol(Kind kind) {
  switch (kind) {
    case Kind::kNegate:
      return "-";
    case Kind::kNot:
      return "not";
    case Kind::kAdd:
      return "+";
    case Kind::kSubtract:
      return "-";
    case Kind::kMultiply:
      return "*";
    case Kind::kDivide:
      return "/";
    case Kind::kEqual:
      return "==";
    case Kind::kNotEqual:
      return "!=";
    case Kind::kLess:
      return "<";
    case Kind::kLessOrEqual:
      return "<=";
    case Kind::kGreater:
      return ">";
    case Kind::kGreaterOrEqual:
      return ">=";
    case Kind::kAnd:
      return "and";
    case Kind::kOr:
      return "or";
    default:
      return "?";
  }
}

class Evaluation {
 public:
  Evaluation(const std::vector<ExpressionNode>& nodes, const RawDocument& document,
             std::uint32_t root)
      : nodes_(nodes), document_(document), root_(root) {}

  Result<Value> Of(std::uint32_t index) const {
    const ExpressionNode& node = nodes_[index];
    switch (node.kind) {
      case Kind::kLiteral:
        return node.literal;
      case Kind::kField:
        return Field(node);
      case Kind::kExists:
        return Value(document_.FindPath(root_, node.path) != RawDocument::kNone);
      case Kind::kNegate: {
        SW_TRY(const Value operand, Of(node.left));
        const auto* number = std::get_if<Number>(&operand);
        if (number == nullptr) return Mismatch(node, node.left, operand);
        return Value(Number{-number->millionths});
      }
      case Kind::kNot: {
        SW_TRY(const bool operand, Truth(node, node.left));
        return Value(!operand);
      }
      case Kind::kAnd:
      case Kind::kOr: {
        SW_TRY(const bool left, Truth(node, node.left));
        if (left == (node.kind == Kind::kOr)) return Value(left);
        SW_TRY(const bool right, Truth(node, node.right));
        return Value(right);
      }
      default:
        break;
    }
    SW_TRY(const Value left, Of(node.left));
    SW_TRY(const Value right, Of(node.right));
    return node.kind <= Kind::kDivide ? Arithmetic(node, left, right)
                                      : Comparison(node, left, right);
  }

 private:
  Result<Value> Field(const ExpressionNode& node) const {
    const std::uint32_t index = document_.FindPath(root_, node.path);
    if (index == RawDocument::kNone) return Value(Null{});
    auto value = ValueOf(document_.at(index));
    if (!value.ok()) {
      return Error{Code::kInvalidArgument,
                   "field \"" + node.path + "\": " + std::move(value).error().message};
    }
    return value;
  }

  // The operand `at` is of no kind that the operator takes.
  Error Mismatch(const ExpressionNode& node, std::uint32_t at, const Value& operand) const {
    std::string message = "\"" + std::string(Symbol(node.kind)) + "\" cannot take ";
    const ExpressionNode& source = nodes_[at];
    const bool is_field = source.kind == Kind::kField;
    if (is_field) message += "field \"" + source.path + "\", which is ";
    const bool missing = is_field && document_.FindPath(root_, source.path) == RawDocument::kNone;
    message += missing ? "missing" : KindName(operand);
    return {Code::kInvalidArgument, std::move(message)};
  }

  Result<bool> Truth(const ExpressionNode& node, std::uint32_t at) const {
    SW_TRY(const Value value, Of(at));
    if (const auto* truth = std::get_if<bool>(&value)) return *truth;
    return Mismatch(node, at, value);
  }

  Result<Value> Arithmetic(const ExpressionNode& node, const Value& left,
                           const Value& right) const {
    if (node.kind == Kind::kAdd && std::holds_alternative<std::string>(left)) {
      return Join(node, std::get<std::string>(left), right);
    }
    const auto* a = std::get_if<Number>(&left);
    const auto* b = std::get_if<Number>(&right);
    if (a == nullptr) return Mismatch(node, node.left, left);
    if (b == nullptr) return Mismatch(node, node.right, right);
    SW_TRY(const Number result, Calculate(node.kind, {*a, *b}));
    return Value(result);
  }

  static Result<Number> Calculate(Kind kind, std::pair<Number, Number> operands) {
    const auto [a, b] = operands;
    if (kind == Kind::kAdd) return Add(a, b);
    if (kind == Kind::kSubtract) return Subtract(a, b);
    return kind == Kind::kMultiply ? Multiply(a, b) : Divide(a, b);
  }

  Result<Value> Join(const ExpressionNode& node, const std::string& left,
                     const Value& right) const {
    const auto* text = std::get_if<std::string>(&right);
    if (text == nullptr) return Mismatch(node, node.right, right);
    if (left.size() + text->size() > Expression::kJoinedBytesMax) {
      return Error{Code::kInvalidArgument, "joined string longer than 4096 bytes"};
    }
    return Value(left + *text);
  }

  Result<Value> Comparison(const ExpressionNode& node, const Value& left,
                           const Value& right) const {
    const bool equality = node.kind == Kind::kEqual || node.kind == Kind::kNotEqual;
    const bool with_null =
        std::holds_alternative<Null>(left) || std::holds_alternative<Null>(right);
    if (equality && with_null) return Value((left == right) == (node.kind == Kind::kEqual));
    if (with_null) {
      const bool left_null = std::holds_alternative<Null>(left);
      return Mismatch(node, left_null ? node.left : node.right, left_null ? left : right);
    }
    if (left.index() != right.index()) {
      return Error{Code::kInvalidArgument, "\"" + std::string(Symbol(node.kind)) +
                                               "\" cannot compare " + std::string(KindName(left)) +
                                               " with " + std::string(KindName(right))};
    }
    if (!equality && std::holds_alternative<bool>(left)) return Mismatch(node, node.left, left);
    switch (node.kind) {
      case Kind::kEqual:
        return Value(left == right);
      case Kind::kNotEqual:
        return Value(left != right);
      case Kind::kLess:
        return Value(left < right);
      case Kind::kLessOrEqual:
        return Value(left <= right);
      case Kind::kGreater:
        return Value(left > right);
      default:
        return Value(left >= right);
    }
  }

  const std::vector<ExpressionNode>& nodes_;
  const RawDocument& document_;
  const std::uint32_t root_;
};

}  // namespace

Result<Expression> Expression::Parse(std::string_view text) {
  if (text.size() > kTextBytesMax) {
    return Error{Code::kInvalidArgument,
                 "expression: longer than 1024 bytes: " + std::to_string(text.size())};
  }
  if (!base::IsUtf8(text)) return Error{Code::kInvalidArgument, "expression: not UTF-8"};
  Expression expression;
  expression.text_ = text;
  SW_TRY(expression.nodes_, ParseExpression(text));
  return expression;
}

Result<Value> Expression::Evaluate(const RawDocument& document, std::uint32_t root) const {
  return Evaluation(nodes_, document, root).Of(static_cast<std::uint32_t>(nodes_.size() - 1));
}

}  // namespace stockwatch::decode
