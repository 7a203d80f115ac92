#pragma once

#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "domain/alert/condition.h"
#include "domain/alert/episode.h"
#include "domain/alert/episode_record.h"
#include "domain/alert/silence_book.h"
#include "domain/key/item_directory.h"
#include "domain/key/name_pool.h"
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
  Place place;                    // of what led to it; of a command: of none
};

// Something to be told: a transition that nothing holds back, or an opening whose mute has ended.
// A reminder says that a snooze has ended and the alert, told before, is still open.
enum class NoticeKind : std::uint8_t { kOpened, kReopened, kResolved, kFlapping, kReminder };
std::string_view Name(NoticeKind kind);
struct Notice {
  EpisodeIndex episode = 0;
  NoticeKind kind = NoticeKind::kOpened;
  std::uint32_t transition = 0;
  base::Instant at;
  std::uint32_t occurrence = 0;  // of telling this transition: above 0 for reminders
};

// What holds the notices of an episode back; several may at once.
struct HeldBack {
  std::optional<EpisodeIndex> muted_by;  // a stronger alert
  std::optional<base::Instant> snoozed_until;
  const event::Silence* silenced_by = nullptr;

  bool any() const { return muted_by || snoozed_until || silenced_by != nullptr; }
};

// An opening that was not told, and why.
struct HeldOpening {
  EpisodeIndex episode = 0;
  base::Instant at;
  HeldBack held;
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
  std::vector<HeldOpening> held;    // valid until the book or the silences change
  std::vector<EpisodeIndex> noted;  // whose notes changed by themselves
  std::vector<TimerRequest> timers;

  void Clear() {
    transitions.clear();
    notices.clear();
    held.clear();
    noted.clear();
    timers.clear();
  }
};

// What judging one condition of one subject found, and when.
struct Finding {
  bool holds = false;
  bool clears = false;
  bool off = false;
  Cause off_cause = Cause::kRule;
  std::optional<Comparison> compared;  // nullopt: an open alert keeps its figures
  event::Severity severity{};
  base::Duration hold_for;
  threshold::VersionIndex origin = threshold::kNoVersion;
};
struct Moment {
  base::Instant now;
  Place place;
  bool is_change = false;  // an applied change of the subject: it counts
};

// What somebody does about an episode.
struct Deed {
  base::Instant now;         // source time
  base::Instant engine_now;  // engine time
  std::string author;
  std::optional<std::uint32_t> seen = {};  // transitions when the author looked; nullopt: any
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
  // What it stands on; all of it outlives the book.
  struct Ground {
    stock::Ledger& ledger;
    const stock::RollUps& rollups;
    const ComponentBook& components;
    const key::ItemDirectory& directory;
    const key::NamePool& names;
    const SilenceBook& silences;
  };
  EpisodeBook(EpisodeOptions options, const Ground& ground);

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
  // Call once all conditions of the subject are judged: openings that nothing holds back any more
  // are told.
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

  // Commands. kAborted (409): there is no such edge from the episode's state, or it has moved on
  // since the author looked; kNotFound: no such episode, or it is closed.
  base::Status Acknowledge(const EpisodeId& id, const Deed& deed, Outcome& outcome);
  base::Status Unacknowledge(const EpisodeId& id, const Deed& deed, Outcome& outcome);
  // kAborted while the condition holds.
  enum class Condition : std::uint8_t { kHolds, kDoesNot };
  base::Status ResolveManually(const EpisodeId& id, Condition condition, const Deed& deed,
                               Outcome& outcome);
  // kInvalidArgument: `until` has passed, or is more than kSnoozeMax away.
  static constexpr base::Duration kSnoozeMax = base::Duration::Days(366);
  base::Status Snooze(const EpisodeId& id, base::Instant until, const Deed& deed);
  // kAborted: it is not snoozed.
  base::Status Unsnooze(const EpisodeId& id, const Deed& deed, Outcome& outcome);
  // kResourceExhausted: it has Notes::kCommentsMax.
  base::Status Comment(const EpisodeId& id, std::string_view text, const Deed& deed);
  base::Status Assign(const EpisodeId& id, std::string_view assignee, const Deed& deed);

  // Engine time has come so far: what was held back until then is told.
  void MoveEngineTime(base::Instant engine_now, base::Instant now, Outcome& outcome);
  // Silences were added or ended.
  void SilencesChanged(base::Instant now, Outcome& outcome);

