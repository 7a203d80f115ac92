#pragma once

#include <cstdint>
#include <optional>

#include "adapters/mongo_source/remedy.h"
#include "adapters/mongo_source/stream_command.h"
#include "adapters/mongo_source/token.h"
#include "base/instant.h"
#include "base/random.h"

namespace stockwatch::mongo_source {

// What a reader of a stream does next.
enum class Turn : std::uint8_t {
  kOpen,     // at start(), after pause()
  kBack,     // the same, where it was before a seek
  kSmaller,  // the same, and ask for detail() of each event
  kLost,     // there is no way on from where it was: the policy says
  kStop,     // a person must act
};

struct Pauses {
  base::Duration first = base::Duration::Micros(250'000);
  base::Duration longest = base::Duration::Seconds(30);
};

// Of an answer of the server.
struct Timeouts {
  base::Duration usual = base::Duration::Seconds(10);
  base::Duration longest = base::Duration::Hours(1);
};

// Where a stream goes on, whatever happens to it: never anywhere but behind what was delivered.
// Pure but for its seeded generator.
class Course {
 public:
  // `older`: a place before `start`, for where the server does not know that one's token.
  Course(Start start, std::optional<Start> older, Pauses pauses, std::uint64_t seed,
         Timeouts timeouts = {});

  const Start& start() const { return start_; }
  // Before the next try: nothing after the first failure, then growing, each between the half and
  // the whole of its step.
  base::Duration pause() const { return pause_; }
  // Failures since something was read.
  std::uint32_t failures() const { return failures_; }

  // Of each answer, from the next opening on. A server looks through its oplog from the place to an
  // event or to the end within one answer, and begins anew when nobody waits for it any more: so an
  // opening that took too long gets twice the time, until the stream has caught up.
  base::Duration timeout() const { return timeout_; }
  // A reply had all there was. True: to be opened again, with the usual timeout. Where that one was
  // not enough to open a stream that had caught up, it is never asked for again.
  bool CaughtUp();

  Detail detail() const { return detail_; }
  // What was too large to be shown whole is delivered without its document.
  void Passed() { detail_ = Detail::kSmaller; }

  // The server did not find this token and shows its moment once more: the change comes again where
  // the history is the same. kNow: nothing is expected.
  const Start& expected() const { return expected_; }
  void MeetExpected() { expected_ = {}; }

  // Delivered up to here.
  void GoTo(Start start);
  // Somebody wants it to go on elsewhere; where the server refuses that, it is where it was.
  void Seek(Start start);
  // Works, and the place is one that the server has.
  void Follows();
  // The server gave a batch beyond the first, or one with events in it: it works again.
  void Works();

  Turn AfterOpen(const Failure& failure);
  Turn AfterMore(const Failure& failure, std::int32_t wire_version);
  // Of a snapshot: its time being gone only means to read anew.
  Turn AfterFind(const Failure& failure);

 private:
  void Allow(const Failure& failure);
  Turn Take(Remedy remedy);
  Turn Back();
  Turn Less();
  Turn OtherToken();
  Turn OtherPipeline();
  void Wait();

  Start start_;
  std::optional<Start> older_;
  std::optional<Start> before_seek_;  // until the server has taken what was sought
  Start expected_;
  Pauses pauses_;
  base::Random random_;
  base::Duration pause_;
  std::uint32_t failures_ = 0;
  Timeouts timeouts_;
  base::Duration timeout_;
  enum class Shortening : std::uint8_t { kMay, kTried, kNever };
  Shortening shortening_ = Shortening::kMay;
  Detail detail_ = Detail::kAll;
};

}  // namespace stockwatch::mongo_source
