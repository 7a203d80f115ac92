#include "flow/pipeline.h"

#include <algorithm>
#include <utility>

#include "domain/event/dead_letter_record.h"
#include "flow/listing.h"
#include "flow/read_records.h"

namespace stockwatch::flow {

Pipeline::Pipeline(const Options& options, decode::Options decode, Parts parts,
                   WriteChange write_redacted)
    : options_(options),
      parts_(parts),
      write_redacted_(std::move(write_redacted)),
      reads_rules_(!decode.thresholds.name.empty()),
      decoder_(std::move(decode), std::move(parts.seal)),
      engine_(options, parts.store),
      block_(kBlock) {
  if (parts.notifier == nullptr) return;
  delivery_.emplace(Delivery::Parts{options.delivery, options.destinations, parts.store,
                                    *parts.notifier, parts.store.epoch()});
}

base::Status Pipeline::Start() {
  // What the settings change at a start is audited with its time.
  SW_TRY_STATUS(engine_.Start(parts_.store, [&] {
    if (parts_.clock != nullptr) engine_time_.emplace(*parts_.clock, engine_.state().engine_time);
    MoveEngineTime();
  }));
  SW_TRY_STATUS(ResumeSource());
  return delivery_ ? delivery_->Start(engine_.state().engine_time) : base::Status();
}

void Pipeline::MoveEngineTime() {
  if (!engine_time_) {
    engine_.MoveEngineTime(engine_.state().now());
    return;
  }
  const base::Instant now = engine_time_->Now();
  // A wall that is ahead and not believed yet may be right: a machine that slept has changes of it.
  SetPresent(now + engine_time_->ahead(), parts_.ahead_max);
  engine_.MoveEngineTime(now);
}

base::Status Pipeline::ResumeSource() {
  SW_TRY_STATUS(parts_.store.ReadFamily(
      ports::Family::kSource,
      [&](std::string_view, std::string_view record) { position_ = record; }));
  return position_.empty() ? base::Status() : parts_.source.Resume(position_);
}

base::Result<Pipeline::Stepped> Pipeline::Step() {
  ports::Next next = ports::Next::kInput;
  std::size_t taken = 0;
  MoveEngineTime();
  if (engine_time_) engine_.JudgeClock(engine_time_->ahead());
  const base::Duration begun = Monotonic();
  const auto has_room = [&] {
    return taken < options_.batch_inputs_max && batch_bytes_ < options_.batch_bytes_max &&
           (taken == 0 || Monotonic().micros() - begun.micros() < options_.batch_open_max.micros());
  };
  for (batch_bytes_ = 0; next == ports::Next::kInput && has_room();) {
    const auto read = ReadBlock(options_.batch_inputs_max - taken);
    engine_.Expect(std::span(block_).first(filled_));
    for (std::size_t i = 0; i < filled_; ++i) Take(block_[i]);
    taken += filled_;
    if (!read.ok()) {
      // What came before the source failed stays in the batch: it will not come again.
      JudgeSource();
      return read.error();
    }
    next = read.value();
  }
  JudgeSource();  // a gap comes before the snapshot that ends it
  if (next == ports::Next::kNothingYet) {
    if (const auto since = parts_.source.TakeSnapshotEnd()) EndSnapshot(*since);
    if (const auto watermark = parts_.source.Watermark()) {
      watermark_ahead_ = engine_.IsAhead(*watermark);
      engine_.PassTime(*watermark);
    }
  }
  if (next == ports::Next::kEnd) engine_.FinishInput();
  const base::Duration full = Monotonic();
  SW_TRY_STATUS(Commit());
  if (taken > 0) {
    ++commits_.by_end[static_cast<std::size_t>(EndOf(next, taken))];
    commits_.latency.Add(base::Duration::Micros(Monotonic().micros() - full.micros()));
  }
  SW_TRY_STATUS(parts_.source.Acknowledge());
  if (delivery_) SW_TRY_STATUS(delivery_->HandOut(engine_.state().engine_time));
  if (next == ports::Next::kEnd) return Stepped::kEnded;
  return taken > 0 ? Stepped::kWorked : Stepped::kIdle;
}

void Pipeline::EndSnapshot(base::Position since) {
  const bool documents_known = !std::exchange(shown_unknown_, false);
  const bool rules_known = !std::exchange(rule_unknown_, false);
  if (engine_.IsAhead(base::Instant::Seconds(since.seconds))) return;  // nothing of it was taken
  // A document whose key nobody could read may be any of them.
  if (documents_known) vanished_ += engine_.RetireUnseen(since);
  engine_.EndGap();
  if (reads_rules_ && rules_known) engine_.RemoveUnseenRules(since);
}

CommitEnd Pipeline::EndOf(ports::Next next, std::size_t taken) const {
  if (next != ports::Next::kInput) return CommitEnd::kSource;
  if (taken >= options_.batch_inputs_max) return CommitEnd::kCount;
  return batch_bytes_ >= options_.batch_bytes_max ? CommitEnd::kBytes : CommitEnd::kTime;
}

void Pipeline::JudgeSource() {
  if (const auto health = parts_.source.GetHealth()) engine_.JudgeSource(*health);
}

base::Duration Pipeline::Monotonic() const {
  return parts_.clock == nullptr ? base::Duration() : parts_.clock->Monotonic();
}

base::Result<ports::Next> Pipeline::ReadBlock(std::size_t room) {
  ports::Next next = ports::Next::kInput;
  room = std::min(room, kBlock);
  for (filled_ = 0; filled_ < room && batch_bytes_ < options_.batch_bytes_max; ++filled_) {
    Arrival& arrival = block_[filled_];
    SW_TRY(next, parts_.source.Read(arrival.input));
    if (next != ports::Next::kInput) break;
    batch_bytes_ += arrival.input.bytes.size();
    engine_.Place(arrival.input);
    if (arrival.input.reject) {
      arrival.decoded = *arrival.input.reject;
    } else {
      arrival.decoded = decoder_.Decode(arrival.input.change);
    }
  }
  return next;
}

void Pipeline::Take(Arrival& arrival) {
  auto& letters = engine_.state().dead_letters;
  const std::size_t before = letters.size();
  const std::uint64_t applied = engine_.state().changes.applied;
  engine_.Take(arrival, 0);
  if (arrival.input.of_snapshot && engine_.state().changes.applied == applied) NoteShown(arrival);
  if (letters.size() == before) {
    if (engine_.WaitsForExact(arrival)) parts_.source.ReadAgain(arrival.input);
    return;
  }
  if (!write_redacted_) {
    letters.back().bytes = arrival.input.bytes;
  } else if (!arrival.input.change.event.empty()) {
    decoder_.Protect(arrival.input.change);
    letters.back().bytes = write_redacted_(arrival.input.change);
  }
  // Of what could not be parsed nobody knows what it shows: nothing is kept where redaction is
  // configured.
}

void Pipeline::NoteShown(const Arrival& arrival) {
  const base::Position position = arrival.input.change.position;
  if (engine_.IsAhead(base::Instant::Seconds(position.seconds))) {
    shown_unknown_ = rule_unknown_ = true;  // it is there, but nobody knows since when
    return;
  }
  const auto key = decoder_.InventoryKeyOf(arrival.input.change);
  if (!key) {
    rule_unknown_ = true;  // there are no others in a snapshot
  } else if (key->empty()) {
    shown_unknown_ = true;
  } else {
    engine_.NoteShown(*key, position);
  }
}

// One batch: all that the taken inputs changed, or nothing of it.
base::Status Pipeline::Commit() {
  State& state = engine_.state();
  if (delivery_) {
    delivery_->Plan(std::exchange(state.outbox, {}), state.engine_time, state.batch);
    delivery_->Prepare(state.engine_time, state.batch);
    // What is told of it is stored with it.
    engine_.JudgeChannels(delivery_->TakeEnds());
    delivery_->Plan(std::exchange(state.outbox, {}), state.engine_time, state.batch);
  }
  // A source that cannot go on leaves what another one left.
  if (std::string position = parts_.source.Position(); !position.empty() && position != position_) {
    state.batch.Put(ports::Family::kSource, kSourceKey, position);
    position_ = std::move(position);
  }
  return engine_.Commit(parts_.store);
}

base::Status Pipeline::Stop() {
  MoveEngineTime();
  SW_TRY_STATUS(Commit());
  return delivery_ ? delivery_->HandOut(engine_.state().engine_time) : base::Status();
}

bool Pipeline::IsTold() const {
  return !delivery_ || delivery_->IsQuiet(engine_.state().engine_time);
}

base::Status Pipeline::RetryDelivery(std::string_view key, const Actor& actor) {
  if (!delivery_) return base::Error{base::Code::kFailedPrecondition, "nobody is told anything"};
  State& state = engine_.state();
  SW_TRY_STATUS(delivery_->Replay(key, state.engine_time, state.batch));
  state.audit.Append(state.engine_time, actor, "delivery.replay", std::string(key), {}, {});
  return Commit();
}

base::Status Pipeline::EnableChannel(const std::string& name, const Actor& actor) {
  if (!delivery_) return base::Error{base::Code::kNotFound, "there are no channels"};
  State& state = engine_.state();
  SW_TRY_STATUS(delivery_->Enable(name, state.batch));
  state.audit.Append(state.engine_time, actor, "channel.enable", name, {}, {});
  return Commit();
}

base::Status Pipeline::AdoptWall(const Actor& actor) {
  MoveEngineTime();
  if (!engine_time_ || engine_time_->ahead() == base::Duration()) {
    return base::Error{base::Code::kFailedPrecondition,
                       "engine time follows the wall clock: there is nothing to adopt"};
  }
  const auto text = [this] {
    std::string json = R"({"engine_time":")";
    base::AppendInstant(json, engine_.state().engine_time);
    return json += "\"}";
  };
  std::string before = text();
  engine_time_->AdoptWall();
  MoveEngineTime();
  engine_.JudgeClock(engine_time_->ahead());
  engine_.state().audit.Append(engine_.state().engine_time, actor, "clock.adopt",
                               std::string(kClockKey), std::move(before), text());
  return Commit();
}

