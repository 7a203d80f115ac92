#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/mongo_source/fake_server.h"
#include "adapters/mongo_source/mongo_source.h"

// For tests: a source on a FakeServer, and what it gives.
namespace stockwatch::mongo_source {

// Until a test gives up; long, for a slow machine only.
inline constexpr std::chrono::seconds kPatience{60};

inline Options ShopOptions() {
  Options options;
  options.database = "shop";
  options.collections = {"inventory", "transactions", "thresholds"};
  options.snapshot = SnapshotWhen::kNever;
  options.snapshot_documents = 2;
  return options;
}

// `lines`: of snapshots.
inline std::unique_ptr<MongoSource> SourceOver(FakeServer& server, Options options = ShopOptions(),
                                               std::size_t lines = 0) {
  return MongoSource::Over(
      server.link(), std::move(options), [](Weight, auto, auto) {}, std::nullopt,
      std::vector<Link>(lines, server.link()));
}

// What a source gave: the tokens of live changes, the keys of documents that were read.
struct Seen {
  std::vector<std::string> names;
  std::vector<std::uint32_t> snapshot_ends;  // cluster seconds of their first reads
  std::optional<base::Error> error;
};

// Until so many came, or an error.
inline Seen ReadSome(MongoSource& source, std::size_t count) {
  Seen seen;
  ports::RawInput input;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (seen.names.size() < count && std::chrono::steady_clock::now() < until) {
    auto next = source.Read(input);
    if (!next.ok()) {
      seen.error = next.error();
      return seen;
    }
    if (next.value() == ports::Next::kNothingYet) {
      if (const auto since = source.TakeSnapshotEnd()) seen.snapshot_ends.push_back(since->seconds);
      std::this_thread::yield();
      continue;
    }
    const event::RawChange& change = input.change;
    if (input.reject) {
      seen.names.push_back(input.reject->message);
    } else if (input.placed) {
      seen.names.emplace_back(change.event.at(change.document_key).bytes);
    } else {
      seen.names.push_back(std::to_string(change.position.seconds - 1));
    }
  }
  return seen;
}

inline std::vector<std::string> Numbers(std::size_t from, std::size_t to) {
  std::vector<std::string> numbers;
  for (std::size_t i = from; i < to; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

inline Failure Broken() {
  return {FailureKind::kNetwork, 0, "connection closed", {}};
}

inline Failure Said(std::int32_t code) {
  return {FailureKind::kServer, code, "refused", {}};
}

}  // namespace stockwatch::mongo_source
