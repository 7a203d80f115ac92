#pragma once

#include <functional>
#include <optional>
#include <span>
#include <variant>

#include "domain/decode/decoder.h"
#include "flow/command_flow.h"
#include "flow/component_flow.h"
#include "flow/document_flow.h"
#include "flow/history_sweep.h"
#include "flow/item_flow.h"
#include "flow/node_flow.h"
#include "flow/state.h"
#include "flow/threshold_flow.h"
#include "flow/token_ordinals.h"
#include "ports/change_source.h"

namespace stockwatch::flow {

// A change on its way in.
struct Arrival {
  ports::RawInput input;
  decode::Decoded decoded;
  // Kept by Engine::Expect: of the key of the item that it is about, and which that may be.
  std::optional<std::uint32_t> item_hash;
  key::ItemIndex likely_item = key::kNoItem;
};

// The core, stepped: takes inputs one by one in the order of the source, moves source time, fires
// timers, and leaves what is to be stored in State's batch. Knows no clock, thread or device; the
// same inputs give the same state.
class Engine {
 public:
  Engine(const Options& options, ports::StateStore& store);

  // Fills in what only the reader of the stream can know: the ordinal of the change's position.
  void Place(ports::RawInput& input);
  // Asks for the memory that taking these will touch. A block of some dozens is best.
  void Expect(std::span<Arrival> block);
  // What is refused becomes a dead letter in the state, its bytes still to be filled in.
  void Take(const Arrival& arrival, std::uint8_t source);
  // Behind Take: the change is an inventory document that was looked up, and its item waits for an
  // exact one to open.
  bool WaitsForExact(const Arrival& arrival) const;
  // A snapshot showed that document there, though nothing of it could be taken: it is not gone.
  void NoteShown(std::string_view document_key, base::Position position);
  // A snapshot that began there was taken whole: items whose documents neither it nor a change
  // since has shown are retired as of that place. How many.
  std::size_t RetireUnseen(base::Position since);
  // The same of rules.
  void RemoveUnseenRules(base::Position since) { thresholds_.RemoveUnseen(since); }
  // Source time passes though nothing changes: nothing older than `second` will come. Before the
  // first change there is no time.
  void PassTime(base::Instant second) {
    if (state_.source_time && second > state_.now() && !IsAhead(second)) AdvanceTo(second);
  }
  // What is further ahead of the present than `ahead_max` is not believed from here on: such a
  // change is refused, whatever it is, and moves nothing, since source time never comes back. Where
  // changes bring their own time (a replay, a generated shop) there is no present.
  void SetPresent(base::Instant present, base::Duration ahead_max) {
    present_ = present;
    ahead_max_ = ahead_max;
  }
  bool IsAhead(base::Instant second) const { return present_ && second > *present_ + ahead_max_; }
  // How many were refused for that; of this process.
  std::uint64_t refused_ahead() const { return refused_ahead_; }
  // The source and the channels as they are now; of engine time.
  void JudgeSource(const ports::ChangeSource::Health& health) { components_.JudgeSource(health); }
  // All there is was read anew: nothing is missing any more.
  void EndGap() { components_.EndGap(); }
  void JudgeChannels(const std::vector<DeliveryEnd>& ends) { components_.JudgeChannels(ends); }
  void JudgeClock(base::Duration ahead) { components_.JudgeClock(ahead); }
  // Engine time moves to `now`, if that is later.
  void MoveEngineTime(base::Instant now);
  // What somebody wants; stored with the next commit. Errors as CommandFlow::Take.
  base::Result<Commanded> Take(const event::Command& command) { return commands_.Take(command); }
  // The input ended: the last second is complete.
  void FinishInput();

  // Goes on where the store stands, for reading: the engine takes nothing. Before anything else,
  // once. Errors as Restorer::Run.
  base::Status Restore(ports::StateStore& store);
  // Restore, then takes the rules of the settings. kFailedPrecondition too: the store was written
  // with other settings of stock.
  // `restored` is called between the two.
  base::Status Start(ports::StateStore& store, const std::function<void()>& restored = {});
  // Rules of changed settings, in force from here on.
  void TakeSettings(const std::vector<event::Rule>& rules);
  // Stores all that changed since the last commit, as one batch. After an error the next commit
  // stores this one's changes too.
  base::Status Commit(ports::StateStore& store);

  State& state() { return state_; }
  const State& state() const { return state_; }

 private:
  using Result = std::variant<Handled, event::ControlKind, event::Reject>;

  void AdvanceTo(base::Instant second);
  void MoveTimeTo(base::Instant at);
  void Fire(const Timer& timer);
  void Housekeep();
  bool IsStale(base::Position position) const;

  // `item`: the one that the change names, kNoItem if it is unknown or names none.
  Result Apply(const event::Change& change, key::ItemIndex item, std::uint8_t source);
  Result ApplyTransaction(const event::Transaction& transaction, key::ItemIndex item,
                          base::Position position, std::uint8_t source);
  void Count(const ports::RawInput& input, const Result& result);
  void Reject(const ports::RawInput& input, const event::Reject& reject);

  const Options& options_;
  State state_;
  ItemFlow items_;
  DocumentFlow documents_;
  ThresholdFlow thresholds_;
  NodeFlow nodes_;
  ComponentFlow components_;
  CommandFlow commands_;
  TokenOrdinals ordinals_;
  HistorySweep sweep_;
  std::int64_t kept_day_ = 0;  // of the last Housekeep
  std::optional<base::Instant> present_;
  base::Duration ahead_max_;
  std::uint64_t refused_ahead_ = 0;
};

}  // namespace stockwatch::flow
