#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "job.h"

namespace stock_rmw_1 {

// What a kill and a power cut may take: D0 everything, D1 up to a second, D2 nothing that was
// acknowledged.
enum class Durability { kD0, kD1, kD2 };

struct Setup {
  Job job;
  Durability durability = Durability::kD0;
  std::uint32_t batch = 16'384;  // events of a group commit at most
  std::string folder;            // for the store's folders, which are made and deleted in it
  bool latencies = true;         // the open loop too, which takes 20 seconds more
};

// Of an open loop: from an event's time of arrival to the end of its commit.
struct Latency {
  double p50_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
};

// Figures of one run. Seconds are wall time; what nobody measured is null.
struct Figures {
  Setup setup;
  double seconds = 0;      // of all steps: decode, apply, judge, commit
  double cpu_seconds = 0;  // of the process in that time, the background's too
  double decode_seconds = 0;
  double core_seconds = 0;
  double images_seconds = 0;
  double journal_seconds = 0;
  double background_cpu_seconds = 0;
  double step_p50_ms = 0;
  double step_p99_ms = 0;
  std::optional<Latency> at_half;         // of the sustained rate
  std::optional<Latency> at_four_fifths;  // of it
  std::uint64_t rss_bytes = 0;            // without the events that were made beforehand
  // Resident memory of the opened items before the first event, tails included; without the history
  // rows, which a durable store keeps on disk.
  double bytes_per_item = 0;
  std::optional<double> bytes_per_event;   // written to disk
  std::optional<double> recovery_seconds;  // from a kill to the first change that can be taken
  std::optional<double> recovery_store_seconds;  // of it, until the store is open
  std::optional<std::uint64_t> disk_bytes;       // of the store when all is settled
  bool matches = false;
  std::string mismatch;  // the first one

  std::string Json() const;
  std::string Text() const;
};

// Runs the job and holds the result against the oracle; a durable one also after its recovery.
Figures Run(const Setup& setup);
// In memory and without the oracle: `matches` says nothing.
Figures RunOnly(const Job& job);

// The job's transaction document in BSON: the canonical document of mark T5.
std::string TransactionDocument(const Event& event);

}  // namespace stock_rmw_1
