#pragma once

#include <CLI/CLI.hpp>

#include "commands.h"

namespace stockwatch::cmd {

inline void AddConnect(CLI::App& app, ConnectFlags& flags) {
  CLI::App& command = *app.add_subcommand(
      "connect", "Write MongoDB's changes into a file, each once and in order, without an engine");
  command
      .add_option(
          "--source", flags.source,
          "mongo for the MongoDB of the settings, or its mongodb:// URI, where that holds no "
          "password")
      ->required()
      ->type_name("mongo|URI");
  command.add_option("--config", flags.config, "settings file (docs/settings.md)")
      ->required()
      ->type_name("FILE");
  command.add_option("--to", flags.to, "file of lines, made where there is none; replay reads it")
      ->required()
      ->type_name("FILE");
  CLI::Option* file =
      command
          .add_option("--position", flags.position,
                      "file that keeps how far it has come; without: beside --to, .position")
          ->type_name("FILE");
  CLI::Option* collection = command
                                .add_option("--position-collection", flags.position_collection,
                                            "collection of the same MongoDB that keeps it instead, "
                                            "with a lease: for connectors on "
                                            "several machines; the user needs readWrite on it")
                                ->type_name("DB.COLLECTION");
  collection->excludes(file);
  command.add_option("--name", flags.name, "of the position in the collection")
      ->needs(collection)
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--lease", flags.lease_seconds,
                  "seconds after which the position of a connector that was killed or cut off is "
                  "another's to take")
      ->needs(collection)
      ->check(CLI::Range(2, 600))
      ->type_name("SECONDS")
      ->capture_default_str();
  command.add_flag("--standby", flags.standby,
                   "wait while another connector has the position, and take over when it ends");
  command.footer(
      "Example:\n  stockwatch connect --source mongo --config stockwatch.yaml --to "
      "changes.ndjson");
}

}  // namespace stockwatch::cmd
