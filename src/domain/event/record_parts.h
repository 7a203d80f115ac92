#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/assertion.h"
#include "base/bytes.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/position.h"
#include "base/quantity.h"
#include "base/strong_id.h"
#include "domain/event/rule.h"

namespace stockwatch::event {

// The parts that every record of the core shares; docs/formats.md, Records. A Take function that
// finds what cannot be fails the reader: Finish() then says kDataLoss.

inline void PutPosition(base::ByteWriter& writer, const base::Position& position) {
  writer.Put(position.generation);
  writer.Put(position.seconds);
  writer.Put(position.increment);
  writer.Put(position.ordinal);
}

inline base::Position TakePosition(base::ByteReader& reader) {
  base::Position position;
  position.generation = reader.Take<std::uint32_t>();
  position.seconds = reader.Take<std::uint32_t>();
  position.increment = reader.Take<std::uint32_t>();
  position.ordinal = reader.Take<std::uint32_t>();
  return position;
}

inline void PutQuantity(base::ByteWriter& writer, base::Quantity quantity) {
  writer.Put(quantity.thousandths());
}

inline base::Quantity TakeQuantity(base::ByteReader& reader) {
  return base::Quantity::Thousandths(reader.Take<std::int64_t>());
}

inline void PutThousandths(base::ByteWriter& writer, Thousandths number) {
  writer.Put(number.count);
}

inline Thousandths TakeThousandths(base::ByteReader& reader) {
  return {reader.Take<std::int64_t>()};
}

inline void PutInstant(base::ByteWriter& writer, base::Instant instant) {
  writer.Put(instant.micros());
}

inline base::Instant TakeInstant(base::ByteReader& reader) {
  return base::Instant::Micros(reader.Take<std::int64_t>());
}

inline void PutDuration(base::ByteWriter& writer, base::Duration duration) {
  writer.Put(duration.micros());
}

inline base::Duration TakeDuration(base::ByteReader& reader) {
  return base::Duration::Micros(reader.Take<std::int64_t>());
}

inline void PutBool(base::ByteWriter& writer, bool value) {
  writer.Put(static_cast<std::uint8_t>(value ? 1 : 0));
}

inline bool TakeBool(base::ByteReader& reader) {
  const auto value = reader.Take<std::uint8_t>();
  if (value > 1) reader.Fail();
  return value == 1;
}

template <typename Enum>
void PutEnum(base::ByteWriter& writer, Enum value) {
  static_assert(sizeof(Enum) == 1);
  writer.Put(static_cast<std::uint8_t>(value));
}

// `last` is the enumerator of the highest number.
template <typename Enum>
Enum TakeEnum(base::ByteReader& reader, Enum last) {
  const auto value = reader.Take<std::uint8_t>();
  if (value <= static_cast<std::uint8_t>(last)) return static_cast<Enum>(value);
  reader.Fail();
  return Enum{};
}

// Amount, then the three letters of the currency; three NULs: none.
inline void PutMoney(base::ByteWriter& writer, const base::Money& money) {
  writer.Put(money.ten_thousandths);
  const std::string_view code = money.currency.text();
  for (std::size_t i = 0; i < 3; ++i) writer.Put(code.empty() ? '\0' : code[i]);
}

inline base::Money TakeMoney(base::ByteReader& reader) {
  base::Money money;
  money.ten_thousandths = reader.Take<std::int64_t>();
  char code[3];
  for (char& letter : code) letter = reader.Take<char>();
  const std::string_view text(code, sizeof code);
  if (text == std::string_view("\0\0\0", 3)) return money;
  const auto currency = base::Currency::Parse(text);
  if (currency.ok()) {
    money.currency = currency.value();
  } else {
    reader.Fail();
  }
  return money;
}

inline std::string TakeString(base::ByteReader& reader) {
  return std::string(reader.TakeBytes());
}

// A short text: length (u16), then the bytes. REQUIRES: at most 65,535 bytes, as key::TextArena
// does
inline void PutName(base::ByteWriter& writer, std::string_view name) {
  SW_ASSERT(name.size() <= 65'535, "ids and keys are bounded when they are decoded");
  writer.Put(static_cast<std::uint16_t>(name.size()));
  writer.PutRaw(name);
}

// A view into the record.
inline std::string_view TakeNameView(base::ByteReader& reader) {
  return reader.TakeRaw(reader.Take<std::uint16_t>());
}

inline std::string TakeName(base::ByteReader& reader) {
  return std::string(TakeNameView(reader));
}

// A name that has to be an id (base::ValidateId). A view into the record.
inline std::string_view TakeIdView(base::ByteReader& reader) {
  const std::string_view id = TakeNameView(reader);
  if (!base::ValidateId(id).ok()) reader.Fail();
  return id;
}

inline std::string TakeId(base::ByteReader& reader) {
  return std::string(TakeIdView(reader));
}

// A byte 0 or 1, then the value if there is one.
template <typename T, typename Put>
void PutOptional(base::ByteWriter& writer, const std::optional<T>& value, Put put) {
  PutBool(writer, value.has_value());
  if (value) put(writer, *value);
}

template <typename Take>
auto TakeOptional(base::ByteReader& reader, Take take)
    -> std::optional<std::invoke_result_t<Take, base::ByteReader&>> {
  if (!TakeBool(reader)) return std::nullopt;
  return take(reader);
}

// Count (u32), then each element.
template <typename T, typename Put>
void PutList(base::ByteWriter& writer, const std::vector<T>& list, Put put) {
  writer.Put(static_cast<std::uint32_t>(list.size()));
  for (const T& element : list) put(writer, element);
}

// Nothing is reserved: the count of a damaged record may be anything.
template <typename Take>
auto TakeList(base::ByteReader& reader, Take take)
    -> std::vector<std::invoke_result_t<Take, base::ByteReader&>> {
  std::vector<std::invoke_result_t<Take, base::ByteReader&>> list;
  const auto count = reader.Take<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) list.push_back(take(reader));
  return list;
}

inline void PutStrings(base::ByteWriter& writer, const std::vector<std::string>& list) {
  PutList(writer, list, [](base::ByteWriter& w, const std::string& text) { w.PutBytes(text); });
}

inline std::vector<std::string> TakeStrings(base::ByteReader& reader) {
  return TakeList(reader, TakeString);
}

inline base::Error DamagedRecord(std::string_view what) {
  return {base::Code::kDataLoss, "damaged record: " + std::string(what)};
}

inline base::Error NewerRecord(std::string_view what, unsigned version) {
  return {base::Code::kFailedPrecondition, "a newer version wrote this " + std::string(what) +
                                               ", version " + std::to_string(version)};
}

}  // namespace stockwatch::event
