#include "app/look/stopped_store.h"

#include <filesystem>

#include "base/json_writer.h"
#include "domain/stock/fold.h"
#include "flow/settings_record.h"

namespace stockwatch::look {
namespace {

using base::Code;
using base::Error;

std::uint64_t BytesBelow(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (auto entry = std::filesystem::recursive_directory_iterator(folder, failure);
       !failure && entry != std::filesystem::recursive_directory_iterator();
       entry.increment(failure)) {
    std::error_code gone;  // tables come and go beside a running engine
    const std::uint64_t size = entry->is_regular_file(gone) ? entry->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

std::string NameOf(const flow::State& state, key::ItemIndex item) {
  const event::ItemKey key = state.directory.Key(item);
  return std::string(key.warehouse.text()) + "/" + std::string(key.sku.text());
}

// Holds each item against its history, and adds up what its nodes should have.
class Verifier {
 public:
  Verifier(flow::State& state, Verified& found) : state_(state), found_(found) {}

  void Run() {
    state_.rollups.Propagate();
    sums_.resize(state_.rollups.size());
    for (key::ItemIndex item = 0; item < state_.ledger.size(); ++item) {
      if (state_.ledger.at(item).group == stock::kNoSlab) continue;  // a number that is free
      ++found_.items;
      CheckItem(item);
    }
    for (stock::NodeIndex node = 0; node < state_.rollups.size(); ++node) CheckNode(node);
    found_.alerts = state_.episodes.size();
  }

 private:
  void Violated(const std::string& what) {
    constexpr std::size_t kMost = 1000;
    if (found_.violations.size() < kMost) found_.violations.push_back(what);
  }

  void CheckItem(key::ItemIndex index) {
    const stock::Item& item = state_.ledger.at(index);
    AddToNodes(item);
    auto& rows = state_.ledger.ReadHistory(index);
    found_.history_rows += rows.size();
    if (rows.empty()) return Violated(NameOf(state_, index) + ": no history");
    const auto keep = static_cast<std::uint32_t>(state_.options.history_keep.micros() / 1'000'000);
    const stock::Folded folded = stock::Fold(rows, state_.RulesOf(index), keep);
    if (rows.back().position != item.top) {
      Violated(NameOf(state_, index) + ": its latest change is not the last of its history");
    }
    if (folded.sums != item.sums || folded.life != item.life || folded.opening != item.opening) {
      Violated(NameOf(state_, index) + ": its figures are not those of its history");
    }
  }

  void AddToNodes(const stock::Item& item) {
    const stock::Contribution contribution = ContributionOf(state_, item);
    const stock::NodeIndex twin = state_.rollups.at(item.group).twin;
    for (stock::NodeIndex node : {item.group, twin}) {
      for (; node < sums_.size(); node = state_.rollups.at(node).parent) {
        sums_[node].Add(contribution);
      }
    }
  }

  void CheckNode(stock::NodeIndex node) {
    ++found_.nodes;
    const stock::Totals& kept = state_.rollups.at(node).totals;
    const stock::Totals& sum = sums_[node];
    const bool same = kept.items == sum.items && kept.unopened == sum.unopened &&
                      kept.out_of_stock == sum.out_of_stock && kept.critical == sum.critical &&
                      kept.low == sum.low && kept.over == sum.over && kept.on_hand == sum.on_hand &&
                      kept.reserved == sum.reserved && kept.inbound == sum.inbound &&
                      kept.not_valued == sum.not_valued;
    if (same) return;
    std::string path(stock::Name(state_.rollups.at(node).tree));
    for (const std::string_view name : state_.rollups.Path(node)) path.append("/").append(name);
    Violated("node " + path + ": not the sum of its items");
  }

  flow::State& state_;
  Verified& found_;
  std::vector<stock::Totals> sums_;  // by node
};

}  // namespace

StoppedStore::StoppedStore(std::unique_ptr<rocksdb_store::RocksdbStore> store,
                           flow::Options options)
    : store_(std::move(store)), options_(std::move(options)), engine_(options_, *store_) {}

base::Result<std::unique_ptr<StoppedStore>> StoppedStore::Open(const std::string& folder) {
  std::error_code failure;
  if (!std::filesystem::exists(folder, failure)) {
    return Error{Code::kNotFound, "there is no store: " + folder};
  }
  rocksdb_store::Options options;
  options.folder = folder;
  options.mode = rocksdb_store::Mode::kRead;
  SW_TRY(auto store, rocksdb_store::RocksdbStore::Open(options));
  flow::Options as_stored;
  SW_TRY(const auto settings, flow::ReadSettings(*store));
  if (settings) {
    as_stored.history_keep = settings->history_keep;
    as_stored.warehouse = settings->warehouse;
    as_stored.warehouses = settings->warehouses;
  }
  std::unique_ptr<StoppedStore> stopped(new StoppedStore(std::move(store), std::move(as_stored)));
  SW_TRY_STATUS(stopped->engine_.Restore(*stopped->store_));
  return stopped;
}

std::string InspectJson(const flow::State& state, const rocksdb_store::RocksdbStore& store,
                        const std::string& folder) {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  json.Key("epoch").Unsigned(store.epoch());
  json.Key("last_batch").Unsigned(store.last_batch());
  json.Key("bytes").Unsigned(BytesBelow(folder));
  json.Key("source_time");
  state.source_time ? json.Time(*state.source_time) : json.Null();
  json.Key("changes").BeginObject();
  json.Key("read").Unsigned(state.changes.read);
  json.Key("applied").Unsigned(state.changes.applied);
  json.Key("duplicate").Unsigned(state.changes.duplicate);
  json.Key("stale").Unsigned(state.changes.stale);
  json.Key("dead_lettered").Unsigned(state.changes.dead_lettered);
  json.Key("control").Unsigned(state.changes.control);
  json.EndObject();
  json.Key("items").Unsigned(state.directory.size());
  json.Key("nodes").Unsigned(state.rollups.size());
  json.Key("rules").Unsigned(state.rules.rules());
  json.Key("alerts_in_memory").Unsigned(state.episodes.size());
  json.Key("recovery").BeginObject();
  json.Key("records_replayed").Unsigned(store.recovery().records_replayed);
  json.Key("bytes_torn").Unsigned(store.recovery().bytes_torn);
  json.EndObject();
  json.EndObject();
  return out;
}

std::string Verified::Summary() const {
  return std::to_string(items) + " items, " + std::to_string(history_rows) + " history rows, " +
         std::to_string(nodes) + " nodes, " + std::to_string(alerts) + " alerts: " +
         (violations.empty() ? "all is well" : std::to_string(violations.size()) + " violations");
}

base::Result<Verified> Verify(flow::State& state, rocksdb_store::RocksdbStore& store) {
  Verified verified;
  SW_TRY(verified.violations, store.Verify());
  Verifier(state, verified).Run();
  SW_TRY_STATUS(state.history.status());
  return verified;
}

}  // namespace stockwatch::look
