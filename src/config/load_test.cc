#include "config/load.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "config/option_table.h"

namespace stockwatch::config {
namespace {

std::string FileText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::filesystem::path SourceDir() {
  return SW_SOURCE_DIR;
}

std::vector<std::string> Messages(const Loaded& loaded) {
  std::vector<std::string> messages;
  messages.reserve(loaded.errors.size());
  for (const base::Error& error : loaded.errors) messages.push_back(error.message);
  return messages;
}
std::vector<std::string> MistakesOf(std::string_view text) {
  return Messages(Load(text));
}

// Every setting that has one value, as the table shows it: "stock.*.authority=snapshot".
std::vector<std::string> Values(Settings settings) {
  std::vector<std::string> values;
  for (decode::CollectionOptions* collection :
       {&settings.decode.inventory, &settings.decode.transactions, &settings.decode.thresholds}) {
    const Target target{.settings = &settings,
                        .warehouse = &settings.flow.warehouse,
                        .collection = collection,
                        .hook = nullptr,
                        .channel = nullptr};
    for (const Option* option : AllOptions()) {
      const auto* form = std::get_if<Form>(&option->form);
      if (form == nullptr || option->section.find("[]") != std::string_view::npos) continue;
      values.push_back(std::string(option->section) + "." + std::string(option->key) + "=" +
                       ShowPlace(*form, option->place(target)));
    }
    values.push_back("hooks=" + std::to_string(collection->hooks.size()));
    values.push_back("upgrades=" + std::to_string(collection->upgrades.size()));
    values.push_back("fields=" + std::to_string(collection->fields.size()));
  }
  values.push_back("mapping=" + std::to_string(settings.decode.warehouse.mapping.size()));
  values.push_back("warehouses=" + std::to_string(settings.flow.warehouses.size()));
  values.push_back("channels=" + std::to_string(settings.channels.size()));
  values.push_back("rules=" + std::to_string(settings.flow.rules.size()));
  return values;
}

TEST(Load, NothingGivesTheDefaults) {
  for (std::string_view text :
       {"", "\n", "# only a remark\n", "---\n", "{}", "null", "\xEF\xBB\xBF"}) {
    const Loaded loaded = Load(text);
    EXPECT_EQ(Messages(loaded), std::vector<std::string>{}) << text;
    EXPECT_EQ(Values(loaded.settings), Values(Settings())) << text;
  }
  EXPECT_EQ(Settings().source.id, "default");
  EXPECT_EQ(Settings().decode.inventory.name, "inventory");
  EXPECT_EQ(Settings().decode.transactions.name, "transactions");
  EXPECT_EQ(Settings().decode.thresholds.name, "thresholds");
  EXPECT_EQ(Settings().decode.currency.text(), "USD");
}

TEST(Load, SectionsWithoutKeysSetNothing) {
  const Loaded loaded = Load(
      "source:\nstock:\n  warehouses:\nwarehouse: {mapping: }\nthresholds:\n  rules:\n"
      "documents:\n  inventory:\n    hooks:\n    fields: ~\n    upgrades: null\n");
  EXPECT_EQ(Messages(loaded), std::vector<std::string>{});
  EXPECT_EQ(Values(loaded.settings), Values(Settings()));
}

constexpr std::string_view kEverything = R"(
source:
  id: online-retail
  database: shop
  collections: {inventory: stock, transactions: movements, thresholds: limits}
  update_images: stored
  line_bytes_max: 2048
  depth_max: 20
  token_memory_max: 1000
  ahead_max: 2h
  mongo:
    uri_file: /etc/uri
    snapshot: never
    on_lost_history: skip
    await: 2s
    connect_timeout: 3s
    socket_timeout: 4s
    socket_timeout_max: 5m
    heartbeat: 5s
    heartbeat_log: 6s
    headroom_min: 7m
    queue_bytes_max: 6000
    event_bytes_max: 7000
    batch_documents_max: 8
    snapshot_documents: 9
    snapshot_readers: 10
warehouse:
  mapping: {london: GB, 7: "0012"}
stock:
  warehouses:
    GB: {authority: snapshot, drift_tolerance: 1e1}
    007: {}
  currency: GBP
  authority: ledger
  opens_at_zero: true
  sales_from_reservations: True
  drift_tolerance: 0.125
  drift_grace: 1m30s
  inbound_references_max: 5
history: {keep: "40d"}
alerts: {reopen_window: 0s, flap_window: 2h}
commit: {inputs_max: 1, bytes_max: 1024, open_max: 5ms}
api: {page_max: 7, scan_items_max: 1001}
)";

TEST(Load, ReadsChannelsAndHowTheyAreUsed) {
  const Loaded loaded = Load(R"(
delivery:
  window_rows: 200
  lease: 5s
  retry_after_max: 1h
  expire_after: 2d
  keep: 7d
  links_url: https://stock.example.org
  breaker: {failures_max: 3, open_for: 10s, open_for_max: 1m}
  storm: {rows_min: 7, window: 2s, digest_rows_max: 9}
channels:
  console: {type: console, notices_per_minute: 6, group_by: category, group_tree: global, group_wait: 5s}
  ops:
    type: webhook
    url: http://127.0.0.1:9/hook
    secret_env: OPS_SECRET
    previous_secret_file: /etc/stockwatch/old
    timeout: 3s
    allow_private: true
    ca_file: /etc/ca.pem
    in_flight_max: 2
)");
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  const outbox::DeliveryOptions& delivery = loaded.settings.flow.delivery;
  EXPECT_EQ(delivery.window_rows, 200u);
  EXPECT_EQ(delivery.lease, base::Duration::Seconds(5));
  EXPECT_EQ(delivery.retry_after_max, base::Duration::Hours(1));
  EXPECT_EQ(delivery.expire_after, base::Duration::Days(2));
  EXPECT_EQ(delivery.keep, base::Duration::Days(7));
  EXPECT_EQ(delivery.breaker.failures_max, 3u);
  EXPECT_EQ(delivery.breaker.open_for, base::Duration::Seconds(10));
  EXPECT_EQ(delivery.breaker.open_for_max, base::Duration::Minutes(1));
  EXPECT_EQ(delivery.storm.rows_min, 7u);
  EXPECT_EQ(delivery.storm.window, base::Duration::Seconds(2));
  EXPECT_EQ(delivery.storm.digest_rows_max, 9u);
  EXPECT_EQ(loaded.settings.links_url, "https://stock.example.org");
  ASSERT_EQ(loaded.settings.channels.size(), 2u);
  EXPECT_EQ(loaded.settings.channels.at("console").notices_per_minute, 6u);
  EXPECT_EQ(loaded.settings.channels.at("console").grouping,
            (outbox::Grouping{outbox::GroupBy::kCategory, stock::Tree::kGlobal,
                              base::Duration::Seconds(5)}));
  const ChannelSettings& ops = loaded.settings.channels.at("ops");
  EXPECT_EQ(ops.type, ChannelType::kWebhook);
  EXPECT_EQ(ops.url, "http://127.0.0.1:9/hook");
  EXPECT_EQ(ops.secret_env, "OPS_SECRET");
  EXPECT_EQ(ops.previous_secret_file, "/etc/stockwatch/old");
  EXPECT_EQ(ops.timeout, base::Duration::Seconds(3));
  EXPECT_TRUE(ops.allow_private);
  EXPECT_EQ(ops.ca_file, "/etc/ca.pem");
  EXPECT_EQ(ops.in_flight_max, 2u);
}

TEST(Load, ReadsEveryKey) {
  const Loaded loaded = Load(kEverything);
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  const Settings& s = loaded.settings;
  EXPECT_EQ(s.source.id, "online-retail");
  EXPECT_EQ(s.source.update_images, event::Image::kExact);
  EXPECT_EQ(s.source.line_bytes_max, 2048u);
  EXPECT_EQ(s.source.depth_max, 20u);
  EXPECT_EQ(s.flow.token_memory_max, 1000u);
  EXPECT_EQ(s.source.ahead_max, base::Duration::Hours(2));
  const MongoSettings& mongo = s.source.mongo;
  EXPECT_EQ(mongo.uri_file, "/etc/uri");
  EXPECT_EQ(Load("source: {mongo: {uri_env: MONGO_URI}}").settings.source.mongo.uri_env,
            "MONGO_URI");  // not beside the other
  EXPECT_EQ(mongo.snapshot, MongoSnapshot::kNever);
  EXPECT_EQ(mongo.on_lost_history, LostHistory::kSkip);
  EXPECT_EQ(mongo.await, base::Duration::Seconds(2));
  EXPECT_EQ(mongo.connect_timeout, base::Duration::Seconds(3));
  EXPECT_EQ(mongo.socket_timeout, base::Duration::Seconds(4));
  EXPECT_EQ(mongo.socket_timeout_max, base::Duration::Minutes(5));
  EXPECT_EQ(mongo.heartbeat, base::Duration::Seconds(5));
  EXPECT_EQ(mongo.heartbeat_log, base::Duration::Seconds(6));
  EXPECT_EQ(mongo.headroom_min, base::Duration::Minutes(7));
  EXPECT_EQ(mongo.queue_bytes_max, 6000u);
  EXPECT_EQ(mongo.event_bytes_max, 7000u);
  EXPECT_EQ(mongo.batch_documents_max, 8u);
  EXPECT_EQ(mongo.snapshot_documents, 9u);
  EXPECT_EQ(mongo.snapshot_readers, 10u);
  EXPECT_EQ(s.decode.database, "shop");
  EXPECT_EQ(s.decode.inventory.name, "stock");
  EXPECT_EQ(s.decode.transactions.name, "movements");
  EXPECT_EQ(s.decode.thresholds.name, "limits");
  EXPECT_EQ(s.decode.warehouse.mapping,
            (std::map<std::string, std::string>{{"7", "0012"}, {"london", "GB"}}));
  EXPECT_EQ(s.decode.currency.text(), "GBP");
  EXPECT_EQ(s.flow.warehouse.authority, stock::Authority::kLedger);
  EXPECT_TRUE(s.flow.warehouse.opens_at_zero);
  EXPECT_TRUE(s.flow.warehouse.sales_from_reservations);
  EXPECT_EQ(s.flow.warehouse.drift_tolerance, base::Quantity::Thousandths(125));
  EXPECT_EQ(s.flow.warehouse.drift_grace, base::Duration::Seconds(90));
  EXPECT_EQ(s.flow.warehouse.inbound_references_max, 5u);
  EXPECT_EQ(s.flow.history_keep, base::Duration::Days(40));
  EXPECT_EQ(s.flow.alerts.reopen_window, base::Duration());
  EXPECT_EQ(s.flow.alerts.flap_window, base::Duration::Hours(2));
  EXPECT_EQ(s.flow.batch_inputs_max, 1u);
  EXPECT_EQ(s.flow.batch_bytes_max, 1024u);
  EXPECT_EQ(s.flow.batch_open_max, base::Duration::Micros(5'000));
  EXPECT_EQ(s.api.page_max, 7u);
  EXPECT_EQ(s.api.scan_items_max, 1001u);
  EXPECT_EQ(Load("warehouse: {id: GB}").settings.decode.warehouse.fixed_id, "GB");
}

TEST(Load, WarehouseInheritsWhatStockSaysBehindIt) {
  const Loaded loaded = Load(kEverything);
  ASSERT_EQ(loaded.settings.flow.warehouses.size(), 2u);
  const stock::WarehouseRules& gb = loaded.settings.flow.warehouses.at("GB");
  EXPECT_EQ(gb.authority, stock::Authority::kSnapshot);
  EXPECT_EQ(gb.drift_tolerance, base::Quantity::Pieces(10));
  EXPECT_TRUE(gb.opens_at_zero);
  EXPECT_EQ(gb.inbound_references_max, 5u);
  EXPECT_EQ(loaded.settings.flow.warehouses.at("007").authority, stock::Authority::kLedger);
}

TEST(Load, ReadsDocuments) {
  const Loaded loaded = Load(R"yaml(
documents:
  inventory:
    schema_version: 2
    fields: {on_hand: qty.total}
    hooks:
      - rename: {from: a, to: b}
      - drop: {field: c}
      - default: {field: d, value: 1.50}
      - default: {field: d, value: "1.50"}
      - default: {field: d, value: 007}
      - default: {field: d, value: false}
      - convert: {field: e, to: date_from_seconds}
      - compute: {field: f, expression: d + 1}
      - filter: {expression: "exists(f)"}
      - redact: {field: g}
      - mask: {field: h}
      - mask: {field: i, keep: 0}
      - hash: {field: j}
      - encrypt: {field: k}
    upgrades:
      1: [drop: {field: old}]
fields:
  keys:
    - {id: a-1, file: /etc/new}
    - {id: "2025", file: /etc/old}
)yaml");
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  const decode::CollectionOptions& inventory = loaded.settings.decode.inventory;
  EXPECT_EQ(inventory.schema_version, 2);
  EXPECT_EQ(inventory.fields, (std::map<std::string, std::string>{{"on_hand", "qty.total"}}));
  ASSERT_EQ(inventory.hooks.size(), 14u);
  EXPECT_EQ(std::get<decode::RenameHook>(inventory.hooks[0]).to, "b");
  EXPECT_EQ(std::get<decode::DropHook>(inventory.hooks[1]).field, "c");
  const auto value = [&](std::size_t i) {
    return std::get<decode::DefaultHook>(inventory.hooks[i]).value;
  };
  EXPECT_EQ(value(2), decode::Value(decode::Number{1'500'000}));
  EXPECT_EQ(value(3), decode::Value(std::string("1.50")));
  EXPECT_EQ(value(4), decode::Value(std::string("007")));
  EXPECT_EQ(value(5), decode::Value(false));
  EXPECT_EQ(std::get<decode::ConvertHook>(inventory.hooks[6]).to,
            decode::Conversion::kDateFromSeconds);
  EXPECT_EQ(std::get<decode::ComputeHook>(inventory.hooks[7]).expression.text(), "d + 1");
  EXPECT_EQ(std::get<decode::FilterHook>(inventory.hooks[8]).expression.text(), "exists(f)");
  EXPECT_EQ(std::get<decode::RedactHook>(inventory.hooks[9]).field, "g");
  EXPECT_EQ(std::get<decode::MaskHook>(inventory.hooks[10]).keep, 4u);
  EXPECT_EQ(std::get<decode::MaskHook>(inventory.hooks[11]).keep, 0u);
  EXPECT_EQ(std::get<decode::HashHook>(inventory.hooks[12]).field, "j");
  EXPECT_EQ(std::get<decode::EncryptHook>(inventory.hooks[13]).field, "k");
  ASSERT_EQ(loaded.settings.field_keys.size(), 2u);
  EXPECT_EQ(loaded.settings.field_keys[1].id, "2025");
  EXPECT_EQ(loaded.settings.field_keys[1].file, "/etc/old");
  ASSERT_EQ(inventory.upgrades.size(), 1u);
  EXPECT_EQ(std::get<decode::DropHook>(inventory.upgrades.at(1).at(0)).field, "old");
}

TEST(Load, ReadsASchema) {
  const Loaded loaded = Load(R"yaml(
documents:
  inventory:
    schema: {"$schema": "http://json-schema.org/draft-07/schema#", "title": "An item",
      "type": "object", "required": ["sku", "on_hand"], "additionalProperties": false,
      "properties": {
        "sku": {"type": "string", "minLength": 1, "maxLength": 40},
        "on_hand": {"type": ["integer", "null"], "minimum": 0, "multipleOf": 0.5},
        "status": {"enum": ["active", 7, null]},
        "tags": {"bsonType": "array", "items": {"const": "x"}, "maxItems": 3},
        "price": {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"not": true}]}}}
)yaml");
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  ASSERT_TRUE(loaded.settings.decode.inventory.schema);
  const decode::Schema& schema = *loaded.settings.decode.inventory.schema;
  EXPECT_EQ(schema.required, (std::vector<std::string>{"sku", "on_hand"}));
  ASSERT_EQ(schema.additional.size(), 1u);
  EXPECT_TRUE(schema.additional[0].never);
  ASSERT_EQ(schema.properties.size(), 5u);
  const auto of = [&](std::size_t i) -> const decode::Schema& {
    return schema.properties[i].schema;
  };
  EXPECT_EQ(of(0).length_min, 1u);
  EXPECT_EQ(of(0).length_max, 40u);
  EXPECT_EQ(of(1).types, decode::TypesNamed("integer") | decode::TypesNamed("null"));
  EXPECT_EQ(of(1).types_text, "integer or null");
  EXPECT_EQ(of(1).minimum, decode::Number{});
  EXPECT_EQ(of(1).multiple_of, decode::Number{500'000});
  EXPECT_EQ(of(2).values->size(), 3u);
  EXPECT_EQ(of(3).items.at(0).values->at(0), decode::Value(std::string("x")));
  EXPECT_EQ(of(4).any_of.at(0).above, decode::Number{});
  EXPECT_EQ(of(4).any_of.at(1).none_of.size(), 1u);
}

TEST(Load, ReadsRulesInTheirOrder) {
  const Loaded loaded = Load(R"(
thresholds:
  rules:
    - {id: 7, default: true, low: 40, critical: 0.125, clear_margin: "10%"}
    - id: 007
      scope: {warehouse_id: NO, category: "85", sku: 0085}
      low: "120"
      max: 1e3
      hold_for: 1h
      compare: on_hand
      severity: {low_stock: critical}
      channels: [desk]
      enabled: false
      locked: true
      priority: -3
      effective: {from: 2026-01-01T00:00:00Z}
      author: mira
      reason: "because: yes"
)");
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  ASSERT_EQ(loaded.settings.flow.rules.size(), 2u);
  const event::Rule& first = loaded.settings.flow.rules[0];
  EXPECT_EQ(first.id, "7");
  EXPECT_TRUE(first.is_default);
  EXPECT_EQ(first.author, "settings");
  EXPECT_EQ(first.fields.critical, base::Quantity::Thousandths(125));
  EXPECT_EQ(first.fields.clear_margin, (event::Margin{event::Margin::Kind::kPercent, 10'000}));
  const event::Rule& second = loaded.settings.flow.rules[1];
  EXPECT_EQ(second.id, "007");
  EXPECT_EQ(second.scope.warehouse_id, "NO");
  EXPECT_EQ(second.scope.category, "85");
  EXPECT_EQ(second.scope.sku, "0085");
  EXPECT_EQ(second.fields.low, base::Quantity::Pieces(120));
  EXPECT_EQ(second.fields.max, base::Quantity::Pieces(1000));
  EXPECT_EQ(second.fields.hold_for, base::Duration::Hours(1));
  EXPECT_EQ(second.fields.compare, event::Compare::kOnHand);
  EXPECT_EQ(second.fields.severity[event::Index(event::ConditionType::kLowStock)],
            event::Severity::kCritical);
  EXPECT_EQ(second.fields.channels, std::vector<std::string>{"desk"});
  EXPECT_EQ(second.fields.enabled, false);
  EXPECT_TRUE(second.locked);
  EXPECT_EQ(second.priority, -3);
  EXPECT_TRUE(second.effective_from.has_value());
  EXPECT_EQ(second.author, "mira");
  EXPECT_EQ(second.reason, "because: yes");
}

TEST(Load, NumbersAreNeverRounded) {
  const Loaded loaded = Load(
      "thresholds: {rules: [{id: a, default: true, low: 0.30000000000000004},\n"
      "{id: b, scope: {sku: A}, low: 999999999.999}]}");
  EXPECT_EQ(Messages(loaded),
            std::vector<std::string>{
                "line 1: thresholds.rules[0].low: is not a number of at most 10^9 with at most 3 "
                "decimals: 0.30000000000000004"});
  ASSERT_EQ(loaded.settings.flow.rules.size(), 1u);
  EXPECT_EQ(loaded.settings.flow.rules[0].fields.low, base::Quantity::Thousandths(999'999'999'999));
}

TEST(Load, JsonIsYaml) {
  const Loaded loaded = Load(
      "{\n\t\"stock\": {\"authority\": \"ledger\", \"opens_at_zero\": true,\n"
      "\t\t\"warehouses\": {\"GB\": {\"drift_tolerance\": 2.5}}},\n"
      "\t\"thresholds\": {\"rules\": [{\"id\": \"a\\u00e9\\/\", \"default\": true, \"low\": "
      "4}]}\n}\n");
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  EXPECT_EQ(loaded.settings.flow.warehouses.at("GB").authority, stock::Authority::kLedger);
  EXPECT_EQ(loaded.settings.flow.warehouses.at("GB").drift_tolerance,
            base::Quantity::Thousandths(2500));
  EXPECT_EQ(loaded.settings.flow.rules.at(0).id, "a\xC3\xA9/");
}

TEST(Load, AliasesStandForWhatTheyName) {
  const Loaded loaded = Load(
      "stock:\n  warehouses:\n    GB: &base {authority: ledger}\n    US: *base\n"
      "documents: {inventory: {hooks: &hooks [drop: {field: x}]}, transactions: {hooks: "
      "*hooks}}\n");
  ASSERT_EQ(Messages(loaded), std::vector<std::string>{});
  EXPECT_EQ(loaded.settings.flow.warehouses.at("US").authority, stock::Authority::kLedger);
  EXPECT_EQ(loaded.settings.decode.transactions.hooks.size(), 1u);
}

TEST(Load, MistakenSettingKeepsItsDefault) {
  const Loaded loaded = Load("stock: {authority: both, drift_grace: 2m}");
  EXPECT_EQ(loaded.errors.size(), 1u);
  EXPECT_EQ(loaded.settings.flow.warehouse.authority, stock::Authority::kSnapshot);
  EXPECT_EQ(loaded.settings.flow.warehouse.drift_grace, base::Duration::Minutes(2));
}

// What the table allows at its ends is what the modules allow.
TEST(Load, EndsOfRangesAreAllowedAndWhatIsBeyondIsOneMistake) {
  struct Case {
    std::string_view key;
    std::vector<std::string_view> good;
    std::vector<std::string_view> bad;
  };
  const std::vector<Case> cases{
      {"history: {keep: ", {"35d", "3660d"}, {"34d23h", "3660d1ms", "0s"}},
      {"alerts: {reopen_window: ", {"0s", "30d"}, {"30d1ms", "-1s", "''"}},
      {"alerts: {flap_window: ", {"0s", "30d"}, {"31d"}},
      {"commit: {inputs_max: ", {"1", "65536"}, {"0", "65537", "-1", "1.0", "1e3", "0x10"}},
      {"commit: {bytes_max: ", {"1024", "1073741824"}, {"1023", "1073741825"}},
      {"commit: {open_max: ", {"0s", "10s"}, {"10001ms", "-1s", "5"}},
      {"stock: {drift_grace: ", {"0s", "5m"}, {"5m1ms"}},
      {"stock: {drift_tolerance: ", {"0", "1000000000"}, {"-0.001", "1000000000.001", ".5"}},
      {"stock: {inbound_references_max: ", {"1", "4096"}, {"0", "4097"}},
      {"source: {line_bytes_max: ", {"1024", "1073741824"}, {"1023", "1073741825"}},
      {"source: {depth_max: ", {"1", "500"}, {"0", "501"}},
      {"source: {token_memory_max: ", {"1000", "100000000"}, {"999", "100000001"}},
      {"source: {ahead_max: ", {"0s", "3660d"}, {"3660d1ms", "off"}},
      {"source: {mongo: {await: ", {"10ms}", "9s}"}, {"9ms}", "5m1ms}"}},
      {"source: {mongo: {heartbeat: ", {"1s}", "1h}"}, {"999ms}", "1h1ms}"}},
      {"source: {mongo: {queue_bytes_max: ", {"1024}", "17179869184}"}, {"1023}", "17179869185}"}},
      {"source: {mongo: {snapshot_readers: ", {"1}", "16}"}, {"0}", "17}"}},
      {"stock: {currency: ", {"EUR"}, {"EURO", "E1R", "''"}},
  };
  for (const Case& c : cases) {
    const auto mistakes = [&](std::string_view value) {
      return MistakesOf(std::string(c.key) + std::string(value) + "}");
    };
    for (std::string_view value : c.good) {
      EXPECT_EQ(mistakes(value), std::vector<std::string>{}) << c.key << value;
    }
    for (std::string_view value : c.bad) EXPECT_EQ(mistakes(value).size(), 1u) << c.key << value;
  }
}

// The keys of a rule in the table are those that DecodeRule reads.
TEST(Load, EveryKeyOfARuleIsRead) {
  for (const Option* option : OptionsOf("thresholds.rules[]")) {
    if (option->key == "id") continue;
    const std::string text =
        "thresholds: {rules: [{id: a, " + std::string(option->key) + ": [[]]}]}";
    const auto mistakes = MistakesOf(text);
    ASSERT_EQ(mistakes.size(), 1u) << option->key;
    EXPECT_EQ(mistakes[0].find("line 1: thresholds.rules[0]." + std::string(option->key)), 0u)
        << mistakes[0];
    EXPECT_EQ(mistakes[0].find("known"), std::string::npos) << mistakes[0];
  }
}

TEST(Load, EveryFileOfMistakesGivesTheMessagesAtItsTop) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SourceDir() / "config/testdata")) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string text = FileText(entry.path());
    std::vector<std::string> expected;
    for (std::size_t begin = 0; text.substr(begin, 2) == "# ";) {
      const std::size_t end = text.find('\n', begin);
      expected.push_back(text.substr(begin + 2, end - begin - 2));
      begin = end + 1;
    }
    EXPECT_FALSE(expected.empty()) << entry.path();
    EXPECT_EQ(MistakesOf(text), expected) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 70u);
}

TEST(Load, ShowsAHundredMistakesAndHowManyThereAreBeside) {
  std::string text;
  for (int i = 0; i < 103; ++i) text += "k" + std::to_string(i) + ": 1\n";
  const auto mistakes = MistakesOf(text);
  ASSERT_EQ(mistakes.size(), 101u);
  EXPECT_EQ(mistakes.back(), "mistakes left out: 3");
}

TEST(Load, LimitsAreNamed) {
  const auto first = [](const std::string& text) {
    const auto mistakes = MistakesOf(text);
    return mistakes.empty() ? std::string() : mistakes[0];
  };
  EXPECT_EQ(first(std::string(kSettingsBytesMax + 1, ' ')),
            "settings are larger than 16 MiB: 16777217");
  EXPECT_EQ(first(std::string(1'000'001, '[')),
            "cannot read yaml: more than 1000000 brackets and commas");
  std::string values;
  for (int i = 0; i < 1'000'000; ++i) values += "- a\n";
  EXPECT_EQ(first(values), "line 1000000: column 3: cannot read yaml: more than 1000000 values");
  std::string rules = "thresholds:\n  rules:\n";
  for (std::size_t i = 0; i <= kRulesMax; ++i) rules += "    - 1\n";
  EXPECT_EQ(first(rules), "line 2: thresholds.rules: is not a list of at most 2000 rules: 2001");
  std::string mapping = "warehouse:\n  mapping:\n";
  for (std::size_t i = 0; i <= kWarehousesMax; ++i)
    mapping += "    w" + std::to_string(i) + ": A\n";
  EXPECT_EQ(first(mapping),
            "line 2: warehouse.mapping: is not a map of at most 10000 names in documents to "
            "warehouse ids: 10001");
  std::string hooks = "documents:\n  inventory:\n    hooks:\n";
  for (int i = 0; i < 65; ++i) hooks += "      - drop: {field: a}\n";
  EXPECT_EQ(first(hooks), "line 3: documents.inventory.hooks: more than 64 hooks: 65");
}

TEST(Load, DepthUpToTheLimitIsNoMatterOfYaml) {
  const auto nested = [](std::size_t lists) {
    return "x: " + std::string(lists, '[') + std::string(lists, ']');
  };
  EXPECT_EQ(MistakesOf(nested(31))[0].find("line 1: x: is no known key"), 0u);
  EXPECT_EQ(MistakesOf(nested(32)),
            std::vector<std::string>{"line 1: column 35: cannot read yaml: deeper than 32 levels"});
  EXPECT_EQ(MistakesOf(nested(100'000)).size(), 1u);
}

TEST(SettingsFile, ErrorsSayWhatIsInTheWay) {
  std::string made = testing::TempDir() + "settings_file_XXXXXX";
  ASSERT_NE(mkdtemp(made.data()), nullptr);
  const std::filesystem::path folder = made;
  const std::string good = folder / "good.yaml";
  std::ofstream(good) << "source: {id: a}\n";
  const std::string large = folder / "large.yaml";
  std::ofstream(large) << std::string(kSettingsBytesMax + 1, '#');
  ASSERT_TRUE(ReadSettingsFile(good).ok());
  EXPECT_EQ(ReadSettingsFile(good).value(), "source: {id: a}\n");
  EXPECT_EQ(ReadSettingsFile("/dev/null").value(), "");

  const auto missing = ReadSettingsFile(folder / "missing.yaml");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::Code::kNotFound);
  EXPECT_EQ(missing.error().message,
            "cannot read settings: no such file: \"" + (folder / "missing.yaml").string() + "\"");
  const auto directory = ReadSettingsFile(folder);
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().code, base::Code::kFailedPrecondition);
  EXPECT_EQ(directory.error().message,
            "cannot read settings: it is a directory: \"" + folder.string() + "\"");
  const auto beyond = ReadSettingsFile(large);
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error().code, base::Code::kResourceExhausted);
  const auto below_a_file = ReadSettingsFile(good + "/x");
  ASSERT_FALSE(below_a_file.ok());
  std::filesystem::remove_all(folder);
}

TEST(SettingsPage, IsTheOneInDocs) {
  EXPECT_TRUE(FileText(SourceDir() / "../docs/settings.md") == SettingsPage())
      << "docs/settings.md is not what SettingsPage() gives";
}

TEST(SettingsPage, NamesEveryKeyInItsTable) {
  const std::string page = SettingsPage();
  for (const Option* option : AllOptions()) {
    const auto* section = std::get_if<SectionForm>(&option->form);
    const bool is_section = section != nullptr;
    // The three collections share one section of the page.
    const bool is_shown = !is_section || section->section != "documents.<collection>";
    EXPECT_EQ(page.find(option->meaning) != std::string::npos, is_shown) << option->key;
    const std::string row = "\n| `" + std::string(option->key) + "` | ";
    EXPECT_TRUE(is_section || page.find(row) != std::string::npos) << option->key;
    EXPECT_EQ(option->meaning.find('|'), std::string_view::npos) << option->key;
  }
}

class ExampleSettings : public testing::Test {
 protected:
  const std::string text_ = FileText(SourceDir() / "../examples/settings.yaml");
};

TEST_F(ExampleSettings, AreTheDefaults) {
  const Loaded loaded = Load(text_);
  EXPECT_EQ(Messages(loaded), std::vector<std::string>{});
  EXPECT_EQ(Values(loaded.settings), Values(Settings()));
}

TEST_F(ExampleSettings, HaveEveryKey) {
  for (const Option* option : AllOptions()) {
    if (option->section.find("[]") != std::string_view::npos) continue;
    EXPECT_NE(text_.find(std::string(option->key) + ":"), std::string::npos) << option->key;
  }
}

// Lines such as "#  mapping:" take the place of those with an empty list or map.
TEST_F(ExampleSettings, ExamplesInRemarksAreGoodToo) {
  std::string uncommented;
  std::size_t examples = 0;
  for (std::size_t begin = 0; begin < text_.size();) {
    const std::size_t end = text_.find('\n', begin);
    std::string line = text_.substr(begin, end - begin);
    begin = end + 1;
    const std::string code = line.substr(0, line.find(" #"));
    const std::size_t last = code.find_last_not_of(' ');
    const bool is_empty = last != std::string::npos && last > 0 &&
                          (code.substr(last - 1, 2) == "{}" || code.substr(last - 1, 2) == "[]");
    if (line.substr(0, 3) == "#  ") {
      line[0] = ' ';
      line.erase(0, 1);
      ++examples;
    } else if (is_empty) {
      continue;
    }
    uncommented += line + "\n";
  }
  const Loaded loaded = Load(uncommented);
  EXPECT_EQ(Messages(loaded), std::vector<std::string>{}) << uncommented;
  EXPECT_GE(examples, 30u);
  EXPECT_EQ(loaded.settings.flow.rules.size(), 2u);
  EXPECT_EQ(loaded.settings.flow.warehouses.size(), 2u);
  EXPECT_EQ(loaded.settings.channels.size(), 2u);
  EXPECT_EQ(loaded.settings.decode.inventory.hooks.size(), 10u);
  EXPECT_EQ(loaded.settings.decode.warehouse.mapping.size(), 2u);
}

TEST_F(ExampleSettings, OfOnlineRetailLoads) {
  const Loaded loaded = Load(FileText(SourceDir() / "../examples/online-retail/stockwatch.yaml"));
  EXPECT_EQ(Messages(loaded), std::vector<std::string>{});
  EXPECT_EQ(loaded.settings.flow.rules.size(), 2u);
}

}  // namespace
}  // namespace stockwatch::config
