#include "sim/faults.h"

#include <algorithm>

#include "domain/outbox/row_record.h"
#include "flow/keys.h"

namespace stockwatch::sim {
namespace {

using base::Code;
using base::Error;
using ports::Family;

Error Away(std::string what) {
  return {Code::kUnavailable, std::move(what)};
}

std::optional<Family> LostFamily(Mutant mutant) {
  switch (mutant) {
    case Mutant::kItemLost:
      return Family::kItem;
    case Mutant::kItemNameLost:
      return Family::kItemName;
    case Mutant::kEpisodeLost:
      return Family::kEpisode;
    case Mutant::kOutboxRowLost:
      return Family::kOutbox;
    case Mutant::kTokensLost:
      return Family::kTokens;
    case Mutant::kDepartedLost:
      return Family::kDeparted;
    case Mutant::kEngineLost:
      return Family::kEngine;
    case Mutant::kNodeLost:
      return Family::kNode;
    default:
      return std::nullopt;
  }
}

// Writes a batch as a store with the mutant's mistake would have it.
class Mistake : public ports::BatchReader {
 public:
  Mistake(Mutant mutant, base::Random& random) : mutant_(mutant), random_(random) {}

  void OnPut(Family family, std::string_view key, std::string_view record) override {
    if (family == LostFamily(mutant_) && Errs()) return;
    out.Put(family, key, record);
    Cut();
  }
  void OnRemove(Family family, std::string_view key) override {
    if (mutant_ == Mutant::kRemoveSwallowed && Errs()) return;
    out.Remove(family, key);
    Cut();
  }
  void OnHistory(std::uint32_t item, base::Position position, std::string_view record) override {
    if (mutant_ == Mutant::kHistoryRowLost && Errs()) return;
    out.AppendHistory(item, position, record);
    Cut();
  }
  void OnForget(std::uint32_t item) override { out.Forget(item); }

  ports::Batch out;
  ports::Batch first_half;
  std::size_t half = 0;  // bytes

 private:
  bool Errs() { return random_.Chance(1, 3); }
  void Cut() {
    if (out.bytes().size() <= half) first_half = out;
  }

  Mutant mutant_;
  base::Random& random_;
};

}  // namespace

base::Result<ports::Next> Source::Read(ports::RawInput& input) {
  input.Clear();
  if (plan_.disturbed && random_.Chance(1, 2000)) return Away("the source is away");
  if (next_ == events_.size()) return ports::Next::kEnd;
  if (plan_.disturbed && world_.pause_one_in > 0 && random_.Chance(1, world_.pause_one_in)) {
    return ports::Next::kNothingYet;
  }
  Fill(world_, events_[next_++], input);
  return ports::Next::kInput;
}

std::string Source::Position() const {
  return flow::NumberKey(next_ + (plan_.mutant == Mutant::kPositionAhead && next_ > 0 ? 1 : 0));
}

base::Status Source::Resume(std::string_view position) {
  const std::uint32_t at = flow::NumberOf(position);
  next_ = std::min(at - std::min(at, plan_.rewind), static_cast<std::uint32_t>(events_.size()));
  return {};
}

base::Status Source::Acknowledge() {
  if (cut_off) return Away("the process has ended");
  return {};
}

base::Status Store::Commit(const ports::Batch& batch) {
  const auto fault = fault_at(++commits_);
  if (fault == Fault::kCommitLost) return Away("the process has ended");
  SW_TRY_STATUS(Keep(batch, mutant_ == Mutant::kBatchTorn && fault == Fault::kCommitKept));
  on_kept();
  if (fault == Fault::kCommitKept) return Away("the process has ended");
  return {};
}

base::Status Store::Keep(const ports::Batch& batch, bool torn) {
  if (mutant_ == Mutant::kNone) return memory_.Commit(batch);
  Mistake mistake(mutant_, random_);
  mistake.half = batch.bytes().size() / 2;
  SW_TRY_STATUS(ports::ReadBatch(batch.bytes(), mistake));
  SW_TRY_STATUS(memory_.Commit(torn ? mistake.first_half : mistake.out));
  if (mutant_ != Mutant::kOldBatchReplayed || !random_.Chance(1, 8)) return {};
  if (!old_batch_.empty()) {
    Mistake replay(Mutant::kNone, random_);
    SW_TRY_STATUS(ports::ReadBatch(old_batch_, replay));
    SW_TRY_STATUS(memory_.Commit(replay.out));
  }
  old_batch_ = batch.bytes();
  return {};
}

ports::Sent Receiver::AnswerTo(const outbox::Row& row) {
  if (away_ || (disturbed_ && random_.Chance(1, 20))) return Of(outbox::Outcome::kUnknown);
  std::string content;
  outbox::EncodeRow(row, content);
  const auto [known, first] = taken_.emplace(row.key, content);
  if (known->second != content) broken_ = "notice " + row.key + " came with two contents";
  if (!first && (answered_.contains(row.key) || settled_.contains(row.key))) {
    broken_ = "notice " + row.key + " came again though its result was known";
  }
  if (cut_off_) away_ = true;
  if (away_ || (disturbed_ && random_.Chance(1, 50))) return Of(outbox::Outcome::kUnknown);
  answered_.insert(row.key);
  return Of(outbox::Outcome::kDelivered);
}

void Receiver::Settle() {
  settled_.merge(answered_);
  answered_.clear();
}

void Receiver::Restart() {
  answered_.clear();
  cut_off_ = away_ = false;
}

}  // namespace stockwatch::sim
