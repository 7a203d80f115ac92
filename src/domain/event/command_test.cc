#include "domain/event/command.h"

#include <gtest/gtest.h>

namespace stockwatch::event {
namespace {

Command Of(CommandBody body) {
  Command command;
  command.key = "k-1";
  command.author = "ann";
  command.principal = "admin";
  command.body = std::move(body);
  return command;
}

std::string Refusal(const Command& command) {
  const base::Status status = ValidateCommand(command);
  if (status.ok()) return "";
  EXPECT_EQ(status.error().code, base::Code::kInvalidArgument);
  return status.error().message;
}

Silence Hour() {
  Silence silence;
  silence.id = "stocktake";
  silence.scope.warehouse_id = "GB";
  silence.until = base::Instant::Seconds(3600);
  return silence;
}

TEST(Command, HasANameForEachKind) {
  EXPECT_EQ(Name(Acknowledge{}), "acknowledge");
  EXPECT_EQ(Name(Resolve{}), "resolve");
  EXPECT_EQ(Name(EndSilence{}), "end_silence");
}

TEST(Command, KnowsItsAlert) {
  AlertId id{};
  id[15] = 7;
  const CommandBody snooze = Snooze{id, {}};
  ASSERT_NE(AlertOf(snooze), nullptr);
  EXPECT_EQ(*AlertOf(snooze), id);
  EXPECT_EQ(AlertOf(EndSilence{"x"}), nullptr);
}

TEST(Command, RefusesWhatCannotBeMeantByName) {
  EXPECT_EQ(Refusal(Of(Acknowledge{})), "");
  EXPECT_EQ(Refusal(Of(AddSilence{Hour()})), "");
  EXPECT_EQ(Refusal(Of(Comment{{}, "two\nlines"})), "");
  EXPECT_EQ(Refusal(Of(Assign{{}, ""})), "") << "to nobody";

  Command nameless = Of(Acknowledge{});
  nameless.author.clear();
  EXPECT_EQ(Refusal(nameless), "field \"author\" is missing");
  Command keyless = Of(Acknowledge{});
  keyless.key.clear();
  EXPECT_EQ(Refusal(keyless), "field \"key\" is missing");
  Command wordy = Of(Acknowledge{});
  wordy.reason.assign(Command::kTextBytesMax + 1, 'x');
  EXPECT_EQ(Refusal(wordy), "field \"reason\" is longer than 4096 bytes: 4097");

  EXPECT_EQ(Refusal(Of(Comment{{}, ""})), "field \"text\" is missing");
  EXPECT_EQ(Refusal(Of(Comment{{}, "bell\a"})),
            "field \"text\" is not UTF-8 without control characters");
  EXPECT_EQ(Refusal(Of(EndSilence{""})), "field \"id\" is missing");
  Silence endless = Hour();
  endless.until = endless.from;
  EXPECT_EQ(Refusal(Of(AddSilence{endless})), "field \"until\" is not after \"from\"");
}

}  // namespace
}  // namespace stockwatch::event
