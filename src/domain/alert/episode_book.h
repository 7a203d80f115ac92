#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/alert/condition.h"
#include "domain/alert/episode.h"
#include "domain/alert/episode_record.h"
#include "domain/key/item_directory.h"
#include "domain/stock/ledger.h"
#include "domain/stock/rollups.h"
#include "domain/stock/slab.h"

namespace stockwatch::alert {

using EpisodeIndex = std::uint32_t;

// One step of one episode, as it is recorded and counted.
struct Transition {
  EpisodeIndex episode = 0;
  Edge edge = Edge::kOpened;
  std::uint32_t number = 0;  // of the episode's transitions, from 0
  base::Instant at;
  Comparison compared;
  threshold::VersionIndex origin = threshold::kNoVersion;
  Cause cause = Cause::kCleared;  // of a resolve
};

// Something to be told: a transition that nothing holds back, or an opening whose mute has ended.
enum class NoticeKind : std::uint8_t { kOpened, kReopened, kResolved, kFlapping };
std::string_view Name(NoticeKind kind);
struct Notice {
  EpisodeIndex episode = 0;
  NoticeKind kind = NoticeKind::kOpened;
  std::uint32_t transition = 0;
  base::Instant at;
};

// A timer that the book asks for: of a hold, or of a close.
struct TimerRequest {
  base::Instant due;
  TimerKind kind = TimerKind::kHold;
  Subject subject;
  event::ConditionType type{};
};

// What one Judge, timer or command led to. The caller empties it.
struct Outcome {
  std::vector<Transition> transitions;
  std::vector<Notice> notices;
  std::vector<TimerRequest> timers;

  void Clear() {
    transitions.clear();
    notices.clear();
    timers.clear();
  }
};

// What judging one condition of one subject found, and when.
struct Finding {
  bool holds = false;
  bool clears = false;
  bool off = false;
  Cause off_cause = Cause::kRule;
  Comparison compared;
  event::Severity severity{};
  base::Duration hold_for;
  threshold::VersionIndex origin = threshold::kNoVersion;
};
struct Moment {
  base::Instant now;
  Place place;
  bool is_change = false;  // an applied change of the subject: it counts
};

struct EpisodeOptions {
  base::Duration reopen_window = base::Duration::Minutes(15);
  base::Duration flap_window = base::Duration::Minutes(60);  // kFlapOpenings openings within it
};

// Every episode and pending hold: the life of alerts from section 9 of the domain page. Judging
// goes condition by condition in the order of ConditionType; FinishSubject then says what may be
// told. One thread at a time.
class EpisodeBook {
 public:
  EpisodeBook(EpisodeOptions options, stock::Ledger& ledger, const stock::RollUps& rollups,
              const key::ItemDirectory& directory);

  // Asks for the memory that judging an item will touch.
  void Prefetch(const stock::Watched& watched) const {
    if (watched.first != stock::kNoSlab) __builtin_prefetch(&watches_[watched.first]);
  }

  // Moves the episode of `type` on `subject` along the edge that the finding asks for, if any.
  void Judge(Subject subject, event::ConditionType type, const Finding& finding,
             const Moment& moment, Outcome& outcome);
  // A change of the subject was applied after which the episode, judged elsewhere than by figures,
  // may still be open.
  void NoteChange(EpisodeIndex index);
  // Call once all conditions of the subject are judged: openings whose mute has ended are told.
  void FinishSubject(Subject subject, base::Instant now, Outcome& outcome);
  // Resolves every active episode of the subject and forgets its holds.
  void ResolveAll(Subject subject, Cause cause, const Moment& moment, Outcome& outcome);

  // The hold of a pending condition has passed (a timer that is out of date does nothing): the
  // finding is the subject's present one.
  void OnHoldTimer(Subject subject, event::ConditionType type, const Finding& finding,
                   const Moment& moment, Outcome& outcome);
  // The time in which a resolved episode of the condition could re-open has passed (a timer that is
  // out of date does nothing).
  void OnCloseTimer(Subject subject, event::ConditionType type, base::Instant now,
                    Outcome& outcome);
  // True if the condition is pending and its hold ends at or before `now`.
  bool HoldIsDue(Subject subject, event::ConditionType type, base::Instant now);

  // Commands. kAborted (409): there is no such edge from the episode's state; kNotFound: no such
  // episode.
  base::Status Acknowledge(const EpisodeId& id, base::Instant now, Outcome& outcome);
  base::Status Unacknowledge(const EpisodeId& id, base::Instant now, Outcome& outcome);
  // kAborted while the condition holds.
  base::Status ResolveManually(const EpisodeId& id, bool condition_holds, base::Instant now,
                               Outcome& outcome);

