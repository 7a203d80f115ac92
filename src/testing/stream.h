#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ports/change_source.h"
#include "ports/state_store.h"
#include "testing/answering_notifier.h"
#include "testing/document_builder.h"

namespace stockwatch::testing {

// What a source delivers, written as plainly as C++ allows. Collections: "inventory",
// "stock_transactions", "thresholds". A change has a token of its own unless one is given.
struct Written {
  event::Operation operation = event::Operation::kInsert;
  std::string collection;
  std::uint32_t second = 0;
  Fields fields;
  std::uint32_t increment = 1;
  std::string token;
};

inline Written Insert(std::string collection, std::uint32_t second, Fields fields) {
  return {event::Operation::kInsert, std::move(collection), second, std::move(fields), 1, {}};
}

// An inventory document and the changes of it.
inline Fields DocumentOf(const std::string& id, const std::string& warehouse,
                         const std::string& sku, int on_hand, const Fields& more = {}) {
  Fields fields{{"_id", id}, {"warehouse_id", warehouse}, {"sku", sku}, {"on_hand", on_hand}};
  for (const Field& field : more) fields = With(std::move(fields), field.name, field.value);
  return fields;
}
inline Written Stocked(std::uint32_t second, Fields document) {
  return Insert("inventory", second, std::move(document));
}
// An update with the document as it was looked up some time later.
inline Written Updated(std::uint32_t second, Fields document) {
  Written written = Insert("inventory", second, std::move(document));
  written.operation = event::Operation::kUpdate;
  return written;
}
inline Written Deleted(std::uint32_t second, const std::string& id) {
  Written written = Insert("inventory", second, {{"_id", id}});
  written.operation = event::Operation::kDelete;
  return written;
}

// A transaction; its `_id` is made of its place.
inline Written Moved(std::uint32_t second, const std::string& type, const std::string& warehouse,
                     const std::string& sku, int quantity, const Fields& more = {}) {
  Fields fields{{"_id", "t" + std::to_string(second)},
                {"warehouse_id", warehouse},
                {"sku", sku},
                {"type", type},
                {"quantity", quantity}};
  for (const Field& field : more) fields = With(std::move(fields), field.name, field.value);
  return Insert("stock_transactions", second, std::move(fields));
}

// A rule of the thresholds collection: scope and fields.
inline Written RulePut(std::uint32_t second, const std::string& id, const Fields& scope,
                       const Fields& fields) {
  Fields rule{{"_id", id}};
  if (scope.empty()) {
    rule.push_back({"default", true});
  } else {
    rule.push_back({"scope", scope});
  }
  for (const Field& field : fields) rule = With(std::move(rule), field.name, field.value);
  return Insert("thresholds", second, std::move(rule));
}
inline Written RuleGone(std::uint32_t second, const std::string& id) {
  Written written = Insert("thresholds", second, {{"_id", id}});
  written.operation = event::Operation::kDelete;
  return written;
}

// The change `nth` of its cluster time.
inline Written Nth(std::uint32_t increment, Written written) {
  written.increment = increment;
  return written;
}

inline ports::RawInput InputOf(const Written& written, std::uint64_t line = 0) {
  ports::RawInput input;
  input.line = line;
  input.change = MakeChange(written.operation, written.collection, written.fields);
  if (written.operation == event::Operation::kUpdate) input.change.image = event::Image::kLookup;
  input.change.position = {0, written.second, written.increment, 0};
  const std::string token = written.token.empty() ? std::to_string(written.second) + "." +
                                                        std::to_string(written.increment)
                                                  : written.token;
  input.change.token = input.change.event.Keep(token);
  input.bytes = token + " " + Describe(input.change.event, 0);
  return input;
}

// A line that is no change.
inline ports::RawInput Unreadable(std::string bytes, std::uint64_t line = 0) {
  ports::RawInput input;
  input.bytes = std::move(bytes);
  input.line = line;
  input.reject = event::Reject{event::Stage::kRead, "malformed JSON", "not a change"};
  return input;
}

// Delivers a list, then ends, or ends the snapshot that it was. Counts what was acknowledged.
class VectorSource : public ports::ChangeSource {
 public:
  VectorSource() = default;
  explicit VectorSource(const std::vector<Written>& changes) {
    for (const Written& written : changes) Add(InputOf(written, inputs_.size() + 1));
  }
  void Add(ports::RawInput input) { inputs_.push_back(std::move(input)); }

  base::Result<ports::Next> Read(ports::RawInput& input) override {
    input.Clear();
    if (next_ == fails_at) return base::Error{base::Code::kUnavailable, "the source is away"};
    if (next_ == inputs_.size()) {
      return snapshot_since ? ports::Next::kNothingYet : ports::Next::kEnd;
    }
    input = std::move(inputs_[next_++]);
    return ports::Next::kInput;
  }
  base::Status Acknowledge() override {
    acknowledged_ = next_;
    return {};
  }
  std::optional<base::Position> TakeSnapshotEnd() override {
    return std::exchange(snapshot_since, std::nullopt);
  }
  void ReadAgain(const ports::RawInput& input) override { wanted.push_back(input.line); }
  std::size_t acknowledged() const { return acknowledged_; }

  std::optional<base::Position> snapshot_since;  // where it began; set: not ended yet
  std::vector<std::uint64_t> wanted;             // lines of changes whose document is wanted again
  std::size_t fails_at = ~std::size_t{0};        // how many inputs it delivers before it fails

 private:
  std::vector<ports::RawInput> inputs_;
  std::size_t next_ = 0;
  std::size_t acknowledged_ = 0;
};

// Keeps every row it takes; may be away, or refuse a destination for ever.
class CollectingNotifier : public AnsweringNotifier {
 public:
  bool away = false;
  std::string refused_destination;
  int attempts = 0;
  std::vector<outbox::Row> rows;

 protected:
  ports::Sent AnswerTo(const outbox::Row& row) override {
    ++attempts;
    if (away) return Of(outbox::Outcome::kUnknown);
    if (row.destination == refused_destination) return Of(outbox::Outcome::kRefused);
    rows.push_back(row);
    return Of(outbox::Outcome::kDelivered);
  }
};

// A store before which commits can fail; a commit that failed left nothing.
class FaultyStore : public ports::StateStore {
 public:
  explicit FaultyStore(ports::StateStore& store) : store_(store) {}

  base::Status Commit(const ports::Batch& batch) override {
    ++commits;
    if (failing) return base::Error{base::Code::kUnavailable, "the store is away"};
    return store_.Commit(batch);
  }
  base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) override {
    if (failing) return base::Error{base::Code::kUnavailable, "the store is away"};
    return store_.ReadHistory(item, row);
  }
  base::Status ReadFamily(ports::Family family, const Record& record) override {
    return store_.ReadFamily(family, record);
  }
  base::Status ReadRange(const Range& range, const RangeRecord& record) override {
    return store_.ReadRange(range, record);
  }

  bool failing = false;
  int commits = 0;

 private:
  ports::StateStore& store_;
};

}  // namespace stockwatch::testing
