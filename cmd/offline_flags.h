#pragma once

#include <CLI/CLI.hpp>

#include "commands.h"

namespace stockwatch::cmd {

// Flags of the commands that work on files and in memory. Part of the one unit that knows CLI11.

inline void AddOutput(CLI::App& command, Output& output) {
  command
      .add_option_function<std::string>(
          "--output",
          [&output](const std::string& name) {
            if (name != "text" && name != "json") {
              throw CLI::ValidationError("--output", "is text or json, not \"" + name + "\"");
            }
            output = name == "json" ? Output::kJson : Output::kText;
          },
          "text for people or json for programs")
      ->type_name("text|json")
      ->default_str("text");
}

inline void AddReplay(CLI::App& app, ReplayFlags& flags) {
  CLI::App& command = *app.add_subcommand("replay", "Replay recorded changes at their own time");
  command
      .add_option("file", flags.file,
                  "NDJSON of change events, plain or gzip; - for standard input")
      ->required()
      ->type_name("FILE");
  command.add_option("--config", flags.config, "settings file (docs/settings.md)")
      ->type_name("FILE");
  command
      .add_option("--export", flags.export_dir,
                  "write items, rollups, demand, alerts and deadletters (.ndjson) into this folder")
      ->type_name("DIR");
  command
      .add_option("--metrics", flags.metrics_file,
                  "write metrics in the Prometheus text format when done")
      ->type_name("FILE");
  command
      .add_option("--store", flags.store,
                  "durable store to go on with, made if it is missing; without: in memory")
      ->type_name("DIR");
  command.add_flag("--strict", flags.strict, "end with exit code 1 at the first dead letter");
  command.add_flag("--quiet", flags.quiet, "no alerts on the console, only the summary");
  AddOutput(command, flags.output);
  command.footer(
      "Examples:\n"
      "  stockwatch replay changes.ndjson.gz --config stockwatch.yaml\n"
      "  stockwatch replay changes.ndjson --output json --export out/\n"
      "  stockwatch shop --days 3 | stockwatch replay -");
}

inline void AddCheck(CLI::App& app, CheckFlags& flags) {
  CLI::App& command = *app.add_subcommand(
      "check",
      "Check a settings file, and the keys, secrets and URI that it names: every mistake at once");
  command.add_option("config", flags.config, "settings file")->required()->type_name("FILE");
  AddOutput(command, flags.output);
  command.footer("Example:\n  stockwatch check stockwatch.yaml");
}

inline void AddFields(CLI::App& app, DecryptFlags& flags) {
  CLI::App& fields = *app.add_subcommand("fields", "Sensitive values of documents");
  fields.require_subcommand(1);
  CLI::App& command = *fields.add_subcommand(
      "decrypt", "Open envelopes of standard input, a line each, with the keys of the settings");
  command.add_option("--config", flags.config, "settings file with fields.keys")
      ->required()
      ->type_name("FILE");
  auto* collection = command
                         .add_option("--collection", flags.collection,
                                     "where the value stood, if no hook encrypts that field now")
                         ->type_name("NAME");
  auto* field = command.add_option("--field", flags.field, "its path, such as customer.email")
                    ->type_name("PATH")
                    ->needs(collection);
  collection->needs(field);
  command.footer(
      "Example:\n  echo 'enc:1:2026:…' | stockwatch fields decrypt --config stockwatch.yaml");
}

inline void AddExplain(CLI::App& app, ExplainFlags& flags) {
  CLI::App& thresholds = *app.add_subcommand("thresholds", "Threshold rules");
  thresholds.require_subcommand(1);
  CLI::App& command = *thresholds.add_subcommand(
      "explain", "Which thresholds hold for an item, and which rule gave each");
  command.add_option("--config", flags.config, "settings file with rules")->type_name("FILE");
  command
      .add_option("--changes", flags.changes,
                  "changes to replay first: their rules count, their item gives the levels")
      ->type_name("FILE");
  auto* server = command
                     .add_option("--server", flags.server,
                                 "address of a running engine: its rules, its item, its demand now")
                     ->type_name("URL");
  auto* store =
      command.add_option("--store", flags.store, "the same of an engine that does not run")
          ->type_name("DIR")
          ->excludes(server);
  for (const char* other : {"--config", "--changes"}) {
    command.get_option(other)->excludes(server)->excludes(store);
  }
  command.add_option("--warehouse", flags.warehouse, "warehouse id")->required()->type_name("ID");
  command.add_option("--sku", flags.sku, "SKU")->required()->type_name("ID");
  command.add_option("--department", flags.department, "level without --changes")->type_name("ID");
  command.add_option("--category", flags.category, "level without --changes")->type_name("ID");
  command.add_option("--brand", flags.brand, "level without --changes")->type_name("ID");
  command.add_option("--product", flags.product, "level without --changes")->type_name("ID");
  command
      .add_option("--at", flags.at,
                  "instant, for rules with an interval; default: the end of the changes, else now")
      ->type_name("ISO-8601")
      ->excludes(server);
  AddOutput(command, flags.output);
  command.footer(
      "Examples:\n"
      "  stockwatch thresholds explain --config stockwatch.yaml --warehouse GB --sku 85123A "
      "--category 85\n"
      "  stockwatch thresholds explain --changes changes.ndjson --warehouse GB --sku 85123A\n"
      "  stockwatch thresholds explain --server http://127.0.0.1:8080 --warehouse GB --sku 85123A");
}

inline void AddShop(CLI::App& app, ShopFlags& flags) {
  CLI::App& command = *app.add_subcommand("shop", "Write the changes of a generated shop");
  command.add_option("--seed", flags.seed, "the same seed gives the same shop")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_option("--warehouses", flags.warehouses, "number of warehouses; 0: the default")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_option("--items", flags.items, "items of a warehouse; 0: the default")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_option("--days", flags.days, "length; 0: the default")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_option("--file", flags.file, "where to; - for standard output")
      ->type_name("FILE")
      ->capture_default_str();
  command
      .add_option("--labels", flags.labels,
                  "write the truth about stock-outs to come into this file, a line of JSON each")
      ->type_name("FILE");
  command.footer(
      "Examples:\n"
      "  stockwatch shop --seed 7 --days 3 --file shop.ndjson\n"
      "  stockwatch shop --days 60 --file shop.ndjson --labels truth.ndjson");
}

inline void AddQuality(CLI::App& app, QualityFlags& flags) {
  CLI::App& command = *app.add_subcommand(
      "quality", "Hold alerts and forecasts against what became of the stock (docs/quality.md)");
  auto* file = command
                   .add_option("file", flags.file,
                               "NDJSON of recorded changes, plain or gzip; without: generated "
                               "shops")
                   ->type_name("FILE");
  command.add_option("--config", flags.config, "settings file of the recorded changes")
      ->type_name("FILE")
      ->needs(file);
  command.add_option("--seeds", flags.seeds, "of the generated shops")
      ->type_name("A..B")
      ->capture_default_str()
      ->excludes(file);
  command.add_option("--days", flags.days, "of each generated shop")
      ->capture_default_str()
      ->excludes(file)
      ->check(CLI::NonNegativeNumber);
  AddOutput(command, flags.output);
  command.footer(
      "Examples:\n"
      "  stockwatch quality --seeds 101..110\n"
      "  stockwatch quality changes.ndjson.gz --config stockwatch.yaml --output json");
}

inline void AddBench(CLI::App& app, BenchFlags& flags) {
  CLI::App& command =
      *app.add_subcommand("bench", "Measure a job; the canonical one is held against an oracle");
  command
      .add_option("job", flags.job,
                  "stock-rmw-1, the canonical one, or thresholds (docs/benchmark.md)")
      ->required()
      ->type_name("JOB");
  command.add_option("--events", flags.events, "number of events")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_option("--items", flags.items, "number of stock items")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_option("--skew", flags.skew, "uniform, 80-20 or zipf")->capture_default_str();
  command
      .add_option("--durability", flags.durability,
                  "d0: in memory; d1: up to a second may be lost; d2: durable before acknowledged")
      ->capture_default_str();
  command.add_option("--batch", flags.batch, "events of a group commit at most")
      ->capture_default_str();
  command.add_option("--folder", flags.folder, "where the store is made (else a temporary folder)")
      ->type_name("DIR");
  command.add_flag("--fast", flags.fast, "without the open loop, which measures latencies");
  AddOutput(command, flags.output);
  command.footer(
      "Example:\n  stockwatch bench stock-rmw-1 --events 1000000 --items 100000 --output json");
}

}  // namespace stockwatch::cmd
