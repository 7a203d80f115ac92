#include "domain/alert/fact.h"

#include <array>
#include <variant>

#include "domain/alert/episode_book.h"
#include "domain/event/command.h"
#include "domain/event/record_parts.h"

namespace stockwatch::alert {
namespace {

// How many things a fact of each kind can be.
constexpr std::array<std::uint8_t, 4> kWhats{
    static_cast<std::uint8_t>(Edge::kClosed) + 1,
    static_cast<std::uint8_t>(HoldReason::kSilenced) + 1,
    static_cast<std::uint8_t>(NoticeKind::kReminder) + 1,
    static_cast<std::uint8_t>(std::variant_size_v<event::CommandBody>)};

void PutFact(base::ByteWriter& writer, const Fact& fact) {
  event::PutEnum(writer, fact.kind);
  writer.Put(fact.what);
  event::PutInstant(writer, fact.at);
  event::PutInstant(writer, fact.engine_at);
  writer.PutSignedVarint(fact.compared.value);
  writer.PutSignedVarint(fact.compared.threshold);
  event::PutName(writer, fact.rule_id);
  writer.PutVarint(fact.rule_version);
  event::PutName(writer, fact.place);
  event::PutName(writer, fact.by);
  event::PutName(writer, fact.text);
  if (fact.basis) PutBasis(writer, *fact.basis);
}

Fact TakeFact(base::ByteReader& reader) {
  Fact fact;
  fact.kind = event::TakeEnum(reader, FactKind::kDone);
  fact.what = reader.Take<std::uint8_t>();
  if (fact.what >= kWhats[static_cast<std::size_t>(fact.kind)]) reader.Fail();
  fact.at = event::TakeInstant(reader);
  fact.engine_at = event::TakeInstant(reader);
  fact.compared.value = reader.TakeSignedVarint();
  fact.compared.threshold = reader.TakeSignedVarint();
  fact.rule_id = event::TakeName(reader);
  fact.rule_version = static_cast<std::uint32_t>(reader.TakeVarint());
  fact.place = event::TakeName(reader);
  fact.by = event::TakeName(reader);
  fact.text = event::TakeName(reader);
  if (!reader.empty()) fact.basis = TakeBasis(reader);
  return fact;
}

// Of the fact that begins at `offset`, with its length.
std::size_t SizeAt(const std::string& bytes, std::size_t offset) {
  base::ByteReader reader(std::string_view(bytes).substr(offset));
  const std::size_t before = reader.rest();
  const std::size_t length = reader.TakeVarint();
  return before - reader.rest() + length;
}

}  // namespace

std::string_view Name(FactKind kind) {
  constexpr std::array<std::string_view, 4> kNames{"transition", "held_back", "told", "done"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view Name(HoldReason reason) {
  constexpr std::array<std::string_view, 3> kNames{"muted", "snoozed", "silenced"};
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view WhatName(const Fact& fact) {
  switch (fact.kind) {
    case FactKind::kTransition:
      return Name(static_cast<Edge>(fact.what));
    case FactKind::kHeldBack:
      return Name(static_cast<HoldReason>(fact.what));
    case FactKind::kTold:
      return Name(static_cast<NoticeKind>(fact.what));
    case FactKind::kDone:
      return event::CommandName(fact.what);
  }
  return {};
}

void Timeline::Add(const Fact& fact) {
  if (kept_ == kKept) DropSecond();
  std::string bytes;
  base::ByteWriter writer(bytes);
  PutFact(writer, fact);
  base::ByteWriter(bytes_).PutVarint(bytes.size());
  bytes_ += bytes;
  ++kept_;
  ++count_;
}

void Timeline::DropSecond() {
  const std::size_t first = SizeAt(bytes_, 0);
  bytes_.erase(first, SizeAt(bytes_, first));
  --kept_;
}

void Timeline::ForEach(const Sink& sink) const {
  base::ByteReader reader(bytes_);
  for (std::uint32_t i = 0; i < kept_; ++i) {
    base::ByteReader one(reader.TakeRaw(reader.TakeVarint()));
    sink(i == 0 ? 0 : count_ - kept_ + i, TakeFact(one));
  }
}

void Timeline::Encode(base::ByteWriter& writer) const {
  writer.PutVarint(count_);
  writer.PutVarint(kept_);
  writer.PutRaw(bytes_);
}

Timeline Timeline::Take(base::ByteReader& reader) {
  Timeline timeline;
  timeline.count_ = static_cast<std::uint32_t>(reader.TakeVarint());
  timeline.kept_ = static_cast<std::uint32_t>(reader.TakeVarint());
  if (timeline.kept_ > kKept || timeline.kept_ > timeline.count_) {
    reader.Fail();
    return {};
  }
  for (std::uint32_t i = 0; i < timeline.kept_ && reader.ok(); ++i) {
    const std::string_view bytes = reader.TakeRaw(reader.TakeVarint());
    base::ByteReader one(bytes);
    TakeFact(one);
    if (!one.ok() || !one.empty()) reader.Fail();
    base::ByteWriter writer(timeline.bytes_);
    writer.PutVarint(bytes.size());
    writer.PutRaw(bytes);
  }
  return timeline;
}

}  // namespace stockwatch::alert
