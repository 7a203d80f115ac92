#pragma once

#include <utility>
#include <vector>

#include "ports/notifier.h"

namespace stockwatch::testing {

// A notifier whose receivers answer at once; the loop hears of it in its next step.
class AnsweringNotifier : public ports::Notifier {
 public:
  void Begin(const outbox::Row& row, std::uint64_t lease) override {
    answers_.push_back({lease, AnswerTo(row), base::Duration::Micros(1000)});
  }
  std::vector<Answer> TakeAnswers() override { return std::exchange(answers_, {}); }

 protected:
  virtual ports::Sent AnswerTo(const outbox::Row& row) = 0;

  static ports::Sent Of(outbox::Outcome outcome) {
    ports::Sent sent;
    sent.outcome = outcome;
    return sent;
  }

 private:
  std::vector<Answer> answers_;
};

}  // namespace stockwatch::testing
