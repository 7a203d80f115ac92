#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>

#include "commands.h"

namespace stockwatch::cmd {

// Flags of the engine and of the commands about a store or a running engine. Part of the one unit
// that knows CLI11.

inline void AddRun(CLI::App& app, RunFlags& flags) {
  CLI::App& command = *app.add_subcommand(
      "run", "Watch a source of changes: durable, with alerts and an HTTP API on loopback");
  command
      .add_option("--source", flags.source,
                  "NDJSON of change events, plain (followed as it grows) or gzip; - for standard "
                  "input; shop for a generated shop; mongo for the MongoDB of the settings, or its "
                  "mongodb:// URI, where that holds no password")
      ->required()
      ->type_name("FILE|-|shop|mongo|URI");
  command
      .add_option("--store", flags.store,
                  "durable store, made if it is missing; the engine goes on where it was")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--config", flags.config,
                  "settings file (docs/settings.md); SIGHUP reads its rules again")
      ->type_name("FILE");
  command.add_option("--port", flags.port, "of the HTTP API on 127.0.0.1; 0: any that is free")
      ->default_val(8080);
  command
      .add_option("--free-bytes-min", flags.free_bytes_min,
                  "with less free space than this the engine stops before it writes")
      ->capture_default_str();
  command
      .add_option("--key-file", flags.key_file,
                  "new file for the admin key that the first start makes; without: the console")
      ->type_name("FILE");
  command.add_flag("--standby", flags.standby,
                   "while another engine has the store: wait, and take over when it ends");
  command.add_flag("--until-end", flags.until_end, "end when the source ends");
  command.add_flag("--quiet", flags.quiet, "no alerts on the console");
  command.add_option("--seed", flags.shop.seed, "shop: the same seed gives the same shop")
      ->capture_default_str();
  command.add_option("--warehouses", flags.shop.warehouses, "shop: number; 0: the default")
      ->capture_default_str();
  command.add_option("--items", flags.shop.items, "shop: of a warehouse; 0: the default")
      ->capture_default_str();
  command.add_option("--days", flags.shop.days, "shop: days; 0: the default")
      ->capture_default_str();
  command
      .add_option("--speed", flags.speed,
                  "shop: its seconds in one second; 0: as fast as they are taken")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command
      .add_option("--lead-days", flags.lead_days,
                  "shop: days that pass as fast as they are taken before --speed holds")
      ->check(CLI::Range(0, 3660))
      ->capture_default_str();
  command.footer(
      "SIGTERM and SIGINT end it when everything that was taken is stored.\n"
      "Examples:\n"
      "  stockwatch run --source shop --store /var/lib/stockwatch --config settings.yaml\n"
      "  stockwatch run --source changes.ndjson --store store --until-end\n"
      "  stockwatch run --standby --port 8081 --source mongo --store /srv/stockwatch "
      "--config settings.yaml");
}

// Not by IsMember, which would write the names into the help a second time.
inline void CheckOutput(const std::string& name, std::initializer_list<const char*> known) {
  std::string names;
  for (const char* one : known) {
    if (name == one) return;
    names.append(names.empty() ? "" : " or ").append(one);
  }
  throw CLI::ValidationError("--output", "is " + names + ", not \"" + name + "\"");
}

inline void AddWhere(CLI::App& command, StoreFlags& flags) {
  auto* store = command.add_option("--store", flags.store, "store of an engine that does not run")
                    ->type_name("DIR");
  command.add_option("--server", flags.server, "address of a running engine")
      ->type_name("URL")
      ->capture_default_str()
      ->excludes(store);
}

// One command on a store: of a stopped engine by --store, of a running one by --server.
inline CLI::App& AddStoreCommand(CLI::App& group, const std::string& name, const std::string& help,
                                 StoreFlags& flags, StoreAction action,
                                 std::optional<StoreAction>& chosen) {
  CLI::App& command = *group.add_subcommand(name, help);
  AddWhere(command, flags);
  command
      .add_option_function<std::string>(
          "--output", [](const std::string& output) { CheckOutput(output, {"json", "ndjson"}); },
          "lines of JSON, as always")
      ->type_name("json|ndjson");
  command.callback([&chosen, action] { chosen = action; });
  return command;
}

