#include "testing/scripted_mongo/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/assertion.h"
#include "wire/bson/bson_reader.h"

namespace stockwatch::scripted_mongo {
namespace {

using std::chrono::milliseconds;

// REQUIRES: the bytes are BSON, as every client of ours writes.
event::RawDocument DocumentOf(std::string_view bytes) {
  event::RawDocument document;
  const base::Status read = bson::ReadBson(bytes, {}, document);
  SW_ASSERT(read.ok(), "a request is BSON");
  return document;
}

}  // namespace

std::string Request::Says() const {
  return testing::Describe(DocumentOf(bytes), 0);
}

std::string Request::Says(std::string_view path) const {
  const event::RawDocument document = DocumentOf(bytes);
  const std::uint32_t found = document.FindPath(0, path);
  return found == event::RawDocument::kNone ? "" : testing::Describe(document, found);
}

Server::Server() : Server(Options{}) {}

Server::Server(Options options)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), options_(std::move(options)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  SW_ASSERT(bind(listener_, plain, size) == 0, "a free port of loopback");
  SW_ASSERT(getsockname(listener_, plain, &size) == 0 && listen(listener_, 64) == 0, "a listener");
  SW_ASSERT(pipe(ending_) == 0, "a pipe");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

Server::~Server() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    news_.notify_all();
  }
  close(ending_[1]);  // the other end becomes readable for everyone
  acceptor_.join();
  CloseConnections();  // also where a client does not take what it is sent
  for (Connection& connection : connections_) {
    connection.thread.join();
    close(connection.socket);
  }
  close(ending_[0]);
  close(listener_);
}

std::string Server::Uri(std::string_view more) const {
  const std::scoped_lock lock(mutex_);
  const std::string how =
      options_.set_name.empty() ? "directConnection=true" : "replicaSet=" + options_.set_name;
  return "mongodb://127.0.0.1:" + std::to_string(port_) + "/?" + how + std::string(more);
}

void Server::Become(Options options) {
  const std::scoped_lock lock(mutex_);
  options_ = std::move(options);
}

void Server::Say(const std::string& command, std::vector<Answer> answers) {
  const std::scoped_lock lock(mutex_);
  for (Answer& answer : answers) scripts_[command].next.push_back(std::move(answer));
}

void Server::SayAlways(const std::string& command, Answer answer) {
  const std::scoped_lock lock(mutex_);
  scripts_[command].always = {std::move(answer)};
}

void Server::SayMade(const std::string& command, Make make) {
  const std::scoped_lock lock(mutex_);
  scripts_[command].always.clear();
  scripts_[command].make = std::move(make);
}

std::vector<Request> Server::Asked(std::string_view command) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Request> found;
  std::copy_if(
      asked_.begin(), asked_.end(), std::back_inserter(found),
      [&](const Request& request) { return command.empty() || request.command == command; });
  return found;
}

std::size_t Server::Count(std::string_view command) const {
  return static_cast<std::size_t>(
      std::count_if(asked_.begin(), asked_.end(),
                    [&](const Request& request) { return request.command == command; }));
}

bool Server::WaitFor(std::string_view command, std::size_t count, milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return news_.wait_for(lock, patience, [&] { return Count(command) >= count; });
}

void Server::CloseConnections() {
  const std::scoped_lock lock(mutex_);
  // Its thread sees the end and goes; the number stays taken until we are gone.
  for (const Connection& connection : connections_) shutdown(connection.socket, SHUT_RDWR);
}

void Server::Accept() {
  while (WaitReadable()) {
    const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) continue;
    const std::scoped_lock lock(mutex_);
    Connection& connection = connections_.emplace_back();
    connection.socket = accepted;
    connection.number = connections_.size() - 1;
    connection.thread = std::thread([this, &connection] { Serve(connection); });
  }
}

void Server::Serve(const Connection& connection) {
  int socket = -1;
  const Tls* tls = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    socket = connection.socket;
    tls = options_.tls;
  }
  Channel channel(socket, ending_[0], tls);
  const bool greeted = channel.Greet();
  Visitor visitor;
  std::string bytes;
  while (greeted && channel.Read(bytes, kMessageHeaderBytes)) {
    const auto size = MessageSize(bytes);
    if (!size.ok()) break;
    std::string rest;
    if (!channel.Read(rest, size.value() - bytes.size())) break;
    const auto message = ReadMessage(bytes + rest);
    if (!message.ok()) break;
    const event::RawDocument document = DocumentOf(message.value().body);
    const std::string command(document.size() > 1 ? document.at(1).name : std::string_view());
    const Answer answer = AnswerTo(command, message.value().body, visitor);
    {
      const std::scoped_lock lock(mutex_);
      asked_.push_back({command, message.value().body, connection.number});
      news_.notify_all();
    }
    if (!message.value().no_reply && !Tell(channel, message.value(), answer)) break;
  }
  shutdown(socket, SHUT_RDWR);
}

