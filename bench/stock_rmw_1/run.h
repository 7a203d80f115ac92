#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "job.h"

namespace stock_rmw_1 {

// Figures of one run in memory (durability class D0): what nobody measured is null.
struct Figures {
  Job job;
  double seconds = 0;         // wall time of all steps: decode, apply, judge, commit
  double cpu_seconds = 0;     // CPU time of the same
  double decode_seconds = 0;  // wall time from BSON to a change (mark T5)
  double core_seconds = 0;    // wall time of the part behind decoding, without commit (mark T1)
  double p50_ms = 0;          // of one step of 4,096 events
  double p99_ms = 0;
  std::uint64_t rss_bytes = 0;
  // Resident memory of the opened items before the first event, tails included; without the history
  // rows, which a durable store keeps on disk.
  double bytes_per_item = 0;
  bool matches = false;
  std::string mismatch;  // the first one

  std::string Json() const;
  std::string Text() const;
};

// Runs the job and holds the result against the oracle.
Figures Run(const Job& job);
// Without the oracle: `matches` says nothing.
Figures RunOnly(const Job& job);

// The job's transaction document in BSON: the canonical document of mark T5.
std::string TransactionDocument(const Event& event);

}  // namespace stock_rmw_1
