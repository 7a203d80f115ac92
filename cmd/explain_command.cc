#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "app/explain.h"
#include "app/look/explanation.h"
#include "app/look/stopped_store.h"
#include "ask.h"
#include "base/percent.h"
#include "commands.h"
#include "flow/canonical.h"
#include "json_document.h"
#include "settings_flag.h"

namespace stockwatch::cmd {
namespace {

base::Instant Now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant::Seconds(
      std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
}

// What an engine answered, as far as its text shows it.
base::Result<look::Explanation> ReadExplanation(std::string answer) {
  SW_TRY(const JsonDocument document, JsonDocument::Read(std::move(answer)));
  using Part = JsonDocument::Part;
  const Part root = document.root();
  const auto rule_of = [](const Part& part) {
    look::ExplainedRule rule{part["id"].text(),     0,
                             part["author"].text(), part["reason"].text(),
                             part["value"].text(),  part["why"].text()};
    const std::string version = part["version"].text();
    std::from_chars(version.data(), version.data() + version.size(), rule.version);
    return rule;
  };
  const auto given = [](const Part& part) {
    return part.there() ? std::optional(part.text()) : std::nullopt;
  };
  look::Explanation explanation;
  explanation.levels = {root["warehouse_id"].text(), root["department"].text(),
                        root["category"].text(),     root["brand"].text(),
                        root["product_id"].text(),   root["sku"].text()};
  root["fields"].ForEach([&](const Part& part) {
    look::ExplainedField& field = explanation.fields.emplace_back();
    field.field = part["field"].text();
    field.value = part["value"].text();
    field.before_clamping = given(part["before_clamping"]);
    field.inputs = given(part["inputs"]);
    field.rule = rule_of(part["rule"]);
    part["beaten"].ForEach([&](const Part& beaten) { field.beaten.push_back(rule_of(beaten)); });
  });
  return explanation;
}

base::Result<std::optional<base::Instant>> AtOf(const ExplainFlags& flags) {
  if (!flags.at) return std::optional<base::Instant>();
  SW_TRY(const base::Instant at, base::ParseInstant(*flags.at));
  return std::optional(at);
}

// Of an engine that does not run: the item is judged as of its last commit.
base::Result<look::Explanation> ExplainStored(const ExplainFlags& flags) {
  SW_TRY(const auto at, AtOf(flags));
  SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
  const flow::State& state = stopped->state();
  const key::ItemIndex item = state.directory.Find(
      {event::WarehouseIdView::Trusted(flags.warehouse), event::SkuView::Trusted(flags.sku)});
  if (item == key::kNoItem || !flow::IsLiving(state, item)) {
    return base::Error{base::Code::kNotFound,
                       "there is no item " + flags.warehouse + "/" + flags.sku};
  }
  return look::ExplainItem(state, item, at.value_or(state.now()));
}

base::Result<look::Explanation> ExplainSettings(config::Settings settings,
                                                const ExplainFlags& flags) {
  app::ExplainOptions options;
  options.levels = {flags.warehouse, flags.department, flags.category,
                    flags.brand,     flags.product,    flags.sku};
  options.changes = flags.changes;
  SW_TRY(options.at, AtOf(flags));
  if (!options.at && !flags.changes) options.at = Now();
  return app::Explain(std::move(settings), options);
}

ExitCode Show(const base::Result<look::Explanation>& explained, Output output) {
  if (!explained.ok()) return Ended(explained.error());
  Print(output == Output::kJson ? look::ExplanationJson(explained.value())
                                : look::ExplanationText(explained.value()));
  return ExitCode::kDone;
}

// Of a running engine.
ExitCode AskEngine(const ExplainFlags& flags) {
  const std::string path =
      "/api/v1/thresholds/effective?warehouse=" + base::PercentEncoded(flags.warehouse) +
      "&sku=" + base::PercentEncoded(flags.sku);
  auto answer = Fetch(Server{*flags.server, {}}, path);
  if (!answer.ok()) return Ended(answer.error());
  if (flags.output == Output::kJson) {
    Print(answer.value());
    return ExitCode::kDone;
  }
  return Show(ReadExplanation(std::move(answer).value()), Output::kText);
}

}  // namespace

ExitCode RunExplain(const ExplainFlags& flags) {
  if (flags.server) return AskEngine(flags);
  if (flags.store) return Show(ExplainStored(flags), flags.output);
  auto settings = LoadSettings(flags.config);
  if (!settings) return ExitCode::kUsage;
  return Show(ExplainSettings(*std::move(settings), flags), flags.output);
}

}  // namespace stockwatch::cmd