bool Server::Tell(Channel& channel, const Message& message, const Answer& answer) {
  if (answer.delay.count() > 0) {
    std::unique_lock lock(mutex_);
    if (news_.wait_for(lock, answer.delay, [&] { return ended_; })) return false;
  }
  std::string bytes = AnswerBytes(message, answer.body);
  switch (answer.manner) {
    case Answer::Manner::kWhole:
      return channel.Write(bytes);
    case Answer::Manner::kHalf:
      channel.Write(std::string_view(bytes).substr(0, bytes.size() / 2));
      return false;
    case Answer::Manner::kGarbage:
      std::fill(bytes.begin(), bytes.end(), '\xFF');
      return channel.Write(bytes);
    case Answer::Manner::kSilence:
      return true;
    case Answer::Manner::kClose:
      return false;
  }
  return false;
}

std::optional<Answer> Server::Ask(const std::string& command, std::string_view request,
                                  Visitor& visitor) const {
  if (!options_.user || visitor.known) return std::nullopt;
  for (const char* open : {"hello", "isMaster", "ismaster", "buildInfo", "endSessions"}) {
    if (command == open) return std::nullopt;
  }
  const bool begins = command == "saslStart";
  if (!begins && (command != "saslContinue" || !visitor.conversation)) {
    return Failure(13, "command " + command + " requires authentication");
  }
  if (begins) visitor.conversation.emplace(*options_.user);
  const event::RawDocument document = DocumentOf(request);
  const std::uint32_t payload = document.Find(0, "payload");
  const std::string_view said =
      payload == event::RawDocument::kNone ? std::string_view() : document.at(payload).bytes;
  const auto answer = begins ? visitor.conversation->Begin(said) : visitor.conversation->End(said);
  if (!answer) {
    visitor.conversation.reset();
    return Failure(18, "Authentication failed.");
  }
  visitor.known = !begins;
  return Ok({{"conversationId", 1},
             {"done", !begins},
             {"payload", Value::Of(event::ValueType::kBinary, 0, *answer)}});
}

Answer Server::AnswerTo(const std::string& command, std::string_view request, Visitor& visitor) {
  std::unique_lock lock(mutex_);
  if (auto asked = Ask(command, request, visitor)) return *std::move(asked);
  if (const auto found = scripts_.find(command); found != scripts_.end()) {
    Script& script = found->second;
    if (!script.next.empty()) {
      Answer answer = std::move(script.next.front());
      script.next.pop_front();
      return answer;
    }
    if (!script.always.empty()) return script.always.front();
    if (script.make) {
      const Make make = script.make;
      lock.unlock();
      return make(request);
    }
  }
  if (command == "hello" || command == "isMaster" || command == "ismaster") return Hello();
  if (command == "buildInfo") return Ok({{"version", "7.0.0"}});
  for (const char* known : {"ping", "endSessions", "killCursors"}) {
    if (command == known) return Ok();
  }
  return Failure(59, "no such command in the script: '" + command + "'");
}

Answer Server::Hello() const {
  const auto address = [](std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); };
  Fields fields{{"helloOk", true},
                {"ismaster", options_.writable},
                {"isWritablePrimary", options_.writable},
                {"secondary", !options_.writable},
                {"maxBsonObjectSize", 16 * 1024 * 1024},
                {"maxMessageSizeBytes", 48'000'000},
                {"maxWriteBatchSize", 100'000},
                {"logicalSessionTimeoutMinutes", 30},
                {"minWireVersion", options_.wire_version_min},
                {"maxWireVersion", options_.wire_version_max},
                {"readOnly", false}};
  if (!options_.set_name.empty()) {
    std::vector<Value> hosts;
    hosts.reserve(options_.members.size() + 1);
    for (const std::uint16_t port : options_.members) hosts.emplace_back(address(port));
    if (hosts.empty()) hosts.emplace_back(address(port_));
    const std::uint16_t primary = options_.primary.value_or(options_.writable ? port_ : 0);
    fields.push_back({"setName", options_.set_name});
    fields.push_back({"setVersion", 1});
    fields.push_back({"hosts", Value::Array(std::move(hosts))});
    fields.push_back({"me", address(port_)});
    if (primary != 0) fields.push_back({"primary", address(primary)});
    if (options_.writable) {  // the later of two who say that they are it has the greater id
      std::string id(12, '\0');
      id.back() = static_cast<char>(options_.election);
      fields.push_back({"electionId", Value::ObjectId(std::move(id))});
    }
  }
  return Ok(std::move(fields));
}

bool Server::WaitReadable() const {
  pollfd ready[2] = {{.fd = listener_, .events = POLLIN, .revents = 0},
                     {.fd = ending_[0], .events = POLLIN, .revents = 0}};
  while (poll(ready, 2, -1) < 0) {
  }
  return ready[1].revents == 0;
}

}  // namespace stockwatch::scripted_mongo
