#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "domain/alert/episode_book.h"
#include "testing/stock_rows.h"

namespace stockwatch::testing {

// Findings of one condition of one subject.
inline alert::Finding Holds(std::int64_t value = 0, std::int64_t threshold = 0) {
  alert::Finding finding;
  finding.holds = true;
  finding.compared = {value, threshold};
  finding.severity = event::Severity::kWarning;
  return finding;
}
inline alert::Finding HeldFor(std::int64_t seconds, alert::Finding finding = Holds()) {
  finding.hold_for = base::Duration::Seconds(seconds);
  return finding;
}
inline alert::Finding Clears(std::int64_t value = 100) {
  alert::Finding finding;
  finding.clears = true;
  finding.compared = {value, 0};
  finding.severity = event::Severity::kWarning;
  return finding;
}
// Neither holds nor clears: inside the margin.
inline alert::Finding Between(std::int64_t value) {
  alert::Finding finding = Clears(value);
  finding.clears = false;
  return finding;
}
inline alert::Finding Off(alert::Cause cause) {
  alert::Finding finding;
  finding.off = true;
  finding.off_cause = cause;
  return finding;
}
inline alert::Finding WithSeverity(event::Severity severity, alert::Finding finding) {
  finding.severity = severity;
  return finding;
}

// An episode book with all that it stands on, and what it said last as text, such as
//   "opened low_stock, tell opened low_stock, hold low_stock @130".
class AlarmRoom {
 public:
  explicit AlarmRoom(alert::EpisodeOptions options = {})
      : book(options, {ledger, rollups, components, directory, names, silences}) {}

  // An item in department "d", brand "b".
  alert::Subject Item(const std::string& warehouse, const std::string& sku,
                      const std::string& category = "c") {
    const std::string& kept_warehouse = texts_.emplace_back(warehouse);
    const std::string& kept_sku = texts_.emplace_back(sku);
    const key::ItemIndex index = directory.Add(
        {event::WarehouseIdView::Trusted(kept_warehouse), event::SkuView::Trusted(kept_sku)});
    ledger.Start(index).group = Group(warehouse, category);
    return alert::Subject::OfItem(index);
  }
  // The category of a warehouse.
  alert::Subject Category(const std::string& warehouse, const std::string& category = "c") {
    return alert::Subject::OfNode(rollups.at(Group(warehouse, category)).parent);
  }
  // The same in the global tree.
  alert::Subject GlobalCategory(const std::string& category = "c") {
    const stock::NodeIndex group = Group("GB", category);
    return alert::Subject::OfNode(rollups.at(rollups.at(group).twin).parent);
  }

  struct Judgement {
    event::ConditionType type;
    alert::Finding finding;
  };
  // A change of the subject at that second.
  std::string Change(alert::Subject subject, std::uint32_t second,
                     const std::vector<Judgement>& judgements) {
    return Judge(subject, judgements, {Second(second), alert::Place::OfChange(At(second)), true});
  }
  // A rule or a timer of that second: nothing that counts.
  std::string Sweep(alert::Subject subject, std::uint32_t second,
                    const std::vector<Judgement>& judgements) {
    return Judge(subject, judgements,
                 {Second(second), alert::Place::OfChange(At(second, 2)), false});
  }
  std::string HoldTimer(alert::Subject subject, std::uint32_t second, const Judgement& judgement) {
    const base::Instant due = Second(second);
    book.OnHoldTimer(subject, judgement.type, judgement.finding,
                     {due, alert::Place::OfTimer(due, alert::TimerKind::kHold), false}, outcome);
    return Said();
  }
  std::string CloseTimer(alert::EpisodeIndex episode, std::uint32_t second) {
    const alert::Episode& closing = book.at(episode);
    book.OnCloseTimer(closing.subject, closing.type, Second(second), outcome);
    return Said();
  }
  std::string ResolveAll(alert::Subject subject, std::uint32_t second, alert::Cause cause) {
    book.ResolveAll(subject, cause, {Second(second), alert::Place::OfChange(At(second)), true},
                    outcome);
    book.FinishSubject(subject, Second(second), outcome);
    return Said();
  }
  // The outcome as text; empties it.
  std::string Said() {
    std::string text;
    const auto add = [&](const std::string& part) {
      if (!text.empty()) text += ", ";
      text += part;
    };
    const auto type = [&](alert::EpisodeIndex episode) {
      return " " + std::string(Name(book.at(episode).type));
    };
    for (const alert::Transition& transition : outcome.transitions) {
      std::string part = std::string(Name(transition.edge)) + type(transition.episode);
      if (transition.edge == alert::Edge::kResolved) {
        part += " " + std::string(Name(transition.cause));
      }
      add(part);
    }
    for (const alert::Notice& notice : outcome.notices) {
      add("tell " + std::string(Name(notice.kind)) + type(notice.episode));
    }
    for (const alert::TimerRequest& timer : outcome.timers) {
      const std::int64_t seconds = timer.due.micros() / 1'000'000;
      add(std::string(Name(timer.kind)) + " " + std::string(Name(timer.type)) + " @" +
          std::to_string(seconds));
    }
    last = outcome;
    outcome.Clear();
    return text;
  }

  static base::Instant Second(std::uint32_t second) { return base::Instant::Seconds(second); }

  key::NamePool names;
  key::ItemDirectory directory{names};
  KeptHistory history;
  stock::Ledger ledger{history, 100 * kDay};
  stock::RollUps rollups{names};
  alert::SilenceBook silences;
  alert::ComponentBook components;
  alert::EpisodeBook book;
  alert::Outcome outcome;
  alert::Outcome last;  // what Said told of

 private:
  stock::NodeIndex Group(const std::string& warehouse, const std::string& category) {
    const std::string& kept = texts_.emplace_back(category);
    return rollups.GroupOf(names.Intern(warehouse), {"d", kept, "b", "p"});
  }
  std::string Judge(alert::Subject subject, const std::vector<Judgement>& judgements,
                    const alert::Moment& moment) {
    for (const Judgement& judgement : judgements) {
      book.Judge(subject, judgement.type, judgement.finding, moment, outcome);
    }
    book.FinishSubject(subject, moment.now, outcome);
    return Said();
  }

  std::deque<std::string> texts_;
};

}  // namespace stockwatch::testing
