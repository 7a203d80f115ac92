#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/position.h"
#include "base/result.h"
#include "domain/event/change.h"
#include "domain/event/raw_change.h"

namespace stockwatch::ports {

// Ordinals from here on are of what a snapshot said as of a cluster time: it stands behind every
// change of that time, which never have so many tokens.
inline constexpr std::uint32_t kSnapshotOrdinals = 0xC000'0000;
constexpr bool IsOfSnapshot(base::Position position) {
  return position.ordinal >= kSnapshotOrdinals;
}

// One thing that a source delivered: a change, or bytes that are none.
struct RawInput {
  std::string bytes;       // what arrived; the views of `change` point into it
  std::uint64_t line = 0;  // from 1; 0: the source has no lines
  event::RawChange change;
  bool placed =
      false;  // the source gave the position whole; else the reader counts the token's ordinal
  bool of_snapshot = false;             // shows a document as it is, which was not just made
  std::optional<event::Reject> reject;  // set: `change` is as far as it could be read

  void Clear() {
    bytes.clear();
    line = 0;
    change.Clear();
    placed = false;
    of_snapshot = false;
    reject.reset();
  }
};

enum class Next : std::uint8_t {
  kInput,
  kNothingYet,  // there may be more later
  kEnd,
};

// Where changes come from, in the order of the source. One caller at a time.
class ChangeSource {
 public:
  virtual ~ChangeSource() = default;

  // Fills `input` (kInput) or leaves it empty. What arrived but is no change is an input with a
  // reject, never an error: an error means that the source itself failed (kUnavailable: try again;
  // else it won't get better).
  virtual base::Result<Next> Read(RawInput& input) = 0;

  // Where a later run goes on: behind everything delivered so far. A record stored in the same
  // batch as what was delivered, of which the first byte tells the kind of source and the version
  // (docs/formats.md, Positions of sources); empty: this source cannot go on.
  virtual std::string Position() const { return {}; }
  // Goes on behind a position; before the first Read. A source that finds that the position is not
  // of its data says so (kFailedPrecondition), or starts anew where that is harmless.
  virtual base::Status Resume(std::string_view position) {
    static_cast<void>(position);
    return {};
  }

  // A snapshot that began at this place was delivered whole: what it and the changes behind that
  // place did not show is gone. Its ordinal is kSnapshotOrdinals: what is gone is marked with it.
  // Told once, before anything behind it is delivered; the answer counts as delivered then. Asked
  // when Read has nothing.
  virtual std::optional<base::Position> TakeSnapshotEnd() { return std::nullopt; }

  // Of a change whose image was looked up later than its position and could not open its item: its
  // document is wanted once more, as of one moment. Delivered later as a change, or never where it
  // is gone; the wish is part of the position. Between Read and Position of one batch.
  virtual void ReadAgain(const RawInput& input) { static_cast<void>(input); }

  // The watermark: nothing older than this cluster second will be delivered any more. nullopt: the
  // source does not know. Asked when Read has nothing, so that time passes in a quiet shop too.
  virtual std::optional<base::Instant> Watermark() const { return std::nullopt; }

  // How the source is, for the alerts about itself.
  struct Health {
    base::Duration still;      // since it showed progress
    base::Duration still_max;  // longer is silence, unless somebody paused it
    bool paused = false;
    bool has_moved = false;  // since the process began
    std::uint64_t gaps = 0;  // times that history was lost, since the process began
    // How far its history reaches back behind the place: whether that is known, when it will not
    // any more (nullopt: it does not come nearer), and from when on that is too soon.
    bool reach_known = false;
    std::optional<base::Duration> lost_in = std::nullopt;
    base::Duration lost_in_min = {};
  };
  // nullopt: it cannot fall silent. A gap shows before anything behind it is delivered.
  virtual std::optional<Health> GetHealth() const { return std::nullopt; }

  // Everything delivered so far is safe; a restart may begin behind it.
  virtual base::Status Acknowledge() = 0;
};

}  // namespace stockwatch::ports
