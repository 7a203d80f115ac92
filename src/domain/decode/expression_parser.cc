#include "domain/decode/expression_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Kind = ExpressionNode::Kind;

struct Token {
  enum class Type { kEnd, kNumber, kString, kWord, kSymbol };
  Type type = Type::kEnd;
  std::string_view text;     // of a string: with its quotes
  std::size_t position = 0;  // in bytes
};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsWordPart(char c) {
  return IsWordStart(c) || IsDigit(c);
}

Error At(std::size_t position, std::string_view message) {
  return {Code::kInvalidArgument,
          "expression: " + std::string(message) + " at position " + std::to_string(position + 1)};
}

struct BinaryOperator {
  std::string_view text;
  Kind kind;
  int level;
};
constexpr int kLevelOr = 1;
constexpr int kLevelAnd = 2;
constexpr int kLevelNot = 3;
constexpr int kLevelCompare = 4;
constexpr int kLevelUnary = 7;
constexpr std::array<BinaryOperator, 12> kOperators{{{"or", Kind::kOr, kLevelOr},
                                                     {"and", Kind::kAnd, kLevelAnd},
                                                     {"==", Kind::kEqual, kLevelCompare},
                                                     {"!=", Kind::kNotEqual, kLevelCompare},
                                                     {"<=", Kind::kLessOrEqual, kLevelCompare},
                                                     {">=", Kind::kGreaterOrEqual, kLevelCompare},
                                                     {"<", Kind::kLess, kLevelCompare},
                                                     {">", Kind::kGreater, kLevelCompare},
                                                     {"+", Kind::kAdd, 5},
                                                     {"-", Kind::kSubtract, 5},
                                                     {"*", Kind::kMultiply, 6},
                                                     {"/", Kind::kDivide, 6}}};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<Token> Next() {
    while (place_ < text_.size() &&
           (text_[place_] == ' ' || text_[place_] == '\t' || text_[place_] == '\n')) {
      ++place_;
    }
    if (place_ == text_.size()) return Token{Token::Type::kEnd, {}, place_};
    const char c = text_[place_];
    if (IsDigit(c)) return Take(Token::Type::kNumber, NumberEnd());
    if (IsWordStart(c)) return Take(Token::Type::kWord, WordEnd());
    if (c == '\'') return String();
    for (std::string_view symbol :
         {"==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")"}) {
      if (text_.substr(place_, symbol.size()) == symbol) {
        return Take(Token::Type::kSymbol, place_ + symbol.size());
      }
    }
    return At(place_, "unknown character");
  }

 private:
  Token Take(Token::Type type, std::size_t end) {
    const std::size_t start = std::exchange(place_, end);
    return {type, text_.substr(start, end - start), start};
  }
  std::size_t SkipWhile(std::size_t from, bool (*belongs)(char)) const {
    while (from < text_.size() && belongs(text_[from])) ++from;
    return from;
  }
  std::size_t NumberEnd() const {
    std::size_t end = SkipWhile(place_, IsDigit);
    if (end < text_.size() && text_[end] == '.') end = SkipWhile(end + 1, IsDigit);
    return SkipWhile(end, IsWordPart);  // "12x" is one bad number, not a number and a word
  }
  std::size_t WordEnd() const {
    std::size_t end = SkipWhile(place_, IsWordPart);
    while (end + 1 < text_.size() && text_[end] == '.' && IsWordPart(text_[end + 1])) {
      end = SkipWhile(end + 1, IsWordPart);
    }
    return end;
  }
  Result<Token> String() {
    for (std::size_t end = place_ + 1; end < text_.size(); ++end) {
      if (text_[end] != '\'') continue;
      const bool doubled = end + 1 < text_.size() && text_[end + 1] == '\'';
      if (!doubled) return Take(Token::Type::kString, end + 1);
      ++end;
    }
    return At(place_, "string without an end");
  }

  std::string_view text_;
  std::size_t place_ = 0;
};

