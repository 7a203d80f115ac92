#include "adapters/mongo_source/oplog_watch.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Who may not read the oplog is asked again now and then: the role may be granted.
constexpr std::chrono::minutes kRefused{10};
// While nobody knows yet where the stream is.
constexpr std::chrono::milliseconds kNoPlace{250};

std::int64_t WallMillis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

OplogWatch::OplogWatch(Link local, Progress& progress, base::Duration interval)
    : local_(std::move(local)), progress_(progress), interval_(interval.micros()) {}

void OplogWatch::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Status status = progress_.Get();
    // Not before the reader was let in, as one that waits in vain was: a password that is wrong is
    // tried once. Of one that is paused from its start on nobody else would ask.
    const bool let_in =
        status.replies > 0 || status.reopened[static_cast<std::size_t>(Cause::kTimeout)] > 0;
    const bool begun = status.place_time != 0 && (let_in || status.phase == Phase::kPaused);
    if (begun) Look();
    const auto pause = begun ? interval_ : std::min<std::chrono::microseconds>(interval_, kNoPlace);
    wake_.wait_for(lock, stop, pause, [] { return false; });
  }
}

void OplogWatch::Look() {
  const auto now = SteadyClock::now();
  if (now < next_look_) return;
  if (!reached_) reached_ = std::holds_alternative<Server>(local_.select());
  reached_ = reached_ && LookAtServer();
  if (reached_) {
    if (now >= next_ask_) LookAtOplog(now);
    return;
  }
  const auto guess = headroom_.Guess(now);
  progress_.Set([&](Status& status) {
    if (!guess) return;
    status.oplog_headroom = guess->seconds;
    status.oplog_lost_in = guess->lost_in;
  });
}

// Its clock and its cluster time. False: it does not answer.
bool OplogWatch::LookAtServer() {
  const std::int64_t asked = WallMillis();
  const Answer hello = local_.send(bson::DocumentWriter().Int32("hello", 1).Finish());
  if (hello.failure) {
    if (hello.failure->kind == FailureKind::kAuthentication) {
      next_look_ = SteadyClock::now() + kRefused;
    }
    return false;
  }
  const std::int64_t middle = asked + (WallMillis() - asked) / 2;
  const auto time = bson::Find(hello.bytes, "localTime");
  const auto operation = bson::Find(hello.bytes, "operationTime");
  progress_.Set([&](Status& status) {
    if (time && time->type == bson::Type::kDate) {
      status.clock_ahead_ms = base::ByteReader(time->value).Take<std::int64_t>() - middle;
    }
    if (!operation) return;
    status.operation_time = std::max(status.operation_time, operation->Timestamp().value_or(0));
    status.operation_time_read = std::chrono::steady_clock::now();
  });
  return true;
}

void OplogWatch::LookAtOplog(SteadyClock::time_point now) {
  const auto first = EndOfOplog(local_, 1);
  if (const auto* failure = std::get_if<Failure>(&first)) {
    reached_ = false;
    if (failure->kind == FailureKind::kNetwork) return;
    next_ask_ = now + kRefused;
    progress_.Set([](Status& status) {
      status.oplog_headroom.reset();
      status.oplog_lost_in.reset();
    });
    return;
  }
  const auto seconds = [](std::uint64_t time) { return static_cast<std::int64_t>(time >> 32); };
  progress_.Set([&](Status& status) {
    const auto reach =
        headroom_.Note(seconds(std::get<std::uint64_t>(first)), seconds(status.place_time), now);
    status.oplog_headroom = reach.seconds;
    status.oplog_lost_in = reach.lost_in;
  });
}

}  // namespace stockwatch::mongo_source