  // What the book keeps of a subject between its changes, as a record (docs/formats.md, Watches):
  // pending holds, and how active episodes have gone on since their last transition. Empty where
  // there is nothing.
  void EncodeWatches(Subject subject, std::string& out) const;
  // After a restart: first each episode that is not closed, then the watches of each subject.
  // REQUIRES: the subject has no such episode yet
  void Restore(const EpisodeRecord& record, Subject subject, threshold::VersionIndex origin);
  // Then, before anything else: nothing is told by it.
  void StartEngineTime(base::Instant engine_now);
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
  // Calls back with each episode that is in memory and its notes (nullptr: none), in no order that
  // means anything.
  template <typename Each>
  void ForEach(Each each) const {
    for (EpisodeIndex index = 0; index < episodes_.size(); ++index) {
      if (!released_[index]) each(episodes_[index], FindNotes(index));
    }
  }
  // The same by their numbers.
  template <typename Each>
  void ForEachIndex(Each each) const {
    for (EpisodeIndex index = 0; index < episodes_.size(); ++index) {
      if (!released_[index]) each(index);
    }
  }
  struct Age {
    base::Instant opened_at;
    EpisodeId id{};
    // Newest first; those of one moment by their ids.
    bool operator<(const Age& other) const {
      return std::tie(other.opened_at, id) < std::tie(opened_at, other.id);
    }
  };
  // Newest first, behind `behind` if it is given, until `each` says false.
  template <typename Each>
  void ForEachByAge(const std::optional<Age>& behind, Each each) const {
    for (auto at = behind ? by_age_.upper_bound(*behind) : by_age_.begin(); at != by_age_.end();
         ++at) {
      if (!each(episodes_[at->second], FindNotes(at->second))) return;
    }
  }
  std::optional<EpisodeIndex> Find(const EpisodeId& id) const;
  // The active episode of that condition.
  std::optional<EpisodeIndex> Active(Subject subject, event::ConditionType type) const;
  // The one that is resolved and may re-open.
  std::optional<EpisodeIndex> Resolved(Subject subject, event::ConditionType type) const;
  // When the pending condition will open; nullopt: it is not pending.
  std::optional<base::Instant> OpensAt(Subject subject, event::ConditionType type) const;
  // What holds an active episode's notices back now. `flapping` is the episode's own.
  HeldBack HeldBackBy(EpisodeIndex index) const;
  // nullptr: nobody did anything.
  const Notes* FindNotes(EpisodeIndex index) const;
  // What happened to it, for those who ask later.
  void AddFact(EpisodeIndex index, const Fact& fact) { episodes_[index].timeline.Add(fact); }
  // There is somebody who is told of it: of its opening, or whatever came since.
  void NoteReached(EpisodeIndex index) { episodes_[index].reached = true; }

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
    for (ComponentIndex i = 0; i < watched_components_.size(); ++i) {
      chain(Subject::OfComponent(i), watched_components_[i]);
    }
  }

  std::string TextOf(Subject subject) const;
  // Those of components go by engine time, as there is no change that they stand beside.
  base::Instant TimeOf(const Episode& episode, base::Instant source_now) const {
    return episode.subject.kind == Subject::Kind::kComponent ? engine_now_ : source_now;
  }
  // An id is a hash already.
  struct HashOfId {
    std::size_t operator()(const EpisodeId& id) const {
      std::size_t hash = 0;
      std::memcpy(&hash, id.data(), sizeof hash);
      return hash;
    }
  };
  EpisodeIndex NewEpisode();
  // It has its id and the time of its opening, which never change.
  void Enlist(EpisodeIndex index);
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
  void Resolve(Watch& watch, Cause cause, Comparison compared, const Moment& moment,
               Outcome& outcome);
  void Close(Watch& watch, const Moment& moment, Outcome& outcome);
  Transition& Record(EpisodeIndex index, Edge edge, const Moment& moment, Outcome& outcome);
  void NoteOpening(Episode& episode, base::Instant now) const;
  void TellOpening(EpisodeIndex index, base::Instant now, Outcome& outcome);
  std::optional<EpisodeIndex> MutedBy(const Episode& episode) const;
  std::optional<EpisodeIndex> SilentSource() const;
  // Tells what waits and is no longer held back, what opened first before the rest.
  void TellWaiting(std::vector<EpisodeIndex> waiting, base::Instant now, Outcome& outcome);
  void TellUnsnoozed(base::Instant now, Outcome& outcome);
  void SetNextTurn();
  // The episode that a command is about, once the command may be taken.
  base::Result<EpisodeIndex> FindFor(const EpisodeId& id, const Deed& deed) const;
  base::Result<EpisodeIndex> FindFor(const EpisodeId& id, Edge edge, const Deed& deed) const;

  EpisodeOptions options_;
  stock::Ledger& ledger_;
  const stock::RollUps& rollups_;
  const ComponentBook& components_;
  const key::ItemDirectory& directory_;
  const key::NamePool& names_;
  const SilenceBook& silences_;
  std::deque<Episode> episodes_;
  std::map<Age, EpisodeIndex> by_age_;                           // in memory
  std::unordered_map<EpisodeId, EpisodeIndex, HashOfId> by_id_;  // in memory
  std::vector<bool> released_;                                   // by EpisodeIndex
  std::vector<EpisodeIndex> free_;                               // released
  std::vector<stock::NodeIndex> touched_;                        // nodes
  stock::Slab<Watch> watches_;
  std::deque<stock::Watched> nodes_;               // by NodeIndex
  std::deque<stock::Watched> watched_components_;  // by ComponentIndex
  std::set<EpisodeIndex> untold_;                  // active, opening not told yet
  std::map<EpisodeIndex, Notes> notes_;
  base::Instant engine_now_;
  // When a snooze or a silence begins or ends next.
  std::optional<base::Instant> next_turn_;
};

}  // namespace stockwatch::alert
