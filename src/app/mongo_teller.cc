#include "app/mongo_teller.h"

#include <utility>

#include "app/mongo.h"

namespace stockwatch::app {

MongoTeller::MongoTeller(const mongo_source::MongoSource& source,
                         const mongo_source::Options& options, Log& log, Health& health)
    : source_(source), options_(options), log_(log), health_(health) {}

void MongoTeller::Tell(const mongo_source::Status& status, Clock::time_point now) {
  TellOfSilence(status, now);
  const auto headroom = HeadroomTroubleOf(status, options_.headroom_min);
  TellOfHeadroom(headroom);
  // Nothing is lost yet where it is silent; here it will be.
  health_.SetSource(headroom ? headroom : TroubleOf(status, options_.heartbeat, now));
  Beat(now);
}

void MongoTeller::TellOfSilence(const mongo_source::Status& status, Clock::time_point now) {
  const bool silent = IsSilent(status, options_.heartbeat, now);
  if (silent == std::exchange(silent_, silent)) return;
  if (silent) {
    log_.Write(LogLevel::kError, "source_silent",
               "the source shows no progress for three heartbeats");
  } else {
    log_.Write(LogLevel::kInfo, "source_moves", "the source shows progress again");
  }
}

void MongoTeller::TellOfHeadroom(const std::optional<std::string>& trouble) {
  if (trouble.has_value() == std::exchange(oplog_runs_out_, trouble.has_value())) return;
  if (trouble) {
    log_.Write(LogLevel::kError, "oplog_headroom", *trouble);
  } else {
    log_.Write(LogLevel::kInfo, "oplog_headroom_back",
               "the oplog reaches back behind the place for long enough again");
  }
}

void MongoTeller::Beat(Clock::time_point now) {
  if (now - beat_at_ < std::chrono::microseconds(options_.heartbeat_log.micros())) return;
  beat_at_ = now;
  const SourceBeat beat = BeatOf(source_);
  const auto write = [&](const LogField& headroom) {
    log_.Write(LogLevel::kInfo, "heartbeat", "the source is followed",
               {{"phase", beat.phase},
                {"trouble", beat.trouble},
                {"start", beat.start},
                {"place_time_seconds", beat.place_time},
                {"behind_seconds", beat.behind},
                {"changes", beat.changes},
                {"queue_bytes", source_.queue_bytes()},
                headroom});
  };
  beat.headroom ? write({"oplog_headroom_seconds", *beat.headroom})
                : write({"oplog_headroom_known", false});
}

}  // namespace stockwatch::app
