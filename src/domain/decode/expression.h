#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/decode/value.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// A node of the parsed form; children stand before their parent, the root is last.
struct ExpressionNode {
  enum class Kind : std::uint8_t {
    kLiteral,
    kField,
    kExists,
    kNegate,
    kNot,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kAnd,
    kOr,
  };
  Kind kind = Kind::kLiteral;
  std::uint16_t depth = 1;
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  Value literal;
  std::string path;
};

// A formula over the fields of one document, parsed once. From the loosest to the tightest:
//   or | and | not | == != < <= > >= (one, no chains) | + - | * / | unary -
// and decimal literals, 'strings' (a quote is doubled), true, false, null, paths such as
// qty.available, exists(path), parentheses. Numbers are exact (`Number`); + also joins strings. A
// missing field is null, which can be compared by == and != alone; comparing two other kinds with
// each other is an error. `and`, `or` stop at the first side that decides. Immutable; safe to
// share.
class Expression {
 public:
  static constexpr std::size_t kTextBytesMax = 1024;
  static constexpr std::uint16_t kDepthMax = 64;
  static constexpr std::size_t kJoinedBytesMax = 4096;

  // kInvalidArgument with the position, counted in bytes from 1.
  static base::Result<Expression> Parse(std::string_view text);

  // Over the fields of `root`. kInvalidArgument naming what has no result.
  base::Result<Value> Evaluate(const event::RawDocument& document, std::uint32_t root) const;

  const std::string& text() const { return text_; }

 private:
  Expression() = default;

  std::string text_;
  std::vector<ExpressionNode> nodes_;
};

}  // namespace stockwatch::decode