// One that only a running engine can do. Any of the flags that name one.
template <typename Flags, typename Action>
CLI::App& AddServerCommand(CLI::App& group, const std::string& name, const std::string& help,
                           Flags& flags, Action action, std::optional<Action>& chosen) {
  CLI::App& command = *group.add_subcommand(name, help);
  command.add_option("--server", flags.server, "address of a running engine")
      ->type_name("URL")
      ->capture_default_str();
  command.callback([&chosen, action] { chosen = action; });
  return command;
}

inline void AddWhy(CLI::App& command, StoreFlags& flags) {
  command.add_option("--why", flags.why, "reason, for the audit log")->type_name("TEXT");
}

// Never the key itself: every user of the host sees what a process was started with.
template <typename Flags>
void AddEngineKey(CLI::App& command, Flags& flags) {
  command
      .add_option("--key-file", flags.key_file,
                  "file with the admin key; without: the variable STOCKWATCH_KEY")
      ->type_name("FILE");
}

// The same where a store can be named instead of an engine.
inline void AddKeyFile(CLI::App& command, StoreFlags& flags) {
  command
      .add_option("--key-file", flags.key_file,
                  "file with the admin key, with --server; without: the variable STOCKWATCH_KEY")
      ->type_name("FILE");
}

inline void AddAudit(CLI::App& app, StoreFlags& flags, std::optional<StoreAction>& chosen) {
  CLI::App& audit = *app.add_subcommand("audit", "Who changed what, when, from where and why");
  audit.require_subcommand(1);
  AddStoreCommand(audit, "list", "A line each", flags, StoreAction::kAudit, chosen);
  CLI::App& verify =
      AddStoreCommand(audit, "verify",
                      "The hash chain from its first entry; prints where it stands, to be noted "
                      "elsewhere",
                      flags, StoreAction::kVerifyAudit, chosen);
  verify.add_option("--noted", flags.noted, "where it stood when it was noted")
      ->type_name("NUMBER:HASH");
  CLI::App& keys = *app.add_subcommand("keys", "Who may change something by the API");
  keys.require_subcommand(1);
  CLI::App& reset = *keys.add_subcommand("reset", "A new admin key for one that was lost");
  reset.add_option("--store", flags.store, "store of an engine that does not run")
      ->required()
      ->type_name("DIR");
  reset.add_option("--key-file", flags.key_file, "new file for it; without: the console")
      ->type_name("FILE");
  AddWhy(reset, flags);
  reset.callback([&chosen] { chosen = StoreAction::kResetKey; });
}

inline void AddTable(CLI::App& command, StoreFlags& flags, const std::string& help) {
  command
      .add_option_function<std::string>(
          "--output",
          [&flags](const std::string& name) {
            CheckOutput(name, {"text", "json", "ndjson"});
            flags.output = name == "text" ? Output::kText : Output::kJson;
          },
          help)
      ->type_name("text|json|ndjson")
      ->default_str("json");
}

// Filters are those of the API; without one the list is all that is kept, as exports have it.
inline void AddAlertList(CLI::App& alerts, StoreFlags& flags, std::optional<StoreAction>& chosen) {
  CLI::App& command = *alerts.add_subcommand(
      "list", "Every alert that is kept; with a filter those that it takes, newest first");
  AddWhere(command, flags);
  struct Row {
    const char* flag;
    const char* name;
    const char* help;
    const char* value;
  };
  const Row rows[] = {{"--state", "state", "active: open or acknowledged; without: all but closed",
                       "active|open|acknowledged|resolved|closed"},
                      {"--type", "type", "low_stock, out_of_stock, …", "TYPE"},
                      {"--severity", "severity", "info, warning, critical or page", "SEVERITY"},
                      {"--warehouse", "warehouse", "of what is there", "ID"},
                      {"--department", "department", "of what is in it", "ID"},
                      {"--category", "category", "of what is in it", "ID"},
                      {"--brand", "brand", "of what is of it", "ID"},
                      {"--sku", "sku", "of that item, in any warehouse", "ID"}};
  for (const Row& row : rows) {
    command.add_option(row.flag, flags.filter[row.name], row.help)->type_name(row.value);
  }
  auto* held = command.add_flag_callback(
      "--held-back", [&flags] { flags.filter["held_back"] = "true"; },
      "those that nobody hears of, with the reason");
  command
      .add_flag_callback(
          "--not-held-back", [&flags] { flags.filter["held_back"] = "false"; }, "the others")
      ->excludes(held);
  AddTable(command, flags,
           "json: lines for programs; text: a table for people, of the active ones where no "
           "--state is given");
  command.callback([&chosen] { chosen = StoreAction::kAlerts; });
  command.footer(
      "Examples:\n"
      "  stockwatch alerts list --state active --output text\n"
      "  stockwatch alerts list --held-back --warehouse GB");
}

