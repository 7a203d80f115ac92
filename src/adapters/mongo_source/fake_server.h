#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mongo_source/link.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {

// For tests: a server of one database without a network. It has documents and a log of changes, of
// which the one at place i has the cluster time i + 1 seconds; a failure can be put before any
// command. Its members are set before a source reads from it; what a test changes meanwhile has a
// function.
class FakeServer {
 public:
  static constexpr std::int64_t kCursor = 7;
  // Asked before each command, while nothing else is: number (from 0) and name.
  using Fail = std::function<std::optional<Failure>(std::size_t number, std::string_view name)>;

  // Ids. A filter is {part: text}, which lets those through with it, {_id: {$ne: id}}, or $and of
  // both.
  std::vector<std::string> inventory;
  std::int64_t reply_documents_max = 1'000'000;  // of a find: as if it had become too large
  std::uint32_t batch = 3;
  std::string replica_set = "rs";
  std::function<std::int64_t()> wall_time;  // of its changes, milliseconds; empty: it says none

  // What it refers to lives longer than the source.
  void FailWith(Fail fail) {
    const std::lock_guard lock(mutex_);
    fail_ = std::move(fail);
  }
  // Of the next find.
  void ReadAt(std::uint64_t time) {
    const std::lock_guard lock(mutex_);
    read_time_ = time;
  }
  void Insert(std::size_t changes) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < changes; ++i) log_.emplace_back("insert");
  }
  void Invalidate() {
    const std::lock_guard lock(mutex_);
    log_.emplace_back("invalidate");
  }
  std::vector<std::string> Asked(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const std::string& command : asked_) {
      if (NameOf(command) == name) found.push_back(command);
    }
    return found;
  }

  Link link() {
    return {[this]() -> std::variant<Server, Failure> { return Server{21, replica_set}; },
            [this](std::string_view command) { return Take(command); }};
  }
  // To a member of the replica set that lags: its reads are of that time.
  Link LinkThatLags(std::uint64_t time) {
    return {link().select, [this, time](std::string_view command) {
              const std::lock_guard lock(mutex_);
              const std::uint64_t now = std::exchange(read_time_, time);
              Answer answer = TakeOne(command);
              read_time_ = now;
              return answer;
            }};
  }

  static std::string Token(std::size_t place) {
    char text[32];
    std::snprintf(text, sizeof text, "82%08zX%08X", place + 1, 1u);
    return bson::DocumentWriter().Text("_data", text).Finish();
  }
  static std::string_view NameOf(std::string_view command) {
    bson::Elements elements(command);
    bson::Element first;
    elements.Next(first);
    return first.name;
  }

 private:
  Answer Take(std::string_view command) {
    const std::lock_guard lock(mutex_);
    return TakeOne(command);
  }
  Answer TakeOne(std::string_view command) {
    asked_.emplace_back(command);
    const std::string_view name = NameOf(command);
    if (fail_) {
      if (auto failure = fail_(asked_.size() - 1, name)) return {{}, std::move(failure)};
    }
    if (name == "killCursors") return {bson::DocumentWriter().Double("ok", 1).Finish(), {}};
    if (name == "count") {
      return {bson::DocumentWriter().Int64("n", CountOf(command)).Double("ok", 1).Finish(), {}};
    }
    if (name == "find") return {Find(command), std::nullopt};
    if (name == "aggregate") {
      next_ = StartOf(command);
      return {Reply("firstBatch", 0), std::nullopt};
    }
    return {Reply("nextBatch", batch), std::nullopt};
  }

  std::int64_t CountOf(std::string_view command) const {
    const bool ours = bson::Find(command, "count")->Text() == "inventory";
    return ours ? static_cast<std::int64_t>(inventory.size()) : 0;
  }

  // The place of the first change that the stream shows.
  std::size_t StartOf(std::string_view command) const {
    const auto pipeline = bson::Find(command, "pipeline");
    const auto stage =
        bson::Find(*bson::Find(*pipeline->Array(), "0")->Document(), "$changeStream");
    for (const std::string_view kind : {"resumeAfter", "startAfter"}) {
      const auto token = bson::Find(*stage->Document(), kind);
      if (!token) continue;
      std::size_t place = 0;
      while (place < log_.size() && Token(place) != token->Document()) ++place;
      return place + 1;
    }
    if (const auto time = bson::Find(*stage->Document(), "startAtOperationTime")) {
      const auto seconds = static_cast<std::size_t>(*time->Timestamp() >> 32);
      return seconds > 0 ? std::min(seconds - 1, log_.size()) : 0;
    }
    return 0;
  }

  std::string Event(std::size_t place) const {
    bson::DocumentWriter writer;
    writer.Document("_id", Token(place)).Text("operationType", log_[place]);
    writer.Timestamp("clusterTime", std::uint64_t{place + 1} << 32 | 1);
    if (wall_time) writer.Date("wallTime", wall_time());
    if (log_[place] == "invalidate") return writer.Finish();
    writer.BeginDocument("ns").Text("db", "shop").Text("coll", "inventory").End();
    writer.BeginDocument("documentKey").Int64("_id", static_cast<std::int64_t>(place)).End();
    writer.BeginDocument("fullDocument").Int64("_id", static_cast<std::int64_t>(place)).End();
    return writer.Finish();
  }

  std::string Reply(std::string_view name, std::size_t most) {
    bson::DocumentWriter writer;
    writer.BeginDocument("cursor").BeginArray(name);
    std::int64_t cursor = kCursor;
    for (std::size_t i = 0; i < most && next_ < log_.size() && cursor != 0; ++i, ++next_) {
      writer.Document({}, Event(next_));
      if (log_[next_] == "invalidate") cursor = 0;
    }
    writer.End().Int64("id", cursor);
    if (next_ > 0) writer.Document("postBatchResumeToken", Token(next_ - 1));
    writer.End().Timestamp("operationTime", std::uint64_t{next_ + 1} << 32);
    return writer.Finish();
  }

  std::string Find(std::string_view command) {
    bson::DocumentWriter writer;
    writer.BeginDocument("cursor").BeginArray("firstBatch");
    std::int64_t given = 0;
    if (bson::Find(command, "find")->Text() == "inventory") {
      const auto from = IdIn(command, "min");
      const auto to = IdIn(command, "max");
      const auto filter = bson::Find(command, "filter");
      const auto skip = bson::Find(command, "skip");
      std::int64_t skipped = skip ? *skip->Whole() : 0;
      std::int64_t left = *bson::Find(command, "limit")->Whole();
      for (const std::string& id : inventory) {
        if ((from && id < *from) || (to && id >= *to)) continue;
        if (filter && !LetsThrough(*filter->Document(), id)) continue;
        if (skipped-- > 0 || left-- <= 0) continue;
        if (given++ == reply_documents_max) break;
        writer.BeginDocument({}).Text("_id", id).End();
      }
    }
    writer.End().Int64("id", given > reply_documents_max ? kCursor : 0);
    writer.Timestamp("atClusterTime", read_time_++).End();
    return writer.Finish();
  }

  static bool LetsThrough(std::string_view filter, const std::string& id) {
    if (const auto both = bson::Find(filter, "$and")) {
      return LetsThrough(*bson::Find(*both->Array(), "0")->Document(), id) &&
             LetsThrough(*bson::Find(*both->Array(), "1")->Document(), id);
    }
    if (const auto part = bson::Find(filter, "part")) {
      return id.find(*part->Text()) != std::string::npos;
    }
    return bson::Find(*bson::Find(filter, "_id")->Document(), "$ne")->Text() != id;
  }
  static std::optional<std::string_view> IdIn(std::string_view command, std::string_view name) {
    const auto bound = bson::Find(command, name);
    return bound ? bson::Find(*bound->Document(), "_id")->Text() : std::nullopt;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> log_;
  std::vector<std::string> asked_;
  std::size_t next_ = 0;
  std::uint64_t read_time_ = std::uint64_t{1'000} << 32 | 1;
  Fail fail_;
};

}  // namespace stockwatch::mongo_source
