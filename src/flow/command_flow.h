#pragma once

#include "domain/event/command.h"
#include "flow/command_memory.h"
#include "flow/component_flow.h"
#include "flow/item_flow.h"
#include "flow/node_flow.h"
#include "flow/state.h"

namespace stockwatch::flow {

enum class Commanded : std::uint8_t {
  kDone,
  kRepeated,  // it was done before: the same key said the same
};

// What people want of alerts and silences, and what follows when its time is over.
class CommandFlow {
 public:
  // Who knows whether a condition holds, by its kind of subject.
  struct Judges {
    ItemFlow& items;
    NodeFlow& nodes;
    const ComponentFlow& components;
  };
  CommandFlow(State& state, Judges judges) : state_(state), judges_(judges) {}

  // Does it, or changes nothing. kInvalidArgument: it cannot be meant; kNotFound: there is no such
  // alert or silence; kAborted: not from the alert's state, or it has moved on; kAlreadyExists: the
  // key said something else before, or there is a silence of that id; kResourceExhausted: a limit.
  base::Result<Commanded> Take(const event::Command& command);
  // Engine time has moved: what waited for it.
  void OnEngineTime();

  // After a restart.
  base::Status RestoreSilence(std::string_view record);
  base::Status RestoreCommand(std::string_view key, std::string_view record) {
    return memory_.Restore(key, record);
  }

 private:
  base::Status Do(const event::Command& command);
  base::Status DoToAlert(const event::CommandBody& body, const alert::Deed& deed);
  base::Status AddSilence(event::Silence silence, const event::Command& command);
  base::Status EndSilence(std::string_view id);
  alert::ConditionMask HoldsNow(alert::Subject subject) const;
  // Whether the condition of an active alert holds as things stand.
  alert::EpisodeBook::Condition ConditionOf(const alert::Episode& episode);

  // What it is about, as the audit log shows it; empty: there is nothing.
  std::string SubjectJson(const event::CommandBody& body) const;
  std::string AlertJson(alert::EpisodeIndex index) const;
  void Audit(const event::Command& command, std::string before);

  State& state_;
  Judges judges_;
  CommandMemory memory_;
  alert::Outcome outcome_;
};

}  // namespace stockwatch::flow
