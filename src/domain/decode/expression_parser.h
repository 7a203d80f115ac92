#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/decode/expression.h"

namespace stockwatch::decode {

// The nodes of an expression, for Expression::Parse. REQUIRES: text is at most
// Expression::kTextBytesMax long.
base::Result<std::vector<ExpressionNode>> ParseExpression(std::string_view text);

}  // namespace stockwatch::decode
