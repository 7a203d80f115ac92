#pragma once

#include <chrono>

#include "adapters/mongo_source/mongo_source.h"
#include "app/health.h"
#include "app/log.h"

namespace stockwatch::app {

// Tells log and readiness how a MongoDB source is. One thread, that of Read.
class MongoTeller {
 public:
  using Clock = std::chrono::steady_clock;

  // All must outlive it. `options`: those of the source.
  MongoTeller(const mongo_source::MongoSource& source, const mongo_source::Options& options,
              Log& log, Health& health);

  // To be called now and then; `status`: of the source now.
  void Tell(const mongo_source::Status& status, Clock::time_point now);

 private:
  void TellOfSilence(const mongo_source::Status& status, Clock::time_point now);
  void TellOfHeadroom(const std::optional<std::string>& trouble);
  void Beat(Clock::time_point now);

  const mongo_source::MongoSource& source_;
  const mongo_source::Options& options_;
  Log& log_;
  Health& health_;
  bool silent_ = false;
  bool oplog_runs_out_ = false;
  Clock::time_point beat_at_ = Clock::now();
};

}  // namespace stockwatch::app
