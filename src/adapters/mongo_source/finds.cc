#include "adapters/mongo_source/finds.h"

#include <utility>

#include "adapters/mongo_source/stream_command.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

// REQUIRES: the line has a server
std::variant<Batch, Failure> Send(const Link& line, std::string_view command) {
  Answer answer = line.send(command);
  if (answer.failure) return *std::move(answer.failure);
  auto read = ReadBatch(std::move(answer.bytes));
  const auto* batch = std::get_if<Batch>(&read);
  if (batch != nullptr && batch->cursor != 0) {
    const auto collection = bson::Find(command, "find");
    line.send(KillCommand(batch->cursor, collection->Text().value_or(std::string_view())));
  }
  return read;
}

}  // namespace

Finds::Finds(const Link& link, const std::vector<Link>& lines) : link_(link) {
  threads_.reserve(lines.size());
  for (const Link& line : lines) threads_.emplace_back([this, line] { Serve(line); });
}

Finds::~Finds() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    news_.notify_all();
  }
  threads_.clear();
}

void Finds::Ask(std::string command) {
  asked_.push_back(std::make_shared<Find>(Find{std::move(command), std::nullopt}));
  if (threads_.empty()) return;
  const std::scoped_lock lock(mutex_);
  todo_.push_back(asked_.back());
  news_.notify_all();
}

std::variant<Batch, Failure> Finds::Take() {
  const std::shared_ptr<Find> find = std::move(asked_.front());
  asked_.pop_front();
  if (threads_.empty()) return Send(link_, find->command);
  std::unique_lock lock(mutex_);
  news_.wait(lock, [&] { return find->reply.has_value(); });
  return *std::move(find->reply);
}

void Finds::Forget() {
  asked_.clear();
  const std::scoped_lock lock(mutex_);
  todo_.clear();
}

void Finds::Serve(const Link& line) {
  bool selected = false;
  while (true) {
    std::shared_ptr<Find> find;
    {
      std::unique_lock lock(mutex_);
      news_.wait(lock, [&] { return ending_ || !todo_.empty(); });
      if (ending_) return;
      find = std::move(todo_.front());
      todo_.pop_front();
    }
    std::optional<Reply> reply;
    if (!selected) {
      auto server = line.select();
      if (auto* failure = std::get_if<Failure>(&server)) reply = std::move(*failure);
    }
    if (!reply) reply = Send(line, find->command);
    selected = std::holds_alternative<Batch>(*reply);
    const std::scoped_lock lock(mutex_);
    find->reply = std::move(reply);
    news_.notify_all();
  }
}

}  // namespace stockwatch::mongo_source
