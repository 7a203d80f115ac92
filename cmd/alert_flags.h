#pragma once

#include <CLI/CLI.hpp>

#include "commands.h"
#include "engine_flags.h"

namespace stockwatch::cmd {

// Flags of what people do to alerts and silences. Part of the one unit that knows CLI11.

inline void AddDeed(CLI::App& command, AlertFlags& flags) {
  AddEngineKey(command, flags);
  command.add_option("--author", flags.author, "in whose name")->type_name("NAME");
  command.add_option("--why", flags.reason, "reason, for the audit log")->type_name("TEXT");
}

inline void AddEnd(CLI::App& command, AlertFlags& flags) {
  auto* length = command.add_option("--for", flags.length, "from now on: 30m, 2h, 7d");
  length->type_name("DURATION");
  command.add_option("--until", flags.until, "the end")->type_name("ISO-8601")->excludes(length);
}

inline void AddScope(CLI::App& command, event::RuleScope& scope) {
  const std::pair<const char*, std::string*> names[] = {
      {"--warehouse", &scope.warehouse_id}, {"--department", &scope.department},
      {"--category", &scope.category},      {"--brand", &scope.brand},
      {"--product", &scope.product_id},     {"--sku", &scope.sku}};
  for (const auto& [name, value] : names) {
    command.add_option(name, *value, "what it covers; without: all")->type_name("ID");
  }
}

inline void AddWhyOutput(CLI::App& command, AlertFlags& flags) {
  command
      .add_option_function<std::string>(
          "--output",
          [&flags](const std::string& output) {
            CheckOutput(output, {"text", "json"});
            flags.output = output == "text" ? Output::kText : Output::kJson;
          },
          "json for programs or text for people")
      ->type_name("text|json")
      ->default_str("json");
}

inline void AddSilences(CLI::App& app, AlertFlags& flags, std::optional<AlertAction>& chosen) {
  CLI::App& silences = *app.add_subcommand("silences", "Times in which notices are held back");
  silences.require_subcommand(1);
  AddServerCommand(silences, "list", "Those that have not ended", flags, AlertAction::kSilences,
                   chosen);
  CLI::App& add = AddServerCommand(silences, "add", "Hold back the notices of what it covers",
                                   flags, AlertAction::kAddSilence, chosen);
  add.add_option("--id", flags.id, "its name; without: one is made")->type_name("ID");
  AddDeed(add, flags);
  AddEnd(add, flags);
  AddScope(add, flags.scope);
  add.add_option("--type", flags.types, "of alerts; several are possible; without: all")
      ->type_name("TYPE");
  CLI::App& end =
      AddServerCommand(silences, "end", "Before its time", flags, AlertAction::kEndSilence, chosen);
  end.add_option("id", flags.id, "of the silence")->required()->type_name("");
  AddDeed(end, flags);
}

// What people do to alerts; AddStore made the group.
inline void AddAlerts(CLI::App& app, AlertFlags& flags, std::optional<AlertAction>& chosen) {
  CLI::App& alerts = *app.get_subcommand("alerts");
  struct Row {
    const char* name;
    const char* help;
    AlertAction action;
  };
  const Row rows[] = {
      {"why", "What led to one, what holds it back, whom it was told", AlertAction::kWhy},
      {"ack", "Somebody has seen one and is at it", AlertAction::kAcknowledge},
      {"unack", "Take that back", AlertAction::kUnacknowledge},
      {"snooze", "No notices of one for a time", AlertAction::kSnooze},
      {"unsnooze", "End that", AlertAction::kUnsnooze},
      {"resolve", "By hand, where the condition no longer holds", AlertAction::kResolve},
      {"comment", "Note something on one", AlertAction::kComment},
      {"assign", "Give one to somebody", AlertAction::kAssign}};
  for (const Row& row : rows) {
    CLI::App& command = AddServerCommand(alerts, row.name, row.help, flags, row.action, chosen);
    command
        .add_option("id", flags.id, "of the alert, or where it is not closed eight digits or more")
        ->required()
        ->type_name("");
    if (row.action == AlertAction::kWhy) {
      command
          .add_option("--store", flags.store,
                      "store of an engine that does not run; its settings are not known, so "
                      "closes_at is null")
          ->type_name("DIR")
          ->excludes(command.get_option("--server"));
      AddWhyOutput(command, flags);
      continue;
    }
    AddDeed(command, flags);
    if (row.action == AlertAction::kSnooze) AddEnd(command, flags);
    if (row.action == AlertAction::kComment) {
      command.add_option("text", flags.text, "what to note")->required()->type_name("TEXT");
    }
    if (row.action == AlertAction::kAssign) {
      command.add_option("assignee", flags.assignee, "to whom; without: to nobody")
          ->type_name("NAME");
    }
  }
  CLI::App& why_not = AddServerCommand(alerts, "why-not", "Why an item has no alert of a type",
                                       flags, AlertAction::kWhyNot, chosen);
  why_not.add_option("--warehouse", flags.scope.warehouse_id, "warehouse id")
      ->required()
      ->type_name("ID");
  why_not.add_option("--sku", flags.scope.sku, "SKU")->required()->type_name("ID");
  why_not.add_option("--type", flags.type, "low_stock, out_of_stock, …")
      ->required()
      ->type_name("TYPE");
  AddSilences(app, flags, chosen);
}

}  // namespace stockwatch::cmd
