#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "domain/decode/decoder.h"
#include "flow/commit_counts.h"
#include "flow/delivery.h"
#include "flow/engine.h"
#include "flow/engine_time.h"
#include "flow/options.h"
#include "ports/change_source.h"
#include "ports/notifier.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// From the source to the store: read, decode, take, commit, acknowledge, tell. Stepped: each Step
// is one group commit at most; no thread, no clock of its own.
class Pipeline {
 public:
  struct Parts {
    ports::ChangeSource& source;
    ports::StateStore& store;
    ports::Notifier* notifier = nullptr;  // nullptr: nobody is told
    ports::Clock* clock = nullptr;        // of engine time; nullptr: it is source time
    decode::Seal seal = nullptr;          // of sensitive values, for the decoder
    // How far ahead of the clock the source may be; zero: as far as it likes, as where it makes up
    // its time. REQUIRES: zero without a clock
    base::Duration ahead_max = {};
  };
  // Text of a change that may be kept in a dead letter, after redaction; set where redaction is
  // configured.
  using WriteChange = std::function<std::string(const event::RawChange&)>;

  // REQUIRES: both options are valid; `options` outlives the pipeline.
  Pipeline(const Options& options, decode::Options decode, Parts parts, WriteChange write_redacted);

  // Goes on where the store stands; notices that nobody was told yet wait for the first step. Once,
  // before the first step. Errors as Engine::Start.
  base::Status Start();

  enum class Stepped : std::uint8_t { kWorked, kIdle, kEnded };
  // Takes what the source has, up to one batch. An error means that source or store failed: nothing
  // of the batch was acknowledged.
  base::Result<Stepped> Step();

  // What somebody wants of alerts or silences: done and stored, or refused. Errors as
  // CommandFlow::Take; those of the store. Between steps.
  base::Result<Commanded> Take(const event::Command& command);
  // Takes a dead letter again, after its cause was mended, and stores the result. nullopt: it was
  // applied or known, and is no dead letter any more; else it stays one. Stale ones stay stale.
  // `parse` makes a change of the bytes. kNotFound: there is none of that id;
  // kFailedPrecondition: its bytes were not kept. Audited where it is no dead letter any more.
  // Between steps.
  base::Result<std::optional<event::Reject>> Retry(
      std::string_view id, const std::function<void(ports::RawInput&)>& parse, const Actor& actor);
  // Without a clock: what Retry takes may be that far ahead of `present` at most; zero: as far as
  // it likes.
  void SetPresent(base::Instant present, base::Duration ahead_max) {
    if (ahead_max > base::Duration()) engine_.SetPresent(present, ahead_max);
  }
  // Forgets a dead letter; audited. kNotFound: there is none of that id. Between steps.
  base::Status Drop(std::string_view id, const Actor& actor);

  // Rules of changed settings, in force from here on; stored with the next step. Between steps.
  void TakeSettings(const std::vector<event::Rule>& rules) { engine_.TakeSettings(rules); }

  // Stores what the last steps left to be stored, so that a restart repeats nothing, and goes on
  // with delivering. Between steps.
  base::Status Stop();
  // Nothing is on its way to a receiver, and nothing could go now.
  bool IsTold() const;
  // Nothing more is handed to receivers.
  void Hush() {
    if (delivery_) delivery_->Close();
  }

  // A dead letter of delivery is tried again; a channel that its receiver disabled is used again.
  // Errors as Delivery::Replay and Enable. Between steps.
  base::Status RetryDelivery(std::string_view key, const Actor& actor);
  base::Status EnableChannel(const std::string& name, const Actor& actor);
  // Engine time goes to the wall, which is ahead; audited. kFailedPrecondition: it is not, or there
  // is no clock. Between steps.
  base::Status AdoptWall(const Actor& actor);

  const State& state() const { return engine_.state(); }
  State& state() { return engine_.state(); }
  // nullptr: there is no clock. After Start.
  EngineTime* engine_time() { return engine_time_ ? &*engine_time_ : nullptr; }
  // Of the source, as it was stored last; empty: it has none.
  const std::string& position() const { return position_; }
  // Items retired because a snapshot did not show them; of this process.
  std::uint64_t vanished() const { return vanished_; }
  // Changes that were dead letters because they are ahead of the clock; of this process.
  std::uint64_t refused_ahead() const { return engine_.refused_ahead(); }
  // The source says that its time is so far ahead; source time does not follow it.
  bool watermark_ahead() const { return watermark_ahead_; }
  const CommitCounts& commits() const { return commits_; }
  const Delivery* delivery() const { return delivery_ ? &*delivery_ : nullptr; }

 private:
  // Inputs that are decoded before the first of them is taken, so that their memory is on its way.
  static constexpr std::size_t kBlock = 32;

  // Fills the block with what the source has and the batch may hold; `room` inputs at most.
  base::Result<ports::Next> ReadBlock(std::size_t room);
  // Since when the batch takes inputs; without a clock it takes no time.
  base::Duration Monotonic() const;
  void Take(Arrival& arrival);
  void NoteShown(const Arrival& arrival);
  void EndSnapshot(base::Position since);
  void JudgeSource();
  CommitEnd EndOf(ports::Next next, std::size_t taken) const;
  base::Status Commit();
  void MoveEngineTime();
  base::Status ResumeSource();
  struct KeptLetter {
    std::string key;
    event::DeadLetter letter;
  };
  base::Result<KeptLetter> FindLetter(std::string_view id);
  void ForgetLetter(const KeptLetter& kept, std::string kind, const Actor& actor);

  const Options& options_;
  Parts parts_;
  WriteChange write_redacted_;
  bool reads_rules_;
  decode::Decoder decoder_;
  Engine engine_;
  std::optional<EngineTime> engine_time_;
  std::optional<Delivery> delivery_;
  std::vector<Arrival> block_;
  std::size_t filled_ = 0;
  // By the snapshot under way: a document without a readable key; a rule that could not be taken.
  bool shown_unknown_ = false;
  bool rule_unknown_ = false;
  std::size_t batch_bytes_ = 0;  // of the inputs of this batch
  std::string position_;         // of the source, as it was stored last
  std::uint64_t vanished_ = 0;
  bool watermark_ahead_ = false;
  CommitCounts commits_;
};

}  // namespace stockwatch::flow
