// Any text is a formula or an error with a position; any formula has a value or an error, and the
// same one again from the text that it keeps.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assertion.h"
#include "domain/decode/expression.h"
#include "domain/event/raw_document.h"

namespace {

using stockwatch::decode::Expression;
using stockwatch::event::RawDocument;
using stockwatch::event::RawValue;
using stockwatch::event::ValueType;

RawValue Scalar(std::string_view name, ValueType type) {
  RawValue value;
  value.name = name;
  value.type = type;
  return value;
}

// {a: 7, s: "text", t: true, z: null, d: {n: 2.5}}
const RawDocument& Document() {
  static const RawDocument* const kDocument = [] {
    auto* document = new RawDocument();
    const auto root = document->Open(Scalar("", ValueType::kDocument));
    RawValue a = Scalar("a", ValueType::kInt32);
    a.integer = 7;
    document->Add(a);
    RawValue s = Scalar("s", ValueType::kString);
    s.bytes = "text";
    document->Add(s);
    RawValue t = Scalar("t", ValueType::kBool);
    t.integer = 1;
    document->Add(t);
    document->Add(Scalar("z", ValueType::kNull));
    const auto d = document->Open(Scalar("d", ValueType::kDocument));
    RawValue n = Scalar("n", ValueType::kDouble);
    n.number = 2.5;
    document->Add(n);
    document->Close(d);
    document->Close(root);
    return document;
  }();
  return *kDocument;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto expression = Expression::Parse(text);
  if (!expression.ok()) {
    SW_ASSERT(!expression.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  const auto again = Expression::Parse(expression.value().text());
  SW_ASSERT(again.ok(), "a formula is parsed again from its text");
  const auto value = expression.value().Evaluate(Document(), 0);
  const auto second = again.value().Evaluate(Document(), 0);
  SW_ASSERT(value.ok() == second.ok(), "the same formula has the same outcome");
  if (value.ok()) SW_ASSERT(value.value() == second.value(), "the same formula has the same value");
  return 0;
}