inline void AddDeliveries(CLI::App& app, StoreFlags& flags, std::optional<StoreAction>& chosen) {
  CLI::App& deliveries = *app.add_subcommand("deliveries", "What became of notices");
  deliveries.require_subcommand(1);
  CLI::App& list = *deliveries.add_subcommand("list", "A line each, with the attempts");
  AddWhere(list, flags);
  AddTable(list, flags, "json: lines for programs; text: a table for people");
  list.callback([&chosen] { chosen = StoreAction::kDeliveries; });
  CLI::App& again = AddServerCommand(deliveries, "replay", "Try one again that was given up", flags,
                                     StoreAction::kRetryDelivery, chosen);
  again.add_option("id", flags.argument, "of the delivery")->required()->type_name("");
  AddWhy(again, flags);
  AddKeyFile(again, flags);
}

inline void AddStore(CLI::App& app, StoreFlags& flags, std::optional<StoreAction>& chosen) {
  const auto add = [&](CLI::App& group, const char* name, const char* help, StoreAction action,
                       const char* argument = nullptr, const char* about = "") -> CLI::App& {
    CLI::App& command = AddStoreCommand(group, name, help, flags, action, chosen);
    if (argument != nullptr) {
      command.add_option(argument, flags.argument, about)->required()->type_name("");
    }
    return command;
  };
  CLI::App& state = *app.add_subcommand("state", "What a store has");
  state.require_subcommand(1);
  add(state, "inspect", "Batches, counts, size", StoreAction::kInspect);
  CLI::App& verify = add(state, "verify", "Everything that must hold: checksums, sums, histories",
                         StoreAction::kVerify);
  CLI::App& backup = add(state, "backup", "Copy a store, also beside a running engine",
                         StoreAction::kBackup, "folder", "new folder for the copy");
  AddKeyFile(verify, flags);
  AddKeyFile(backup, flags);
  add(state, "restore", "Make a store of a backup", StoreAction::kRestore, "backup",
      "folder of the backup");
  CLI::App& exported =
      add(state, "export", "Items, nodes or records, a line each", StoreAction::kExport);
  auto* rollups = exported.add_flag("--rollups", flags.rollups, "nodes of both trees");
  exported.add_flag("--demand", flags.demand, "what items sold by hour, day and week")
      ->excludes(rollups);
  exported.add_flag("--records", flags.records, "every record, for another version or engine");
  CLI::App& history = add(state, "history", "Every change of an item, or its stock at an instant",
                          StoreAction::kHistory);
  history.add_option("--warehouse", flags.warehouse, "warehouse id")->required()->type_name("ID");
  history.add_option("--sku", flags.sku, "SKU")->required()->type_name("ID");
  history.add_option("--at", flags.at, "the stock as of then")->type_name("ISO-8601");
  add(state, "import", "Make a store of exported records", StoreAction::kImport, "file",
      "file of records; - for standard input");
  CLI::App& alerts = *app.add_subcommand("alerts", "Alerts");
  alerts.require_subcommand(1);
  AddAlertList(alerts, flags, chosen);
  AddDeliveries(app, flags, chosen);
  add(alerts, "show", "One", StoreAction::kShowAlert, "id", "of the alert");
  CLI::App& letters = *app.add_subcommand("deadletters", "Changes that could not be taken");
  letters.require_subcommand(1);
  add(letters, "list", "A line each", StoreAction::kLetters);
  add(letters, "show", "One, with its bytes", StoreAction::kShowLetter, "id", "of the dead letter");
  CLI::App& replay = add(letters, "replay", "Take one again", StoreAction::kRetryLetter, "id",
                         "of the dead letter");
  CLI::App& drop =
      add(letters, "drop", "Forget one", StoreAction::kDropLetter, "id", "of the dead letter");
  for (CLI::App* change : {&replay, &drop}) {
    change->add_option("--config", flags.config, "settings file, with --store")->type_name("FILE");
    AddWhy(*change, flags);
    AddKeyFile(*change, flags);
  }
  AddAudit(app, flags, chosen);
}

