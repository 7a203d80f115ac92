#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/instant.h"
#include "domain/alert/basis.h"
#include "domain/alert/condition.h"

namespace stockwatch::alert {

enum class FactKind : std::uint8_t { kTransition, kHeldBack, kTold, kDone };
enum class HoldReason : std::uint8_t { kMuted, kSnoozed, kSilenced };
std::string_view Name(FactKind kind);
std::string_view Name(HoldReason reason);

// One thing that happened to an alert, as it was when it happened; never changed afterwards.
struct Fact {
  FactKind kind = FactKind::kTransition;
  // By kind: an Edge, a HoldReason, a NoticeKind, the number of an event::CommandBody.
  std::uint8_t what = 0;
  base::Instant at;         // source time
  base::Instant engine_at;  // engine time
  Comparison compared;      // of a transition
  std::string rule_id;      // of a transition: of the rule that gave the threshold; may be empty
  std::uint32_t rule_version = 0;
  std::string place;  // of a transition: what led to it (PlaceText)
  // Held back: the muting alert's id or the silence's. Done: who did it.
  std::string by;
  // Resolved: the cause. Told: the channels. Done: the comment, the assignee, the end of a snooze,
  // or why.
  std::string text;
  std::optional<Basis> basis = {};  // of an opening by what was known of demand

  bool operator==(const Fact&) const = default;
};

// "opened", "muted", "reminder", "acknowledge", …
std::string_view WhatName(const Fact& fact);

// The facts of one alert in their order, as bytes: docs/formats.md, Episode. Of a long life the
// opening and the latest are kept.
class Timeline {
 public:
  static constexpr std::uint32_t kKept = 64;

  void Add(const Fact& fact);
  // Numbers go on where facts were dropped.
  using Sink = std::function<void(std::uint32_t number, const Fact& fact)>;
  void ForEach(const Sink& sink) const;
  std::uint32_t size() const { return count_; }  // with those that were dropped

  void Encode(base::ByteWriter& writer) const;
  // What is no timeline fails the reader.
  static Timeline Take(base::ByteReader& reader);

  bool operator==(const Timeline&) const = default;

 private:
  void DropSecond();

  std::uint32_t count_ = 0;
  std::uint32_t kept_ = 0;
  std::string bytes_;  // each: its length (varint), then the fact
};

}  // namespace stockwatch::alert
