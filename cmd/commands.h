#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/event/rule.h"
#include "exit_code.h"

namespace stockwatch::cmd {

enum class Output { kText, kJson };

struct ReplayFlags {
  std::string file;
  std::optional<std::string> config;
  std::optional<std::string> export_dir;
  std::optional<std::string> metrics_file;
  std::optional<std::string> store;
  bool strict = false;
  bool quiet = false;  // text: no notices
  Output output = Output::kText;
};
ExitCode RunReplay(const ReplayFlags& flags);

struct CheckFlags {
  std::optional<std::string> config;
  Output output = Output::kText;
};
ExitCode RunCheck(const CheckFlags& flags);

struct DoctorFlags {
  std::optional<std::string> config;
  std::string source;
  bool suggest_mapping = false;
};
ExitCode RunDoctor(const DoctorFlags& flags);

// Changes of MongoDB into a file, without an engine.
struct ConnectFlags {
  std::string source;  // "mongo" or a URI
  std::optional<std::string> config;
  std::string to;
  std::string position;                            // a file; empty: beside that of the changes
  std::optional<std::string> position_collection;  // "database.collection" in its place
  std::string name = "stockwatch";                 // of the position in its collection
  std::uint32_t lease_seconds = 10;                // of that position
  bool standby = false;
};
ExitCode RunConnect(const ConnectFlags& flags);

// Envelopes of sensitive values, a line each of standard input.
struct DecryptFlags {
  std::optional<std::string> config;
  std::string collection;  // where the value stood; empty: where the settings encrypt
  std::string field;
};
ExitCode RunDecrypt(const DecryptFlags& flags);

struct ChannelFlags {
  std::optional<std::string> config;
  std::string name;  // empty: every channel
};
ExitCode RunChannelsTest(const ChannelFlags& flags);

struct ExplainFlags {
  std::optional<std::string> config;
  std::optional<std::string>
      changes;  // a file whose rules count too, and whose item gives the levels
  std::string warehouse;
  std::string department;
  std::string category;
  std::string brand;
  std::string product;
  std::string sku;
  std::optional<std::string> at;
  std::optional<std::string> server;  // a running engine: its rules, its item, its demand
  std::optional<std::string> store;   // the same of a stopped one
  Output output = Output::kText;
};
ExitCode RunExplain(const ExplainFlags& flags);

struct ShopFlags {
  std::uint64_t seed = 1;
  std::uint32_t warehouses = 0;  // 0: the shop's default
  std::uint32_t items = 0;
  std::uint32_t days = 0;
  std::string file = "-";
  std::optional<std::string> labels;
};
ExitCode RunShop(const ShopFlags& flags);

struct QualityFlags {
  std::optional<std::string> file;  // recorded changes; without: the generated shop
  std::optional<std::string> config;
  std::string seeds = "101..103";
  std::uint32_t days = 120;
  Output output = Output::kText;
};
ExitCode RunQuality(const QualityFlags& flags);

struct RunFlags {
  std::string source;  // a file, "-", "shop", "mongo", or a URI of MongoDB
  ShopFlags shop;
  std::string store;
  std::optional<std::string> config;
  std::uint16_t port = 0;
  std::uint64_t free_bytes_min = std::uint64_t{256} << 20;
  std::optional<std::string> key_file;  // where the admin key goes; without: the console
  std::uint32_t speed = 0;              // of a shop: its seconds in one; 0: as fast as it goes
  std::uint32_t lead_days = 0;          // of a shop: pass at once
  bool standby = false;                 // waits while another engine has the store
  bool until_end = false;               // ends when the source ends
  bool quiet = false;                   // no notices
};
ExitCode RunRun(const RunFlags& flags);

enum class StoreAction {
  kInspect,
  kVerify,
  kBackup,
  kRestore,
  kExport,
  kImport,
  kHistory,
  kAlerts,
  kLetters,
  kShowLetter,
  kRetryLetter,
  kDropLetter,
  kDeliveries,
  kRetryDelivery,
  kChannels,
  kEnableChannel,
  kShowAlert,
  kAudit,
  kVerifyAudit,
  kResetKey,
};
struct StoreFlags {
  std::optional<std::string> store;  // of a stopped engine
  std::string server = "http://127.0.0.1:8080";
  std::string argument;  // a folder, a file, an id
  std::optional<std::string> config;
  std::string warehouse;
  std::string sku;
  std::optional<std::string> at;
  std::string why;                            // of what is audited
  std::optional<std::string> key_file;        // the admin key, for --server
  std::optional<std::string> noted;           // head of the audit chain
  std::map<std::string, std::string> filter;  // of alerts: AlertFilter::kNames; empty: any
  Output output = Output::kJson;
  bool rollups = false;
  bool demand = false;
  bool records = false;
};
ExitCode RunStore(StoreAction action, const StoreFlags& flags);

enum class AlertAction : std::uint8_t {
  kWhy,
  kWhyNot,
  kAcknowledge,
  kUnacknowledge,
  kSnooze,
  kUnsnooze,
  kResolve,
  kComment,
  kAssign,
  kSilences,
  kAddSilence,
  kEndSilence,
};
// What people do to alerts and silences of a running engine, or ask of an alert.
struct AlertFlags {
  AlertAction action{};
  std::optional<std::string> store;  // of a stopped engine; of why
  std::string server = "http://127.0.0.1:8080";
  std::optional<std::string> key_file;  // the admin key
  std::string id;                       // of the alert or the silence
  std::string author;
  std::string reason;
  std::string until;   // ISO 8601, or
  std::string length;  // "2h" from now on
  std::string text;
  std::string assignee;
  std::string type;
  event::RuleScope scope;
  std::vector<std::string> types;
  Output output = Output::kJson;  // of why
};
ExitCode RunAlert(const AlertFlags& flags);

enum class SourceAction { kPosition, kPause, kResume, kSnapshot, kSeek };
struct SourceFlags {
  SourceAction action{};
  std::string server = "http://127.0.0.1:8080";
  std::optional<std::string> key_file;  // the admin key
  std::string id = "default";
  std::string token;
  std::string at;
  std::string filter;  // of a snapshot: Extended JSON
  std::string reason;
};
ExitCode RunSource(const SourceFlags& flags);

enum class ClockAction { kShow, kAdopt };
struct ClockFlags {
  ClockAction action{};
  std::string server = "http://127.0.0.1:8080";
  std::optional<std::string> key_file;  // the admin key
  std::string reason;
};
ExitCode RunClock(const ClockFlags& flags);

struct BenchFlags {
  std::string job;
  std::uint64_t events = 10'000'000;
  std::uint64_t items = 1'000'000;
  std::string skew = "uniform";
  std::string durability = "d2";
  std::uint32_t batch = 16'384;
  std::optional<std::string> folder;
  bool fast = false;
  Output output = Output::kText;
};
ExitCode RunBench(const BenchFlags& flags);

}  // namespace stockwatch::cmd
