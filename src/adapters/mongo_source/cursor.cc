#include "adapters/mongo_source/cursor.h"

#include <utility>

namespace stockwatch::mongo_source {

Cursor::Cursor(Link link, StreamShape shape, CursorLimits limits)
    : link_(std::move(link)), shape_(std::move(shape)), limits_(limits) {}

Cursor::~Cursor() {
  Close();
}

std::variant<Batch, Failure> Cursor::Open(const Start& start) {
  Close();
  auto server = link_.select();
  if (auto* failure = std::get_if<Failure>(&server)) return std::move(*failure);
  server_ = std::get<Server>(std::move(server));
  shape_.split = SplitsEvents();
  return Send(OpenCommand(shape_, start, batch_max()));
}

bool Cursor::SplitsEvents() {
  if (server_.wire_version != kMaySplitEvents) return server_.wire_version >= kSplitsEvents;
  const Answer answer = link_.send(BuildInfoCommand());
  return !answer.failure && SaysThatItSplits(answer.bytes);
}

std::variant<Batch, Failure> Cursor::More() {
  return Send(MoreCommand(cursor_, kWholeDatabase, batch_max(), limits_.await_ms));
}

std::variant<Batch, Failure> Cursor::MoreAtOnce() {
  return Send(MoreCommand(cursor_, kWholeDatabase, batch_max(), 1));
}

std::variant<Batch, Failure> Cursor::Send(std::string_view command) {
  Answer answer = link_.send(command);
  if (answer.failure) {
    // Of a cursor that failed the server keeps nothing, but where the answer alone was lost.
    if (answer.failure->kind == FailureKind::kNetwork) cursor_ = 0;
    Close();
    return *std::move(answer.failure);
  }
  auto batch = ReadBatch(std::move(answer.bytes));
  if (const auto* good = std::get_if<Batch>(&batch)) {
    cursor_ = good->cursor;
  } else {
    Close();
  }
  return batch;
}

void Cursor::Close() {
  if (cursor_ == 0) return;
  const std::int64_t cursor = std::exchange(cursor_, 0);
  // Whether it could be told or not, the server forgets a cursor that nobody asks for.
  static_cast<void>(link_.send(KillCommand(cursor, kWholeDatabase)));
}

}  // namespace stockwatch::mongo_source
