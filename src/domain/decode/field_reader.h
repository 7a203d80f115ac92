#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/money.h"
#include "base/quantity.h"
#include "domain/decode/field_table.h"
#include "domain/decode/read_value.h"
#include "domain/event/change.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

enum class Sign : std::uint8_t { kAny, kNotNegative, kPositive };

// Reads the core fields of one document after one pass over it. The first fault sticks: read all,
// then look at ok(). What is read after a fault means nothing. Null counts as missing. `Field` is
// InventoryField or TransactionField, whichever the table was built for.
template <typename Field>
class FieldReader;

// The part that does not depend on the names.
class FieldReaderBase {
 public:
  FieldReaderBase(const FieldTable& table, const event::RawDocument& document, std::uint32_t root);

  bool ok() const { return !failure_.has_value(); }
  // REQUIRES: !ok()
  event::Reject TakeReject() { return *std::move(failure_); }

 protected:
  // Null if missing.
  const event::RawValue* Find(std::size_t field) const {
    return found_[field] == event::RawDocument::kNone ? nullptr : &document_.at(found_[field]);
  }
  // Fails if missing.
  const event::RawValue* Require(std::size_t field);
  void Fail(std::size_t field, const event::RawValue& value, const Fault& fault) {
    Fail(table_.PathOf(field), value, fault);
  }
  void Fail(std::string_view path, const event::RawValue& value, const Fault& fault);
  void FailWithoutValue(std::string_view reason, std::string message);

  std::int64_t Decimal(std::size_t field, const event::RawValue& value, base::DecimalFormat format,
                       Sign sign);
  std::string_view Id(std::size_t field, const event::RawValue& value);
  std::string_view Text(std::size_t field, std::size_t bytes_max);
  std::optional<base::Instant> Instant(std::size_t field);
  std::optional<base::Money> Money(std::size_t field, base::Currency currency);

  const FieldTable& table_;
  const event::RawDocument& document_;

 private:
  std::array<std::uint32_t, FieldTable::kFieldsMax> found_;
  std::optional<event::Reject> failure_;
};

template <typename Field>
class FieldReader : private FieldReaderBase {
 public:
  using FieldReaderBase::FailWithoutValue;
  using FieldReaderBase::FieldReaderBase;
  using FieldReaderBase::ok;
  using FieldReaderBase::TakeReject;

  const event::RawValue* Find(Field field) const { return FieldReaderBase::Find(Index(field)); }

  std::string_view RequiredId(Field field) {
    const auto* value = Require(Index(field));
    return value == nullptr ? std::string_view() : FieldReaderBase::Id(Index(field), *value);
  }
  std::string_view Id(Field field, std::string_view missing) {
    const auto* value = Find(field);
    return value == nullptr ? missing : FieldReaderBase::Id(Index(field), *value);
  }
  // Empty if missing.
  std::string_view Text(Field field, std::size_t bytes_max) {
    return FieldReaderBase::Text(Index(field), bytes_max);
  }
  // An id that may also be an integer or an object id; empty if missing.
  std::string IdText(Field field) {
    const auto* value = Find(field);
    if (value == nullptr) return {};
    auto id = ReadIdText(*value);
    if (auto* fault = std::get_if<Fault>(&id)) {
      Fail(field, *value, *fault);
      return {};
    }
    return std::get<std::string>(std::move(id));
  }
  base::Quantity RequiredQuantity(Field field, Sign sign) {
    const auto* value = Require(Index(field));
    return value == nullptr ? base::Quantity() : QuantityOf(field, *value, sign);
  }
  std::optional<base::Quantity> Quantity(Field field, Sign sign) {
    const auto* value = Find(field);
    if (value == nullptr) return std::nullopt;
    return QuantityOf(field, *value, sign);
  }
  std::optional<event::Thousandths> Thousandths(Field field) {
    const auto* value = Find(field);
    if (value == nullptr) return std::nullopt;
    return event::Thousandths{
        Decimal(Index(field), *value, event::Thousandths::kFormat, Sign::kNotNegative)};
  }
  std::optional<base::Money> Money(Field field, base::Currency currency) {
    return FieldReaderBase::Money(Index(field), currency);
  }
  std::optional<base::Instant> Instant(Field field) {
    return FieldReaderBase::Instant(Index(field));
  }

  std::string_view PathOf(Field field) const { return table_.PathOf(Index(field)); }
  // The field is missing, as `reason`.
  void FailMissing(Field field, std::string_view reason) {
    FailWithoutValue(reason, "field \"" + std::string(PathOf(field)) + "\" is missing");
  }
  void Fail(Field field, const event::RawValue& value, const Fault& fault) {
    FieldReaderBase::Fail(Index(field), value, fault);
  }

 private:
  static std::size_t Index(Field field) { return static_cast<std::size_t>(field); }
  base::Quantity QuantityOf(Field field, const event::RawValue& value, Sign sign) {
    return base::Quantity::Thousandths(Decimal(Index(field), value, base::Quantity::kFormat, sign));
  }
};

}  // namespace stockwatch::decode
