#include "domain/event/command.h"

#include <string>

#include "base/strong_id.h"
#include "base/utf8.h"

namespace stockwatch::event {
namespace {

using base::Code;
using base::Error;
using base::Status;

constexpr std::array<std::string_view, std::variant_size_v<CommandBody>> kNames{
    "acknowledge", "unacknowledge", "snooze",      "unsnooze",   "resolve",
    "comment",     "assign",        "add_silence", "end_silence"};

enum class Empty : std::uint8_t { kAllowed, kRefused };

Status ValidateText(std::string_view field, std::string_view text, std::size_t bytes_max,
                    Empty empty) {
  const auto refused = [&](const std::string& why) {
    return Error{Code::kInvalidArgument, "field \"" + std::string(field) + "\" " + why};
  };
  if (text.empty() && empty == Empty::kRefused) return refused("is missing");
  if (text.size() > bytes_max) {
    return refused("is longer than " + std::to_string(bytes_max) +
                   " bytes: " + std::to_string(text.size()));
  }
  // Lines of a comment may be broken.
  std::string flat(text);
  for (char& c : flat) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  if (!base::IsUtf8WithoutControls(flat)) return refused("is not UTF-8 without control characters");
  return {};
}

Status ValidateId(std::string_view field, std::string_view id) {
  return ValidateText(field, id, base::kIdBytesMax, Empty::kRefused);
}

Status ValidateSilence(const Silence& silence) {
  SW_TRY_STATUS(ValidateId("id", silence.id));
  const RuleScope& scope = silence.scope;
  for (const std::string* name : {&scope.warehouse_id, &scope.department, &scope.category,
                                  &scope.brand, &scope.product_id, &scope.sku}) {
    SW_TRY_STATUS(ValidateText("scope", *name, base::kIdBytesMax, Empty::kAllowed));
  }
  if (silence.until <= silence.from) {
    return Error{Code::kInvalidArgument, "field \"until\" is not after \"from\""};
  }
  return {};
}

}  // namespace

std::string_view Name(const CommandBody& body) {
  return CommandName(body.index());
}

std::string_view CommandName(std::size_t index) {
  return kNames[index];
}

const AlertId* AlertOf(const CommandBody& body) {
  return std::visit(
      [](const auto& command) -> const AlertId* {
        if constexpr (requires { command.alert; }) return &command.alert;
        return nullptr;
      },
      body);
}

std::string CanonicalText(const Command& command) {
  std::string text(Name(command.body));
  const auto add = [&](std::string_view part) {
    text.append("\n").append(std::to_string(part.size())).append(" ").append(part);
  };
  const auto number = [&](std::int64_t value) { add(std::to_string(value)); };
  add(command.author);
  add(command.reason);
  if (command.seen) number(*command.seen);
  if (const AlertId* id = AlertOf(command.body)) {
    add({reinterpret_cast<const char*>(id->data()), id->size()});
  }
  if (const auto* snooze = std::get_if<Snooze>(&command.body)) number(snooze->until.micros());
  if (const auto* comment = std::get_if<Comment>(&command.body)) add(comment->text);
  if (const auto* assign = std::get_if<Assign>(&command.body)) add(assign->assignee);
  if (const auto* end = std::get_if<EndSilence>(&command.body)) add(end->id);
  if (const auto* added = std::get_if<AddSilence>(&command.body)) {
    const Silence& silence = added->silence;
    add(silence.id);
    for (const auto name : {&RuleScope::warehouse_id, &RuleScope::department, &RuleScope::category,
                            &RuleScope::brand, &RuleScope::product_id, &RuleScope::sku}) {
      add(silence.scope.*name);
    }
    for (const ConditionType type : silence.types) add(Name(type));
    number(silence.from.micros());
    number(silence.until.micros());
  }
  return text;
}

Status ValidateCommand(const Command& command) {
  SW_TRY_STATUS(ValidateId("key", command.key));
  SW_TRY_STATUS(ValidateText("author", command.author, Command::kAuthorBytesMax, Empty::kRefused));
  SW_TRY_STATUS(
      ValidateText("principal", command.principal, Command::kAuthorBytesMax, Empty::kRefused));
  SW_TRY_STATUS(ValidateText("reason", command.reason, Command::kTextBytesMax, Empty::kAllowed));
  if (const auto* comment = std::get_if<Comment>(&command.body)) {
    return ValidateText("text", comment->text, Command::kTextBytesMax, Empty::kRefused);
  }
  if (const auto* assign = std::get_if<Assign>(&command.body)) {
    return ValidateText("assignee", assign->assignee, Command::kAuthorBytesMax, Empty::kAllowed);
  }
  if (const auto* add = std::get_if<AddSilence>(&command.body))
    return ValidateSilence(add->silence);
  if (const auto* end = std::get_if<EndSilence>(&command.body)) return ValidateId("id", end->id);
  return {};
}

}  // namespace stockwatch::event
