#include "domain/decode/field_reader.h"

#include <bit>

#include "domain/decode/reject_reasons.h"
#include "domain/decode/show_value.h"

namespace stockwatch::decode {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): found_ is filled, once, in the body
FieldReaderBase::FieldReaderBase(const FieldTable& table, const RawDocument& document,
                                 std::uint32_t root)
    : table_(table), document_(document) {
  found_.fill(RawDocument::kNone);
  const auto nodes = document.nodes();
  const std::uint32_t end = nodes[root].end;
  std::uint32_t seen = 0;
  for (std::uint32_t i = root + 1; i < end; i = nodes[i].end) {
    // Of fields with one name the first counts.
    std::uint32_t fields = table.FieldsNamed(nodes[i].name) & ~seen;
    seen |= fields;
    if (nodes[i].type == ValueType::kNull) continue;
    for (; fields != 0; fields &= fields - 1) {
      found_[static_cast<std::size_t>(std::countr_zero(fields))] = i;
    }
  }
  for (const std::size_t field : table.nested()) {
    const std::uint32_t index = document.FindPath(root, table.PathOf(field));
    const bool there = index != RawDocument::kNone && nodes[index].type != ValueType::kNull;
    found_[field] = there ? index : RawDocument::kNone;
  }
}

const RawValue* FieldReaderBase::Require(std::size_t field) {
  const RawValue* value = Find(field);
  if (value == nullptr) {
    FailWithoutValue(kMissingField, "field \"" + table_.PathOf(field) + "\" is missing");
  }
  return value;
}

void FieldReaderBase::Fail(std::string_view path, const RawValue& value, const Fault& fault) {
  FailWithoutValue(fault.reason,
                   "field \"" + std::string(path) + "\" " + fault.text + ": " + ShowValue(value));
}

void FieldReaderBase::FailWithoutValue(std::string_view reason, std::string message) {
  if (!ok()) return;
  failure_ = event::Reject{event::Stage::kDecode, reason, std::move(message)};
}

std::int64_t FieldReaderBase::Decimal(std::size_t field, const RawValue& value,
                                      base::DecimalFormat format, Sign sign) {
  auto reading = ReadDecimal(value, format);
  if (auto* fault = std::get_if<Fault>(&reading)) {
    Fail(field, value, *fault);
    return 0;
  }
  const std::int64_t number = std::get<std::int64_t>(reading);
  if (sign == Sign::kNotNegative && number < 0) Fail(field, value, {kOutOfRange, "is negative"});
  if (sign == Sign::kPositive && number <= 0) {
    Fail(field, value, {kOutOfRange, "is not above zero"});
  }
  return number;
}

std::string_view FieldReaderBase::Id(std::size_t field, const RawValue& value) {
  auto reading = ReadId(value);
  if (auto* fault = std::get_if<Fault>(&reading)) {
    Fail(field, value, *fault);
    return {};
  }
  return std::get<std::string_view>(reading);
}

std::string_view FieldReaderBase::Text(std::size_t field, std::size_t bytes_max) {
  const RawValue* value = Find(field);
  if (value == nullptr) return {};
  auto reading = ReadText(*value, bytes_max);
  if (auto* fault = std::get_if<Fault>(&reading)) {
    Fail(field, *value, *fault);
    return {};
  }
  return std::get<std::string_view>(reading);
}

std::optional<base::Instant> FieldReaderBase::Instant(std::size_t field) {
  const RawValue* value = Find(field);
  if (value == nullptr) return std::nullopt;
  auto reading = ReadInstant(*value);
  if (auto* fault = std::get_if<Fault>(&reading)) {
    Fail(field, *value, *fault);
    return std::nullopt;
  }
  return std::get<base::Instant>(reading);
}

std::optional<base::Money> FieldReaderBase::Money(std::size_t field, base::Currency currency) {
  const RawValue* value = Find(field);
  if (value == nullptr) return std::nullopt;
  if (value->type == ValueType::kDocument) {
    const std::string& path = table_.PathOf(field);
    const std::uint32_t index = found_[field];
    const std::uint32_t amount = document_.Find(index, "amount");
    const std::uint32_t code = document_.Find(index, "currency");
    if (amount == RawDocument::kNone) {
      FailWithoutValue(kMissingField, "field \"" + path + ".amount\" is missing");
      return std::nullopt;
    }
    if (code != RawDocument::kNone && document_.at(code).type != ValueType::kNull) {
      const RawValue& text = document_.at(code);
      const auto parsed = base::Currency::Parse(text.bytes);
      if (text.type != ValueType::kString || !parsed.ok()) {
        Fail(path + ".currency", text, {kBadText, "is not an ISO 4217 code"});
        return std::nullopt;
      }
      currency = parsed.value();
    }
    value = &document_.at(amount);
  }
  if (currency == base::Currency()) {
    FailWithoutValue(kMissingField, "field \"" + table_.PathOf(field) + ".currency\" is missing");
  }
  return base::Money{Decimal(field, *value, base::Money::kFormat, Sign::kNotNegative), currency};
}

}  // namespace stockwatch::decode
