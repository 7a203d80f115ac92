#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/memory_store/memory_store.h"
#include "base/random.h"
#include "sim/world.h"
#include "testing/answering_notifier.h"

namespace stockwatch::sim {

// Where a process ends.
enum class Fault : std::uint8_t {
  kCommitLost,    // at a commit, of which nothing is kept
  kCommitKept,    // at a commit, after all of it was
  kNotSettled,    // behind a commit, before the source knows of it
  kWhileTelling,  // behind a notice that the receiver took
};
inline constexpr std::array<std::string_view, 4> kFaultNames{"commit_lost", "commit_kept",
                                                             "not_settled", "while_telling"};

struct CrashPoint {
  std::uint32_t commit = 0;  // number of the commit, from 1, over all lives of the process
  Fault fault{};
  std::uint32_t rewind = 0;  // the next process is given so many events again

  bool operator==(const CrashPoint&) const = default;
};

// Mistakes that a store or source might make, to see that they are found.
enum class Mutant : std::uint8_t {
  kNone,
  kHistoryRowLost,
  kRemoveSwallowed,
  kItemLost,
  kItemNameLost,
  kEpisodeLost,
  kOutboxRowLost,
  kTokensLost,
  kDepartedLost,
  kEngineLost,
  kNodeLost,
  kOldBatchReplayed,
  kBatchTorn,
  kPositionAhead,
};
inline constexpr std::uint8_t kMutants = 14;

// Delivers the events from a list, with pauses.
class Source : public ports::ChangeSource {
 public:
  struct Plan {
    std::uint32_t rewind = 0;
    Mutant mutant = Mutant::kNone;
    bool disturbed = false;  // pauses, and is away now and then
    std::uint64_t seed = 0;
  };
  Source(const World& world, const std::vector<Event>& events, Plan plan)
      : world_(world), events_(events), plan_(plan), random_(plan.seed) {}

  base::Result<ports::Next> Read(ports::RawInput& input) override;
  std::string Position() const override;
  base::Status Resume(std::string_view position) override;
  base::Status Acknowledge() override;

  std::uint32_t delivered() const { return next_; }
  bool cut_off = false;  // nothing reaches it any more

 private:
  const World& world_;
  const std::vector<Event>& events_;
  Plan plan_;
  base::Random random_;
  std::uint32_t next_ = 0;
};

// A memory store behind which the process can end. Survives it.
class Store : public ports::StateStore {
 public:
  Store(Mutant mutant, std::uint64_t seed) : mutant_(mutant), random_(seed) {}

  base::Status Commit(const ports::Batch& batch) override;
  base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) override {
    return memory_.ReadHistory(item, row);
  }
  base::Status ReadFamily(ports::Family family, const Record& record) override {
    return memory_.ReadFamily(family, record);
  }
  base::Status ReadRange(const Range& range, const RangeRecord& record) override {
    return memory_.ReadRange(range, record);
  }

  std::uint32_t commits() const { return commits_; }
  // What happens at that commit; nullopt: nothing bad.
  std::function<std::optional<Fault>(std::uint32_t commit)> fault_at;
  std::function<void()> on_kept;

 private:
  base::Status Keep(const ports::Batch& batch, bool torn);

  memory_store::MemoryStore memory_{memory_store::MemoryStore::Serves::kSeveralEngines};
  Mutant mutant_;
  base::Random random_;
  std::uint32_t commits_ = 0;
  std::string old_batch_;
};

// Takes notices; knows which of them may come again.
class Receiver : public testing::AnsweringNotifier {
 public:
  Receiver(bool disturbed, std::uint64_t seed) : disturbed_(disturbed), random_(seed) {}

  // Results of all that was delivered before are stored.
  void Settle();
  void Restart();
  // From now on it is there.
  void Calm() { disturbed_ = false; }
  // It takes one more row, and nobody hears of it.
  void CutOff() { cut_off_ = true; }

  const std::map<std::string, std::string>& taken() const { return taken_; }  // contents by key
  const std::string& broken() const { return broken_; }

 protected:
  ports::Sent AnswerTo(const outbox::Row& row) override;

 private:
  bool disturbed_;
  base::Random random_;
  bool cut_off_ = false;
  bool away_ = false;
  std::map<std::string, std::string> taken_;
  std::set<std::string> answered_;  // by this process, since the last commit
  std::set<std::string> settled_;
  std::string broken_;
};

}  // namespace stockwatch::sim