  // What the book keeps of a subject between its changes, as a record (docs/formats.md, Watches):
  // pending holds, and how active episodes have gone on since their last transition. Empty where
  // there is nothing.
  void EncodeWatches(Subject subject, std::string& out) const;
  // After a restart: first each episode that is not closed, then the watches of each subject.
  // REQUIRES: the subject has no such episode yet
  void Restore(const EpisodeRecord& record, Subject subject, threshold::VersionIndex origin);
  // kDataLoss: not of this subject.
  base::Status RestoreWatches(Subject subject, std::string_view record);
  // Calls back with each timer that pending holds and resolved episodes wait for.
  template <typename Each>
  void ForEachTimer(Each each) const {
    ForEachWatch([&](Subject subject, const Watch& watch) {
      if (watch.pending_since) {
        each(TimerRequest{*watch.pending_since + watch.hold_for, TimerKind::kHold, subject,
                          watch.type});
      }
      if (watch.episode && !episodes_[*watch.episode].active()) {
        each(TimerRequest{episodes_[*watch.episode].resolved_at + options_.reopen_window,
                          TimerKind::kClose, subject, watch.type});
      }
    });
  }
  // Nodes whose watches changed since the last call.
  std::vector<stock::NodeIndex> TakeTouchedNodes();
  // A closed episode leaves memory; its number may be given again. Nobody refers to it any more.
  void Release(EpisodeIndex closed);

  const Episode& at(EpisodeIndex index) const { return episodes_[index]; }
  // Episodes in memory.
  std::size_t size() const { return episodes_.size() - free_.size(); }
  // Calls back with each episode that is in memory, in no order that means anything.
  template <typename Each>
  void ForEach(Each each) const {
    for (EpisodeIndex index = 0; index < episodes_.size(); ++index) {
      if (!released_[index]) each(episodes_[index]);
    }
  }
  std::optional<EpisodeIndex> Find(const EpisodeId& id) const;
  // The active episode of that condition.
  std::optional<EpisodeIndex> Active(Subject subject, event::ConditionType type) const;
  // What mutes an active episode's notices now.
  std::optional<EpisodeIndex> MutedBy(const Episode& episode) const;

 private:
  // A pending hold and the episode of one condition of one subject, whichever of them there is.
  struct Watch {
    event::ConditionType type{};
    std::optional<base::Instant> pending_since;
    base::Duration hold_for;
    std::optional<EpisodeIndex> episode;  // not closed
    stock::SlabIndex next = stock::kNoSlab;
  };

  template <typename Each>
  void ForEachWatch(Each each) const {
    const auto chain = [&](Subject subject, const stock::Watched& watched) {
      for (auto i = watched.first; i != stock::kNoSlab; i = watches_[i].next) {
        each(subject, watches_[i]);
      }
    };
    for (key::ItemIndex i = 0; i < ledger_.size(); ++i) {
      chain(Subject::OfItem(i), ledger_.at(i).watched);
    }
    for (stock::NodeIndex i = 0; i < nodes_.size(); ++i) chain(Subject::OfNode(i), nodes_[i]);
  }

  EpisodeIndex NewEpisode();
  void Touch(Subject subject);
  stock::Watched& WatchedOf(Subject subject);
  const stock::Watched* FindWatched(Subject subject) const;
  Watch* FindWatch(const stock::Watched& watched, event::ConditionType type);
  Watch& WatchOf(stock::Watched& watched, event::ConditionType type);
  void Settle(stock::Watched& watched, event::ConditionType type);

  // True: it stays as it was.
  bool JudgeActive(Watch& watch, const Finding& finding, const Moment& moment, Outcome& outcome);
  void JudgeInactive(Subject subject, Watch& watch, const Finding& finding, const Moment& moment,
                     Outcome& outcome);
  void Open(Subject subject, Watch& watch, const Finding& finding, const Moment& moment,
            Outcome& outcome);
  void Resolve(Watch& watch, Cause cause, Comparison compared, base::Instant now, Outcome& outcome);
  void Close(Watch& watch, base::Instant now, Outcome& outcome);
  Transition& Record(EpisodeIndex index, Edge edge, base::Instant now, Outcome& outcome);
  void NoteOpening(Episode& episode, base::Instant now) const;
  void TellOpening(EpisodeIndex index, base::Instant now, Outcome& outcome);
  void RecheckBelow(base::Instant now, Outcome& outcome);

  EpisodeOptions options_;
  stock::Ledger& ledger_;
  const stock::RollUps& rollups_;
  const key::ItemDirectory& directory_;
  std::deque<Episode> episodes_;
  std::vector<bool> released_;             // by EpisodeIndex
  std::vector<EpisodeIndex> free_;         // released
  std::vector<stock::NodeIndex> touched_;  // nodes
  stock::Slab<Watch> watches_;
  std::deque<stock::Watched> nodes_;  // by NodeIndex
  std::set<EpisodeIndex> untold_;     // active, opening not told yet
};

}  // namespace stockwatch::alert