inline void AddChannels(CLI::App& app, ChannelFlags& flags, StoreFlags& store,
                        std::optional<StoreAction>& chosen) {
  CLI::App& channels = *app.add_subcommand("channels", "Ways to receivers of notices");
  channels.require_subcommand(1);
  AddServerCommand(channels, "list", "Those of a running engine, and whether they are used", store,
                   StoreAction::kChannels, chosen);
  CLI::App& enable = AddServerCommand(
      channels, "enable", "Use a channel again whose receiver had answered that it is gone", store,
      StoreAction::kEnableChannel, chosen);
  enable.add_option("name", store.argument, "of the channel")->required()->type_name("NAME");
  AddWhy(enable, store);
  AddKeyFile(enable, store);
  CLI::App& command =
      *channels.add_subcommand("test", "Send a marked test and say what the receiver answered");
  command.add_option("name", flags.name, "of a channel; without: each of them")->type_name("NAME");
  command.add_option("--config", flags.config, "settings file (docs/settings.md)")
      ->type_name("FILE");
  command.footer("Example:\n  stockwatch channels test ops --config stockwatch.yaml");
}

inline void AddDoctor(CLI::App& app, DoctorFlags& flags) {
  CLI::App& command =
      *app.add_subcommand("doctor", "Look at all that a source needs of its server, with the fix");
  command
      .add_option(
          "--source", flags.source,
          "mongo for the MongoDB of the settings, or its mongodb:// URI, where that holds no "
          "password")
      ->required()
      ->type_name("mongo|URI");
  command.add_option("--config", flags.config, "settings file (docs/settings.md)")
      ->type_name("FILE");
  command.add_flag("--suggest-mapping", flags.suggest_mapping,
                   "from documents of the inventory: settings for fields that have other names");
  command.footer("Example:\n  stockwatch doctor --source mongo --config stockwatch.yaml");
}

inline void AddClock(CLI::App& app, ClockFlags& flags, std::optional<ClockAction>& chosen) {
  CLI::App& clock =
      *app.add_subcommand("clock", "The time of a running engine's snoozes, silences and retries");
  clock.require_subcommand(1);
  AddServerCommand(clock, "show", "Where it is, and how far the wall clock is ahead", flags,
                   ClockAction::kShow, chosen);
  CLI::App& adopt = AddServerCommand(
      clock, "adopt", "Go to the wall clock, which is ahead; by itself that takes an hour", flags,
      ClockAction::kAdopt, chosen);
  AddEngineKey(adopt, flags);
  adopt.add_option("--why", flags.reason, "reason, for the audit log")->type_name("TEXT");
}

inline void AddSource(CLI::App& app, SourceFlags& flags, std::optional<SourceAction>& chosen) {
  CLI::App& source = *app.add_subcommand("source", "Where a running engine reads changes");
  source.require_subcommand(1);
  struct Row {
    const char* name;
    const char* help;
    SourceAction action;
  };
  const Row rows[] = {
      {"position", "Where it stands, and what its reader does", SourceAction::kPosition},
      {"pause", "Read nothing more, until it is resumed or the engine starts again",
       SourceAction::kPause},
      {"resume", "Read on", SourceAction::kResume},
      {"snapshot", "Read everything once more, then go on", SourceAction::kSnapshot},
      {"seek", "Go on elsewhere: what was taken before is known again", SourceAction::kSeek}};
  for (const Row& row : rows) {
    const SourceAction action = row.action;
    CLI::App& command = AddServerCommand(source, row.name, row.help, flags, action, chosen);
    if (action == SourceAction::kPosition) continue;
    AddEngineKey(command, flags);
    command.add_option("--id", flags.id, "of the source: source.id of its settings")
        ->type_name("ID")
        ->capture_default_str();
    command.add_option("--why", flags.reason, "reason, for the audit log")->type_name("TEXT");
    if (action == SourceAction::kSnapshot) {
      command
          .add_option("--filter", flags.filter,
                      "read only what of the inventory it lets through, as a filter of find in "
                      "Extended JSON; nothing is retired then")
          ->type_name("JSON");
      command.footer(
          "Example:\n  stockwatch source snapshot --filter '{\"warehouse_id\": \"GB\"}'");
    }
    if (action != SourceAction::kSeek) continue;
    auto* token = command.add_option("--token", flags.token, "behind this resume token (`_data`)");
    command.add_option("--at", flags.at, "at this moment")->type_name("ISO-8601")->excludes(token);
  }
}

}  // namespace stockwatch::cmd
