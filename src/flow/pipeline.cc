#include "flow/pipeline.h"

#include <algorithm>

#include "domain/alert/episode_record.h"
#include "domain/event/dead_letter_record.h"
#include "domain/outbox/row_record.h"

namespace stockwatch::flow {

namespace {

void PutTouchedEpisodes(State& state) {
  auto& touched = state.touched_episodes;
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const alert::EpisodeIndex index : touched) {
    const alert::Episode& episode = state.episodes.at(index);
    std::string record;
    alert::EncodeEpisode(alert::ToRecord(episode, state.rollups, state.rules), record);
    state.batch.Put(ports::Family::kEpisode,
                    {reinterpret_cast<const char*>(episode.id.data()), episode.id.size()}, record);
  }
  touched.clear();
}

}  // namespace

Pipeline::Pipeline(const Options& options, decode::Options decode, Parts parts,
                   WriteChange write_redacted)
    : options_(options),
      parts_(parts),
      write_redacted_(std::move(write_redacted)),
      decoder_(std::move(decode)),
      engine_(options, parts.store),
      block_(kBlock) {
  if (parts.notifier != nullptr) delivery_.emplace(*parts.notifier);
}

base::Result<Pipeline::Stepped> Pipeline::Step() {
  ports::Next next = ports::Next::kInput;
  std::size_t taken = 0;
  while (next == ports::Next::kInput && taken < options_.batch_inputs_max) {
    const auto read = ReadBlock();
    engine_.Expect(std::span(block_).first(filled_));
    for (std::size_t i = 0; i < filled_; ++i) Take(block_[i]);
    taken += filled_;
    // What came before the source failed stays in the batch: it will not come again.
    if (!read.ok()) return read.error();
    next = read.value();
  }
  if (next == ports::Next::kEnd) engine_.FinishInput();
  SW_TRY_STATUS(Commit());
  SW_TRY_STATUS(parts_.source.Acknowledge());
  if (delivery_) delivery_->Step();
  if (next == ports::Next::kEnd) return Stepped::kEnded;
  return taken > 0 ? Stepped::kWorked : Stepped::kIdle;
}

base::Result<ports::Next> Pipeline::ReadBlock() {
  ports::Next next = ports::Next::kInput;
  for (filled_ = 0; filled_ < kBlock; ++filled_) {
    SW_TRY(next, parts_.source.Read(block_[filled_].input));
    if (next != ports::Next::kInput) break;
    Arrival& arrival = block_[filled_];
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
  engine_.Take(arrival, 0);
  if (letters.size() == before) return;
  if (!write_redacted_) {
    letters.back().bytes = arrival.input.bytes;
  } else if (!arrival.input.change.event.empty()) {
    decoder_.Redact(arrival.input.change);
    letters.back().bytes = write_redacted_(arrival.input.change);
  }
  // Of what could not be parsed nobody knows what it shows: nothing is kept where redaction is
  // configured.
}

// One batch: all that the taken inputs changed, or nothing of it.
base::Status Pipeline::Commit() {
  State& state = engine_.state();
  for (const event::DeadLetter& letter : state.dead_letters) {
    std::string record;
    event::EncodeDeadLetter(letter, record);
    // In the order in which they came.
    std::string number = std::to_string(state.dead_letters_kept++);
    number.insert(0, 20 - number.size(), '0');
    state.batch.Put(ports::Family::kDeadLetter, number, record);
  }
  for (const outbox::Row& row : state.outbox) {
    std::string record;
    outbox::EncodeRow(row, record);
    state.batch.Put(ports::Family::kOutbox, row.key, record);
  }
  PutTouchedEpisodes(state);
  // A commit that fails leaves the batch: the next one stores it, and puts nothing twice.
  if (delivery_) untold_.insert(untold_.end(), state.outbox.begin(), state.outbox.end());
  state.dead_letters.clear();
  state.outbox.clear();
  SW_TRY_STATUS(state.history.status());
  SW_TRY_STATUS(parts_.store.Commit(state.batch));
  if (delivery_) delivery_->Add(untold_);
  untold_.clear();
  state.rollups.Propagate();
  state.batch.Clear();
  return {};
}

}  // namespace stockwatch::flow
