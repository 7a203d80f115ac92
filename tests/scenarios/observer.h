#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/alert/episode_record.h"
#include "flow/pipeline.h"
#include "testing/answering_notifier.h"

namespace stockwatch::scenario {

// Takes every notice, so that the observer can see what was told.
class Ear : public testing::AnsweringNotifier {
 public:
  std::vector<outbox::Message> heard;
  std::size_t heard_ever = 0;

 protected:
  ports::Sent AnswerTo(const outbox::Row& row) override {
    heard.push_back(row.message);
    ++heard_ever;
    return Of(outbox::Outcome::kDelivered);
  }
};

// Says what a step of the pipeline did, by comparing the state before and after it. Reads only.
class Observer {
 public:
  Observer(ports::StateStore& store, Ear& ear) : store_(store), ear_(ear) {}

  // What happened since the last call, in the form of a scenario's expectations: transitions
  // (closed ones first, then by item and node, then by condition), then notices that are not those
  // of a transition, then what became of a change that was not applied. `line_seconds`: the time on
  // the axis; another one is written behind a transition.
  std::vector<std::string> Look(const flow::State& state, std::int64_t line_seconds, bool tick);

 private:
  struct Seen {
    std::uint32_t transitions = 0;
    alert::State state = alert::State::kOpen;
  };
  void LookAt(const alert::EpisodeRecord& episode, std::vector<std::string>& lines);
  std::string Opened(const alert::EpisodeRecord& episode) const;
  std::string At(base::Instant at) const;  // " at …" where it is another time than the line's
  std::string Fate(const flow::State& state);
  bool TakeNotice(const alert::EpisodeRecord& episode, alert::NoticeKind kind);

  ports::StateStore& store_;
  Ear& ear_;
  std::map<alert::EpisodeId, Seen> seen_;
  base::Instant now_;
  flow::ChangeCounts counts_;
  std::int64_t line_seconds_ = 0;
};

// The answer to a question: "" if all is as it says, else what is not. Forms:
//   W1/A on_hand 5 opened true     W1/A none
//   node global tea-dept/tea items 2        node global / items 2
//   alert low_stock W1/A now 5 worst 3 count 4 severity warning state open
std::string Answer(const flow::State& state, ports::StateStore& store, std::string_view question);

}  // namespace stockwatch::scenario