// Precedence climbing; every function leaves the index of its node.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<std::vector<ExpressionNode>> Parse() {
    SW_TRY_STATUS(Advance());
    SW_TRY(const std::uint32_t root, Level(kLevelOr));
    static_cast<void>(root);  // it is the last one
    if (token_.type != Token::Type::kEnd) return At(token_.position, "operator expected");
    return std::move(nodes_);
  }

 private:
  base::Status Advance() {
    SW_TRY(token_, lexer_.Next());
    return {};
  }
  bool IsSymbol(std::string_view text) const {
    return token_.type == Token::Type::kSymbol && token_.text == text;
  }
  bool IsWord(std::string_view text) const {
    return token_.type == Token::Type::kWord && token_.text == text;
  }
  const BinaryOperator* Operator() const {
    if (token_.type != Token::Type::kSymbol && token_.type != Token::Type::kWord) return nullptr;
    const auto* found = std::find_if(kOperators.begin(), kOperators.end(),
                                     [&](const auto& o) { return o.text == token_.text; });
    return found == kOperators.end() ? nullptr : found;
  }

  Result<std::uint32_t> Add(ExpressionNode node) {
    const bool has_left = node.kind >= Kind::kNegate;
    const bool has_right = node.kind >= Kind::kAdd;
    std::uint16_t below = has_left ? nodes_[node.left].depth : std::uint16_t{0};
    if (has_right) below = std::max(below, nodes_[node.right].depth);
    node.depth = static_cast<std::uint16_t>(below + 1);
    if (node.depth > Expression::kDepthMax) return At(token_.position, "nested too deeply");
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  // An expression whose operators bind at least as tightly as `level`.
  Result<std::uint32_t> Level(int level) {
    if (++nesting_ > Expression::kDepthMax) return At(token_.position, "nested too deeply");
    SW_TRY(std::uint32_t left, Unary(level));
    bool compared = false;
    while (const BinaryOperator* found = Operator()) {
      if (found->level < level) break;
      if (found->level == kLevelCompare && std::exchange(compared, true)) {
        return At(token_.position, "comparisons cannot be chained");
      }
      SW_TRY_STATUS(Advance());
      SW_TRY(const std::uint32_t right, Level(found->level + 1));
      ExpressionNode node;
      node.kind = found->kind;
      node.left = left;
      node.right = right;
      SW_TRY(left, Add(std::move(node)));
      if (found->level < kLevelCompare) compared = false;
    }
    --nesting_;
    return left;
  }

  Result<std::uint32_t> Unary(int level) {
    const bool is_not = IsWord("not");
    if (!is_not && !IsSymbol("-")) return Primary();
    if (is_not && level > kLevelNot) return At(token_.position, "\"not\" needs parentheses here");
    SW_TRY_STATUS(Advance());
    ExpressionNode node;
    node.kind = is_not ? Kind::kNot : Kind::kNegate;
    SW_TRY(node.left, Level(is_not ? kLevelNot : kLevelUnary));
    return Add(std::move(node));
  }

  Result<std::uint32_t> Primary() {
    switch (token_.type) {
      case Token::Type::kNumber:
        return NumberLiteral();
      case Token::Type::kString:
        return Literal(Unquoted());
      case Token::Type::kWord:
        return Word();
      case Token::Type::kSymbol:
        if (token_.text == "(") return Parenthesis();
        [[fallthrough]];
      case Token::Type::kEnd:
        break;
    }
    return At(token_.position, "value expected");
  }

  Result<std::uint32_t> Literal(Value value) {
    SW_TRY_STATUS(Advance());
    ExpressionNode node;
    node.literal = std::move(value);
    return Add(std::move(node));
  }
  Result<std::uint32_t> NumberLiteral() {
    const bool plain = token_.text.find_first_not_of("0123456789.") == std::string_view::npos;
    auto number = Number::Parse(token_.text);
    if (!plain || !number.ok()) return At(token_.position, "bad number");
    return Literal(number.value());
  }
  std::string Unquoted() const {
    std::string text;
    const std::string_view inner = token_.text.substr(1, token_.text.size() - 2);
    for (std::size_t i = 0; i < inner.size(); ++i) {
      text.push_back(inner[i]);
      if (inner[i] == '\'') ++i;
    }
    return text;
  }
  Result<std::uint32_t> Parenthesis() {
    SW_TRY_STATUS(Advance());
    SW_TRY(const std::uint32_t inner, Level(kLevelOr));
    SW_TRY_STATUS(Close());
    return inner;
  }
  base::Status Close() {
    if (!IsSymbol(")")) return At(token_.position, "\")\" expected");
    return Advance();
  }
  Result<std::uint32_t> Word() {
    if (IsWord("true")) return Literal(true);
    if (IsWord("false")) return Literal(false);
    if (IsWord("null")) return Literal(Null{});
    if (IsWord("exists")) return Exists();
    return Path(Kind::kField);
  }
  Result<std::uint32_t> Exists() {
    SW_TRY_STATUS(Advance());
    if (!IsSymbol("(")) return At(token_.position, "\"(\" expected");
    SW_TRY_STATUS(Advance());
    SW_TRY(const std::uint32_t node, Path(Kind::kExists));
    SW_TRY_STATUS(Close());
    return node;
  }
  Result<std::uint32_t> Path(Kind kind) {
    const bool reserved = Operator() != nullptr || IsWord("not") || IsWord("true") ||
                          IsWord("false") || IsWord("null") || IsWord("exists");
    if (token_.type != Token::Type::kWord || reserved) return At(token_.position, "field expected");
    ExpressionNode node;
    node.kind = kind;
    node.path = token_.text;
    SW_TRY_STATUS(Advance());
    return Add(std::move(node));
  }

  Lexer lexer_;
  Token token_;
  std::vector<ExpressionNode> nodes_;
  std::uint16_t nesting_ = 0;
};

}  // namespace

Result<std::vector<ExpressionNode>> ParseExpression(std::string_view text) {
  return Parser(text).Parse();
}

}  // namespace stockwatch::decode
