#include "config/option_table.h"

#include <array>

#include "domain/stock/tail.h"

namespace stockwatch::config {
namespace {

using base::Duration;
using base::Quantity;

constexpr std::array<std::string_view, 2> kImageNames{"lookup", "stored"};
constexpr std::array<std::string_view, 2> kAuthorityNames{"snapshot", "ledger"};
constexpr std::array<std::string_view, 3> kBufferNames{"cycle_service", "fill_rate", "zones"};
constexpr TextForm kName{255};  // bytes of a MongoDB namespace
constexpr DurationForm kWindow{Duration(), Duration::Days(30)};
constexpr DurationForm kGrace{Duration(), Duration::Seconds(stock::kTailSeconds / 2)};
constexpr QuantityForm kTolerance{Quantity(), Quantity::Thousandths(Quantity::kFormat.limit)};

Target EnterStock(Target target) {
  target.warehouse = &target.settings->flow.warehouse;
  return target;
}

constexpr Option kOptions[] = {
    {"", "source", SectionForm{"source"}, "Where changes come from."},
    {"source", "id", Form(IdForm{}), "Name of the source. A stock item belongs to one source.",
     [](const Target& t) -> Place { return &t.settings->source.id; }},
    {"source", "database", Form(kName), "The database whose changes are read; empty: of any.",
     [](const Target& t) -> Place { return &t.settings->decode.database; }},
    {"source", "collections", SectionForm{"source.collections"},
     "The collections that are read; an empty name: not read."},
    {"source.collections", "inventory", Form(kName), "One document per stock item.",
     [](const Target& t) -> Place { return &t.settings->decode.inventory.name; }},
    {"source.collections", "transactions", Form(kName), "One document per stock movement.",
     [](const Target& t) -> Place { return &t.settings->decode.transactions.name; }},
    {"source.collections", "thresholds", Form(kName), "One document per threshold rule.",
     [](const Target& t) -> Place { return &t.settings->decode.thresholds.name; }},
    {"source", "update_images", Form(ChoiceForm{kImageNames}),
     "Whether the document of an update was looked up some time later, or is a stored post-image, "
     "exact at its position.",
     [](const Target& t) -> Place { return &t.settings->source.update_images; }},
    {"source", "line_bytes_max", Form(IntegerForm{1024, 1024 * 1024 * 1024}),
     "Longest line of a file of changes, in bytes.",
     [](const Target& t) -> Place { return &t.settings->source.line_bytes_max; }},
    {"source", "depth_max", Form(IntegerForm{1, 500}),
     "Most containers in containers of one change, the change being the first.",
     [](const Target& t) -> Place { return &t.settings->source.depth_max; }},
    {"source", "token_memory_max", Form(IntegerForm{1000, 100'000'000}),
     "Cluster times whose resume tokens are remembered, 24 bytes each: a token among them that "
     "comes again is known.",
     [](const Target& t) -> Place { return &t.settings->flow.token_memory_max; }},
    {"source", "ahead_max", Form(DurationForm{Duration(), Duration::Days(3660)}),
     "How far ahead of the clock the cluster time of a change may be: one that is further ahead "
     "would take time along for good, and is a dead letter; 0s: as far as it likes. Not of a "
     "replay, nor of a generated shop.",
     [](const Target& t) -> Place { return &t.settings->source.ahead_max; }},

    {"", "warehouse", SectionForm{"warehouse"},
     "Where the warehouse of a change comes from: from its field `warehouse_id`, if nothing is set "
     "here."},
    {"warehouse", "id", Form(OptionalIdForm{}), "The warehouse of all changes.",
     [](const Target& t) -> Place { return &t.settings->decode.warehouse.fixed_id; }},
    {"warehouse", "mapping",
     PartForm{Part::kMapping, "a map of at most 10000 names in documents to warehouse ids"},
     "Warehouse ids by the names in documents; a document with another name is refused. Not beside "
     "`id`."},

    {"", "stock", SectionForm{"stock", EnterStock}, "How stock is kept."},
    {"stock", "currency", Form(CurrencyForm{}), "Currency of prices and costs that name none.",
     [](const Target& t) -> Place { return &t.settings->decode.currency; }},
    {"stock.*", "authority", Form(ChoiceForm{kAuthorityNames}),
     "Who says how much there is: inventory documents (`snapshot`), or the opening and every "
     "movement after it (`ledger`).",
     [](const Target& t) -> Place { return &t.warehouse->authority; }},
    {"stock.*", "opens_at_zero", Form(BoolForm{}),
     "Whether an item known only by movements opens with 0.",
     [](const Target& t) -> Place { return &t.warehouse->opens_at_zero; }},
    {"stock.*", "sales_from_reservations", Form(BoolForm{}),
     "Whether a sale that does not say how much of it had been reserved was reserved in full.",
     [](const Target& t) -> Place { return &t.warehouse->sales_from_reservations; }},
    {"stock.*", "drift_tolerance", Form(kTolerance),
     "How far, in pieces, a document may be from the ledger and still agree.",
     [](const Target& t) -> Place { return &t.warehouse->drift_tolerance; }},
    {"stock.*", "drift_grace", Form(kGrace),
     "How long before and after its position a document may agree.",
     [](const Target& t) -> Place { return &t.warehouse->drift_grace; }},
    {"stock.*", "inbound_references_max", Form(IntegerForm{1, 4096}),
     "Most purchase orders and transfers with something inbound, per item.",
     [](const Target& t) -> Place { return &t.warehouse->inbound_references_max; }},
    {"stock", "warehouses",
     PartForm{Part::kWarehouses,
              "a map of at most 10000 warehouse ids to keys of `stock` from `authority` on"},
     "What is different in a warehouse, by its id. What it does not name it has from `stock`."},

    {"", "history", SectionForm{"history"}, "The history of each item."},
    {"history", "keep", Form(DurationForm{Duration::Days(35), Duration::Days(3660)}),
     "How long applied changes are kept one by one; an older change that arrives is stale.",
     [](const Target& t) -> Place { return &t.settings->flow.history_keep; }},
    {"", "alerts", SectionForm{"alerts"}, "The life of alerts."},
    {"alerts", "reopen_window", Form(kWindow),
     "How soon after its resolve an alert that comes back is the same one.",
     [](const Target& t) -> Place { return &t.settings->flow.alerts.reopen_window; }},
    {"alerts", "flap_window", Form(kWindow), "Within how long four openings are flapping.",
     [](const Target& t) -> Place { return &t.settings->flow.alerts.flap_window; }},
    {"", "demand", SectionForm{"demand"},
     "What is taken of demand where neither a rule nor a document says more."},
    {"demand", "lead_time_days", Form(NumberForm{{0}, {3'650'000}}),
     "From an order to its receipt.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.lead_time_days; }},
    {"demand", "service_level", Form(NumberForm{{1}, {999}}),
     "Share of the replenishment cycles without a stock-out.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.service_level; }},
    {"demand", "review_days", Form(NumberForm{{0}, {3'650'000}}),
     "Days of demand that an order adds to the reorder point.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.review_days; }},
    {"demand", "low_change_percent_max", Form(IntegerForm{0, 10'000}),
     "Largest change a day of a dynamic `low`, in percent of the day before.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.low_change_percent_max; }},
    {"demand", "buffer", SectionForm{"demand.buffer"},
     "The stock that is held against demand and late receipts."},
    {"demand.buffer", "method", Form(ChoiceForm{kBufferNames}),
     "What safety stock, reorder point and order-up-to are worked out by: `service_level` as the "
     "share of the cycles without a stock-out (type 1), as the share of the demand that is served "
     "from stock (type 2), or the red, yellow and green zones of demand driven planning.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.buffer.method; }},
    {"demand.buffer", "lead_time_factor", Form(NumberForm{{0}, {1'000}}),
     "Of `zones`: the red base is that share of the lead time's demand; short lead times near 1, "
     "long ones near 0.2.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.buffer.lead_time_factor; }},
    {"demand.buffer", "variability_factor", Form(NumberForm{{0}, {2'000}}),
     "Of `zones`: the red safety is that share of the red base.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.buffer.variability_factor; }},
    {"demand.buffer", "order_cycle_days", Form(NumberForm{{0}, {3'650'000}}),
     "Of `zones`: days between two orders, where somebody imposes them.",
     [](const Target& t) -> Place { return &t.settings->flow.demand.buffer.order_cycle_days; }},
    {"", "commit", SectionForm{"commit"}, "Group commits."},
    {"commit", "inputs_max", Form(IntegerForm{1, 65'536}),
     "Most changes and commands of one commit.",
     [](const Target& t) -> Place { return &t.settings->flow.batch_inputs_max; }},
    {"commit", "bytes_max", Form(IntegerForm{1024, 1 << 30}),
     "Most bytes of changes of one commit, as they arrive; one larger change is one commit.",
     [](const Target& t) -> Place { return &t.settings->flow.batch_bytes_max; }},
    {"commit", "open_max", Form(DurationForm{Duration(), Duration::Seconds(10)}),
     "How long a commit takes changes in at most; it ends earlier where there are no more.",
     [](const Target& t) -> Place { return &t.settings->flow.batch_open_max; }},
    {"", "api", SectionForm{"api"}, "What one request of the API may ask for."},
    {"api", "page_max", Form(IntegerForm{1, 10'000}), "Most entries of one answer.",
     [](const Target& t) -> Place { return &t.settings->api.page_max; }},
    {"api", "scan_items_max", Form(IntegerForm{1'000, 100'000'000}),
     "Most items that one answer looks at; the next page goes on behind them.",
     [](const Target& t) -> Place { return &t.settings->api.scan_items_max; }},

};

bool BelongsTo(const Option& option, std::string_view section) {
  constexpr std::string_view kInherited = ".*";
  if (option.section == section) return true;
  return option.section.size() == section.size() + kInherited.size() &&
         option.section.substr(0, section.size()) == section &&
         option.section.substr(section.size()) == kInherited;
}

}  // namespace

std::vector<const Option*> AllOptions() {
  std::vector<const Option*> options;
  for (std::span<const Option> part : {std::span<const Option>(kOptions), MongoOptions(),
                                       DocumentOptions(), ChannelOptions(), RuleOptions()}) {
    for (const Option& option : part) options.push_back(&option);
  }
  return options;
}

std::vector<const Option*> OptionsOf(std::string_view section) {
  std::vector<const Option*> options;
  for (const Option* option : AllOptions()) {
    if (BelongsTo(*option, section)) options.push_back(option);
  }
  return options;
}

std::vector<std::string_view> KeysOf(std::string_view section) {
  std::vector<std::string_view> keys;
  for (const Option* option : OptionsOf(section)) keys.push_back(option->key);
  return keys;
}

}  // namespace stockwatch::config
