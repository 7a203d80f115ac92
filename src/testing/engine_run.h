#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory_store/memory_store.h"
#include "domain/decode/decoder.h"
#include "flow/canonical.h"
#include "flow/engine.h"
#include "flow/listing.h"
#include "testing/stock_rows.h"
#include "testing/stream.h"

namespace stockwatch::testing {

inline decode::Options ShopDecoding() {
  decode::Options options;
  options.inventory.name = "inventory";
  options.transactions.name = "stock_transactions";
  options.thresholds.name = "thresholds";
  options.currency = base::Currency::Parse("GBP").value();
  return options;
}

inline flow::Options LedgerShop() {
  flow::Options options;
  options.warehouse.authority = stock::Authority::kLedger;
  return options;
}

// An engine that takes written changes, each committed to a memory store of its own.
class EngineRun {
 public:
  explicit EngineRun(flow::Options flow_options = {}, decode::Options decoding = ShopDecoding())
      : options(std::move(flow_options)), decoder_(std::move(decoding)), engine(options, store) {
    SW_ASSERT(engine.Start(store).ok(), "an empty store starts an engine");
  }

  EngineRun& Take(const Written& written, std::uint8_t source = 0) {
    Take(InputOf(written), source);
    return *this;
  }
  EngineRun& Take(ports::RawInput input, std::uint8_t source = 0) {
    engine.Place(input);
    flow::Arrival arrival;
    arrival.input = std::move(input);
    arrival.decoded = arrival.input.reject ? decode::Decoded(*arrival.input.reject)
                                           : decoder_.Decode(arrival.input.change);
    engine.Take(arrival, source);
    Commit();
    return *this;
  }
  EngineRun& TakeAll(const std::vector<Written>& changes) {
    for (const Written& written : changes) Take(written);
    return *this;
  }
  EngineRun& Finish() {
    engine.FinishInput();
    Commit();
    return *this;
  }

  const flow::State& state() const { return engine.state(); }
  const flow::ChangeCounts& counts() const { return state().changes; }
  std::string Digest() { return flow::Digest(engine.state()); }
  std::vector<std::string> Items() const { return Lines(flow::WriteItems); }
  std::vector<std::string> RollUps() const { return Lines(flow::WriteRollUps); }
  std::vector<std::string> Demand() const { return Lines(flow::WriteDemand); }
  std::vector<std::string> Alerts() {
    std::vector<std::string> lines;
    SW_ASSERT(
        flow::WriteAlerts(state(), store, [&](std::string_view line) { lines.emplace_back(line); })
            .ok(),
        "a memory store keeps its records");
    return lines;
  }

  // "W/S 5 0 0": shown figures of one item; "unopened", "retired" or "unknown" where there are
  // none.
  std::string Stock(std::string_view warehouse, std::string_view sku) const {
    const key::ItemIndex index = state().directory.Find(
        {event::WarehouseIdView::Trusted(warehouse), event::SkuView::Trusted(sku)});
    if (index == key::kNoItem) return "unknown";
    const stock::Item& item = state().ledger.at(index);
    if (item.life == stock::Life::kRetired) return "retired";
    return (item.life == stock::Life::kUnopened ? "unopened " : "") +
           Read(state().ledger.ShownOf(item));
  }
  // "low_stock open @20, drift resolved @30": every episode that is not closed, in the order of
  // opening.
  std::string Episodes() const {
    std::string text;
    state().episodes.ForEach([&](const alert::Episode& episode, const alert::Notes*) {
      if (!text.empty()) text += ", ";
      text += std::string(Name(episode.type)) + " " + std::string(Name(episode.state)) + " @" +
              std::to_string(episode.opened_at.micros() / 1'000'000);
    });
    return text;
  }
  // Reasons of the dead letters so far.
  std::vector<std::string> Reasons() const {
    std::vector<std::string> reasons;
    reasons.reserve(letters.size());
    for (const event::DeadLetter& letter : letters) reasons.push_back(letter.reason);
    return reasons;
  }

  flow::Options options;
  memory_store::MemoryStore store;
  std::vector<event::DeadLetter> letters;
  std::vector<outbox::Row> told;

 private:
  decode::Decoder decoder_;

 public:
  flow::Engine engine;

 private:
  std::vector<std::string> Lines(void (*write)(const flow::State&, const flow::LineSink&)) const {
    std::vector<std::string> lines;
    write(state(), [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
  }
  void Commit() {
    flow::State& mutable_state = engine.state();
    for (const event::DeadLetter& letter : mutable_state.dead_letters) letters.push_back(letter);
    for (const outbox::Row& row : mutable_state.outbox) told.push_back(row);
    SW_ASSERT(engine.Commit(store).ok(), "a memory store takes everything");
  }
};

}  // namespace stockwatch::testing