base::Result<Commanded> Pipeline::Take(const event::Command& command) {
  MoveEngineTime();
  SW_TRY(const Commanded commanded, engine_.Take(command));
  SW_TRY_STATUS(Commit());
  return commanded;
}

base::Result<Pipeline::KeptLetter> Pipeline::FindLetter(std::string_view id) {
  std::optional<KeptLetter> found;
  SW_TRY_STATUS(ReadDecoded(parts_.store, {ports::Family::kDeadLetter}, event::DecodeDeadLetter,
                            [&](std::string_view key, event::DeadLetter letter) {
                              if (letter.id == id)
                                found = KeptLetter{std::string(key), std::move(letter)};
                              return !found;
                            }));
  if (!found) {
    return base::Error{base::Code::kNotFound, "no dead letter has the id " + std::string(id)};
  }
  return *std::move(found);
}

base::Result<std::optional<event::Reject>> Pipeline::Retry(
    std::string_view id, const std::function<void(ports::RawInput&)>& parse, const Actor& actor) {
  SW_TRY(KeptLetter kept, FindLetter(id));
  if (kept.letter.bytes.empty()) {
    return base::Error{base::Code::kFailedPrecondition,
                       "the bytes of dead letter " + std::string(id) + " were not kept"};
  }
  Arrival arrival;
  arrival.input.bytes = std::move(kept.letter.bytes);
  arrival.input.line = kept.letter.line;
  parse(arrival.input);
  engine_.Place(arrival.input);
  arrival.decoded = arrival.input.reject ? decode::Decoded(*arrival.input.reject)
                                         : decoder_.Decode(arrival.input.change);
  auto& letters = engine_.state().dead_letters;
  const std::size_t before = letters.size();
  engine_.Take(arrival, 0);
  std::optional<event::Reject> refused;
  if (letters.size() > before) {
    // The one that is kept says where it came from.
    refused = event::Reject{letters.back().stage, {}, letters.back().message};
    letters.pop_back();
  } else {
    ForgetLetter(kept, "deadletter.replay", actor);
  }
  SW_TRY_STATUS(Commit());
  return refused;
}

base::Status Pipeline::Drop(std::string_view id, const Actor& actor) {
  SW_TRY(const KeptLetter kept, FindLetter(id));
  ForgetLetter(kept, "deadletter.drop", actor);
  return Commit();
}

void Pipeline::ForgetLetter(const KeptLetter& kept, std::string kind, const Actor& actor) {
  MoveEngineTime();
  State& state = engine_.state();
  state.batch.Remove(ports::Family::kDeadLetter, kept.key);
  std::string before = DeadLetterLine(kept.letter);
  before.pop_back();  // the line break
  state.audit.Append(state.engine_time, actor, std::move(kind), kept.letter.id, std::move(before),
                     {});
}

}  // namespace stockwatch::flow
