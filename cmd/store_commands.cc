#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>

#include "alert_text.h"
#include "app/field_keys.h"
#include "app/keys.h"
#include "app/look/alert_filter.h"
#include "app/look/history.h"
#include "app/look/listings.h"
#include "app/look/stopped_store.h"
#include "app/parts.h"
#include "app/records_file.h"
#include "app/records_import.h"
#include "ask.h"
#include "base/percent.h"
#include "commands.h"
#include "flow/audit_log.h"
#include "flow/delivery_listing.h"
#include "flow/listing.h"
#include "flow/pipeline.h"
#include "secret.h"
#include "settings_flag.h"
#include "signals.h"

namespace stockwatch::cmd {
namespace {

using base::Code;
using base::Error;
using base::Status;

Status Ask(const StoreFlags& flags, const std::string& method, const std::string& path) {
  return Ask(Server{flags.server, flags.key_file}, method, path);
}

// With --store the state of a stopped engine, with --server what a running one answers.
Status Look(const StoreFlags& flags, const std::string& path,
            const std::function<Status(look::StoppedStore&)>& look) {
  if (!flags.store) return Ask(flags, "GET", path);
  SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
  return look(*stopped);
}

Status CheckAnswer(const look::Verified& verified) {
  for (const std::string& violation : verified.violations) Print(violation + "\n");
  Print(verified.Summary() + "\n");
  if (verified.violations.empty()) return {};
  return Error{Code::kDataLoss, "the store is damaged: restore a backup"};
}

Status Backup(const StoreFlags& flags) {
  if (!flags.store) {
    const std::string folder = std::filesystem::absolute(flags.argument).string();
    return Ask(flags, "POST", "/api/v1/state/backup?folder=" + base::PercentEncoded(folder));
  }
  SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
  return stopped->store().Backup(flags.argument);
}

// A backup is a store: it is copied, and opened to see that it is whole.
Status Restore(const StoreFlags& flags) {
  if (!flags.store) return Error{Code::kInvalidArgument, "restore needs --store, a new folder"};
  std::error_code failure;
  if (std::filesystem::exists(*flags.store, failure) &&
      !std::filesystem::is_empty(*flags.store, failure)) {
    return Error{Code::kFailedPrecondition, *flags.store + " is there and not empty"};
  }
  {
    SW_TRY(const auto backup, look::StoppedStore::Open(flags.argument));
    SW_TRY_STATUS(backup->store().Backup(*flags.store));
  }
  SW_TRY(const auto restored, look::StoppedStore::Open(*flags.store));
  SW_TRY(const auto verified, look::Verify(restored->state(), restored->store()));
  return CheckAnswer(verified);
}

Status Export(const StoreFlags& flags) {
  if (flags.records) {
    if (!flags.store) return Error{Code::kInvalidArgument, "--records needs --store"};
    SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
    return app::WriteRecords(stopped->state(), stopped->store(), Print);
  }
  const auto write = flags.rollups  ? flow::WriteRollUps
                     : flags.demand ? flow::WriteDemand
                                    : flow::WriteItems;
  const std::string what = flags.rollups ? "rollups" : flags.demand ? "demand" : "items";
  return Look(flags, "/api/v1/state/" + what, [&](look::StoppedStore& stopped) {
    write(stopped.state(), Print);
    return Status();
  });
}

Status History(const StoreFlags& flags) {
  look::HistoryQuestion question{flags.warehouse, flags.sku, std::nullopt};
  std::string path = "/api/v1/state/history?warehouse_id=" + base::PercentEncoded(flags.warehouse) +
                     "&sku=" + base::PercentEncoded(flags.sku);
  if (flags.at) {
    SW_TRY(question.at, base::ParseInstant(*flags.at));
    path += "&at=" + base::PercentEncoded(*flags.at);
  }
  return Look(flags, path, [&](look::StoppedStore& stopped) {
    return look::WriteHistory(stopped.state(), question, Print);
  });
}

Status Import(const StoreFlags& flags) {
  if (!flags.store) return Error{Code::kInvalidArgument, "import needs --store, a new folder"};
  SW_TRY(const app::Imported imported, app::ImportRecords(flags.argument, *flags.store));
  std::printf("%llu records, %llu history rows\n",
              static_cast<unsigned long long>(imported.records),
              static_cast<unsigned long long>(imported.history_rows));
  return {};
}

// A source with nothing in it: the engine is opened for one command.
class NoSource : public ports::ChangeSource {
 public:
  base::Result<ports::Next> Read(ports::RawInput& input) override {
    input.Clear();
    return ports::Next::kNothingYet;
  }
  Status Acknowledge() override { return {}; }
};

// Whoever may write the store's files.
flow::Actor OperatorOf(const StoreFlags& flags) {
  return {"operator", "beside the store", flags.why};
}

// Changes a stopped engine's state as a running one would.
Status WithPipeline(const StoreFlags& flags,
                    const std::function<Status(flow::Pipeline&, const config::Settings&)>& change) {
  const auto settings = LoadSettings(flags.config);
  if (!settings) return Error{Code::kInvalidArgument, "the settings have mistakes"};
  if (!std::filesystem::exists(*flags.store)) {
    return Error{Code::kNotFound, "there is no store: " + *flags.store};
  }
  rocksdb_store::Options options;
  options.folder = *flags.store;
  SW_TRY(const auto store, rocksdb_store::RocksdbStore::Open(options));
  NoSource source;
  SW_TRY(decode::Seal seal, app::FieldSeal(*settings));
  flow::Pipeline pipeline(settings->flow, settings->decode,
                          {source, *store, nullptr, nullptr, std::move(seal)},
                          app::RedactingWriter(settings->decode));
  SW_TRY_STATUS(pipeline.Start());
  SW_TRY_STATUS(change(pipeline, *settings));
  return pipeline.Stop();
}

Status RetryLetter(const StoreFlags& flags) {
  if (!flags.store) {
    return Ask(flags, "POST",
               "/api/v1/deadletters/" + base::PercentEncoded(flags.argument) + "/replay" +
                   WhyQuery(flags.why));
  }
  return WithPipeline(flags, [&](flow::Pipeline& pipeline, const config::Settings& settings) {
    pipeline.SetPresent(WallTime(), settings.source.ahead_max);
    const auto taken =
        pipeline.Retry(flags.argument, app::LineParser(settings.source), OperatorOf(flags));
    if (!taken.ok()) return Status(taken.error());
    if (!taken.value()) return Status();
    return Status(Error{Code::kFailedPrecondition, "refused again: " + taken.value()->message});
  });
}

Status DropLetter(const StoreFlags& flags) {
  if (!flags.store) {
    return Ask(flags, "DELETE",
               "/api/v1/deadletters/" + base::PercentEncoded(flags.argument) + WhyQuery(flags.why));
  }
  return WithPipeline(flags, [&](flow::Pipeline& pipeline, const config::Settings&) {
    return pipeline.Drop(flags.argument, OperatorOf(flags));
  });
}

Status ShowLetter(const StoreFlags& flags) {
  return Look(flags, "/api/v1/deadletters/" + base::PercentEncoded(flags.argument),
              [&](look::StoppedStore& stopped) -> Status {
                SW_TRY(const auto letter, look::FindDeadLetter(stopped.store(), flags.argument));
                Print(look::DeadLetterJson(letter));
                return {};
              });
}

Status Verify(const StoreFlags& flags) {
  if (!flags.store) return Ask(flags, "POST", "/api/v1/state/verify");
  SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
  SW_TRY(const auto verified, look::Verify(stopped->state(), stopped->store()));
  return CheckAnswer(verified);
}

// What is asked of the list: the filters that are given. People see the active ones.
std::map<std::string, std::string> FiltersOf(const StoreFlags& flags) {
  std::map<std::string, std::string> filters = flags.filter;
  std::erase_if(filters, [](const auto& filter) { return filter.second.empty(); });
  if (flags.output == Output::kText) filters.try_emplace("state", "active");
  return filters;
}

Status WriteAlertsOf(const StoreFlags& flags, const flow::LineSink& sink) {
  const auto filters = FiltersOf(flags);
  if (!flags.store) {
    std::string path = "/api/v1/state/alerts";
    for (const auto& [name, value] : filters) {
      path += path.ends_with("alerts") ? "?" : "&";
      path += name + "=" + base::PercentEncoded(value);
    }
    if (flags.output == Output::kJson) return Ask(flags, "GET", path);
    SW_TRY(const std::string lines, Fetch(Server{flags.server, flags.key_file}, path));
    sink(lines);
    return {};
  }
  SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
  if (filters.empty()) return flow::WriteAlerts(stopped->state(), stopped->store(), sink);
  SW_TRY(const auto filter,
         look::AlertFilter::From([&](std::string_view name) -> const std::string* {
           const auto given = filters.find(std::string(name));
           return given == filters.end() ? nullptr : &given->second;
         }));
  return look::WriteAlerts(filter, stopped->state(), stopped->store(), sink);
}

Status ListAlerts(const StoreFlags& flags) {
  if (flags.output == Output::kJson) return WriteAlertsOf(flags, Print);
  std::string lines;
  SW_TRY_STATUS(WriteAlertsOf(flags, [&](std::string_view line) { lines.append(line); }));
  SW_TRY(const std::string table, AlertTable(lines));
  Print(table);
  return {};
}

Status ListDeliveries(const StoreFlags& flags) {
  const std::string path = "/api/v1/state/deliveries";
  const bool table = flags.output == Output::kText;
  std::string lines;
  if (flags.store) {
    SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
    SW_TRY_STATUS(flow::WriteDeliveries(stopped->store(), [&](std::string_view line) {
      table ? static_cast<void>(lines.append(line)) : Print(line);
    }));
  } else if (table) {
    SW_TRY(lines, Fetch(Server{flags.server, flags.key_file}, path));
  } else {
    return Ask(flags, "GET", path);
  }
  if (!table) return {};
  SW_TRY(const std::string text, DeliveryTable(lines));
  Print(text);
  return {};
}

Status ShowAlert(const StoreFlags& flags) {
  return Look(flags, "/api/v1/alerts/" + base::PercentEncoded(flags.argument),
              [&](look::StoppedStore& stopped) -> Status {
                SW_TRY(const auto episode,
                       look::FindEpisode(stopped.state(), stopped.store(), flags.argument));
                Print(flow::AlertLine(episode));
                return {};
              });
}

Status ListAudit(const StoreFlags& flags) {
  return Look(flags, "/api/v1/state/audit", [&](look::StoppedStore& stopped) {
    return flow::ReadAudit(stopped.store(), [](const audit::SealedEntry& sealed) {
      Print(flow::AuditLine(sealed));
      return true;
    });
  });
}

Status VerifyAudit(const StoreFlags& flags) {
  std::optional<audit::Head> noted;
  if (flags.noted) {
    SW_TRY(noted, flow::ParseAuditHead(*flags.noted));
  }
  if (!flags.store) {
    const std::string query = noted ? "?noted=" + flow::AuditHeadText(*noted) : std::string();
    return Ask(flags, "GET", "/api/v1/audit/verify" + query);
  }
  // Not through the state: what is wrong with the log is to be told, whatever else is there.
  if (!std::filesystem::exists(*flags.store)) {
    return Error{Code::kNotFound, "there is no store: " + *flags.store};
  }
  rocksdb_store::Options options;
  options.folder = *flags.store;
  options.mode = rocksdb_store::Mode::kRead;
  SW_TRY(const auto store, rocksdb_store::RocksdbStore::Open(options));
  SW_TRY(const auto verified, flow::VerifyAudit(*store, noted));
  if (verified.violation) {
    return Error{Code::kDataLoss, "the audit log is not what was written: " + *verified.violation};
  }
  Print(verified.Summary() + "\n");
  return {};
}

Status ResetKey(const StoreFlags& flags) {
  return app::ResetAdminKey(*flags.store, flags.why, [&](const std::string& secret) {
    return flags.key_file ? app::WriteSecretFile(*flags.key_file, secret) : PrintSecret(secret);
  });
}

}  // namespace

ExitCode RunStore(StoreAction action, const StoreFlags& flags) {
  switch (action) {
    case StoreAction::kInspect:
      return Ended(Look(flags, "/api/v1/state", [&](look::StoppedStore& stopped) {
        Print(look::InspectJson(stopped.state(), stopped.store(), *flags.store) + "\n");
        return Status();
      }));
    case StoreAction::kVerify:
      return Ended(Verify(flags));
    case StoreAction::kBackup:
      return Ended(Backup(flags));
    case StoreAction::kRestore:
      return Ended(Restore(flags));
    case StoreAction::kExport:
      return Ended(Export(flags));
    case StoreAction::kImport:
      return Ended(Import(flags));
    case StoreAction::kHistory:
      return Ended(History(flags));
    case StoreAction::kAlerts:
      return Ended(ListAlerts(flags));
    case StoreAction::kLetters:
      return Ended(Look(flags, "/api/v1/state/deadletters", [&](look::StoppedStore& stopped) {
        return look::WriteDeadLetters(stopped.store(), Print);
      }));
    case StoreAction::kDeliveries:
      return Ended(ListDeliveries(flags));
    case StoreAction::kRetryDelivery:
      return Ended(Ask(flags, "POST",
                       "/api/v1/deliveries/" + base::PercentEncoded(flags.argument) + "/replay" +
                           WhyQuery(flags.why)));
    case StoreAction::kChannels:
      return Ended(Ask(flags, "GET", "/api/v1/channels"));
    case StoreAction::kEnableChannel:
      return Ended(Ask(flags, "POST",
                       "/api/v1/channels/" + base::PercentEncoded(flags.argument) + "/enable" +
                           WhyQuery(flags.why)));
    case StoreAction::kShowLetter:
      return Ended(ShowLetter(flags));
    case StoreAction::kRetryLetter:
      return Ended(RetryLetter(flags));
    case StoreAction::kDropLetter:
      return Ended(DropLetter(flags));
    case StoreAction::kShowAlert:
      return Ended(ShowAlert(flags));
    case StoreAction::kAudit:
      return Ended(ListAudit(flags));
    case StoreAction::kVerifyAudit:
      return Ended(VerifyAudit(flags));
    case StoreAction::kResetKey:
      return Ended(ResetKey(flags));
  }
  return ExitCode::kUsage;
}

}  // namespace stockwatch::cmd
