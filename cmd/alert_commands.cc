#include <chrono>
#include <cstdio>

#include "alert_text.h"
#include "app/look/stopped_store.h"
#include "app/look/why.h"
#include "ask.h"
#include "base/instant.h"
#include "base/json_writer.h"
#include "base/percent.h"
#include "commands.h"

namespace stockwatch::cmd {
namespace {

using base::Code;
using base::Error;
using base::Status;

base::Instant Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant::Micros(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

// Of --until, or of --for from now on.
base::Result<base::Instant> EndOf(const AlertFlags& flags) {
  if (!flags.until.empty()) return base::ParseInstant(flags.until);
  if (flags.length.empty()) {
    return Error{Code::kInvalidArgument, "--for or --until says when it ends"};
  }
  SW_TRY(const base::Duration length, base::ParseDuration(flags.length));
  return Now() + length;
}

class BodyText {
 public:
  BodyText() : json_(text_) { json_.BeginObject(); }
  BodyText& Add(const char* name, const std::string& value) {
    if (!value.empty()) json_.Key(name).String(value);
    return *this;
  }
  base::JsonWriter& json() { return json_; }
  std::string Finish() {
    json_.EndObject();
    return text_;
  }

 private:
  std::string text_;
  base::JsonWriter json_;
};

base::Result<std::string> SilenceBody(const AlertFlags& flags) {
  SW_TRY(const base::Instant until, EndOf(flags));
  BodyText body;
  body.Add("id", flags.id).Add("author", flags.author).Add("reason", flags.reason);
  body.json().Key("scope").BeginObject();
  body.Add("warehouse_id", flags.scope.warehouse_id)
      .Add("department", flags.scope.department)
      .Add("category", flags.scope.category)
      .Add("brand", flags.scope.brand)
      .Add("product_id", flags.scope.product_id)
      .Add("sku", flags.scope.sku);
  body.json().EndObject().Key("types").BeginArray();
  for (const std::string& type : flags.types) body.json().String(type);
  body.json().EndArray().Key("until").Time(until);
  return body.Finish();
}

base::Result<std::string> BodyOf(const AlertFlags& flags) {
  BodyText body;
  body.Add("author", flags.author).Add("reason", flags.reason);
  if (flags.action == AlertAction::kSnooze) {
    SW_TRY(const base::Instant until, EndOf(flags));
    body.json().Key("until").Time(until);
  }
  body.Add("text", flags.text).Add("assignee", flags.assignee);
  return body.Finish();
}

// The last part of the path below an alert.
const char* VerbOf(AlertAction action) {
  switch (action) {
    case AlertAction::kAcknowledge:
      return "acknowledge";
    case AlertAction::kUnacknowledge:
      return "unacknowledge";
    case AlertAction::kSnooze:
      return "snooze";
    case AlertAction::kUnsnooze:
      return "unsnooze";
    case AlertAction::kResolve:
      return "resolve";
    case AlertAction::kComment:
      return "comment";
    case AlertAction::kAssign:
      return "assign";
    default:
      return "";
  }
}

base::Result<std::string> WhyAnswer(const AlertFlags& flags) {
  if (flags.store) {
    SW_TRY(const auto stopped, look::StoppedStore::Open(*flags.store));
    return look::WhyJson(stopped->state(), stopped->store(), flags.id, std::nullopt);
  }
  return Fetch(Server{flags.server, flags.key_file},
               "/api/v1/alerts/" + base::PercentEncoded(flags.id) + "/why");
}

Status Why(const AlertFlags& flags) {
  SW_TRY(std::string answer, WhyAnswer(flags));
  if (flags.output == Output::kText) {
    SW_TRY(answer, WhyText(std::move(answer)));
  }
  Print(answer);
  return {};
}

Status Do(const AlertFlags& flags) {
  const Server server{flags.server, flags.key_file};
  const std::string silences = "/api/v1/silences";
  switch (flags.action) {
    case AlertAction::kWhy:
      return Why(flags);
    case AlertAction::kWhyNot:
      return Ask(server, "GET",
                 "/api/v1/stock/" + base::PercentEncoded(flags.scope.warehouse_id) + "/" +
                     base::PercentEncoded(flags.scope.sku) +
                     "/why-not?type=" + base::PercentEncoded(flags.type));
    case AlertAction::kSilences:
      return Ask(server, "GET", silences);
    case AlertAction::kAddSilence: {
      SW_TRY(const std::string body, SilenceBody(flags));
      return Ask(server, "POST", silences, body);
    }
    case AlertAction::kEndSilence: {
      SW_TRY(const std::string body, BodyOf(flags));
      return Ask(server, "DELETE", silences + "/" + base::PercentEncoded(flags.id), body);
    }
    default:
      break;
  }
  SW_TRY(const std::string body, BodyOf(flags));
  return Ask(server, "POST",
             "/api/v1/alerts/" + base::PercentEncoded(flags.id) + "/" + VerbOf(flags.action), body);
}

}  // namespace

ExitCode RunAlert(const AlertFlags& flags) {
  return Ended(Do(flags));
}

}  // namespace stockwatch::cmd
