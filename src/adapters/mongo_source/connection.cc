#include "adapters/mongo_source/connection.h"

#include <thread>
#include <utility>

#include "adapters/mongo_source/client.h"

namespace stockwatch::mongo_source {
namespace {

// Without a farewell, for the driver to end its sessions.
constexpr std::chrono::milliseconds kEndPatience{500};

Failure Leaving() {
  return {FailureKind::kNetwork, 0, "left before the server answered", {}};
}

base::Result<std::unique_ptr<Client>> OpenClient(const Options& options) {
  SW_TRY(const auto problem, ProblemOfUri(options));
  if (problem) {
    return base::Error{base::Code::kInvalidArgument, problem->says + "; " + problem->fix};
  }
  return Client::Open(options);
}

}  // namespace

// Shared with the thread, which may outlive the connection.
struct Connection::State {
  using Job = std::function<void(Client&)>;

  State(std::unique_ptr<Client> the_client, std::shared_ptr<Farewell> the_farewell)
      : hosts(the_client->hosts()),
        usual(the_client->timeout()),
        farewell(std::move(the_farewell)),
        client(std::move(the_client)) {}

  const std::string hosts;
  const base::Duration usual;                // of an answer
  const std::shared_ptr<Farewell> farewell;  // its mutex guards what follows
  std::unique_ptr<Client> client;            // of the thread, once there is one
  std::optional<base::Duration> timeout;     // of answers, from the next look for a server on
  Job job;                                   // to be begun
  bool busy = false;                         // with a job, or with one to be begun
  bool serves = false;                       // there is a thread
  bool ending = false;
  bool ended = false;

  static void Serve(const std::shared_ptr<State>& state);

  base::Duration Timeout() {
    const std::lock_guard lock(farewell->mutex());
    return timeout.value_or(usual);
  }

  // nullopt: it was left. The result belongs to both, so that the thread never writes to who left.
  template <typename Result>
  std::optional<Result> Ask(const std::shared_ptr<State>& self,
                            std::function<Result(Client&)> ask) {
    auto result = std::make_shared<std::optional<Result>>();
    std::unique_lock lock(farewell->mutex());
    if (std::exchange(busy, true)) return std::nullopt;
    job = [result, ask = std::move(ask)](Client& asked) { *result = ask(asked); };
    if (!std::exchange(serves, true)) std::thread([self] { Serve(self); }).detach();
    farewell->Tell();
    if (!farewell->WaitFor(lock, [&] { return !busy; })) return std::nullopt;
    return std::move(*result);
  }
};

void Connection::State::Serve(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->farewell->mutex());
  State& s = *state;
  while (true) {
    s.farewell->WaitForWork(lock, [&] { return s.job || s.ending; });
    if (!s.job) break;
    const Job job = std::exchange(s.job, nullptr);
    lock.unlock();
    job(*s.client);
    lock.lock();
    s.busy = false;
    s.farewell->Tell();
  }
  lock.unlock();
  s.client.reset();
  lock.lock();
  s.ended = true;
  s.farewell->Tell();
}

Connection::Connection(std::shared_ptr<State> state) : state_(std::move(state)) {}

Connection::~Connection() {
  State& s = *state_;
  std::unique_lock lock(s.farewell->mutex());
  s.ending = true;
  s.farewell->Tell();
  if (!s.serves || s.busy) return;
  s.farewell->WaitFor(lock, kEndPatience, [&] { return s.ended; });
}

base::Status Connection::Check(const Options& options) {
  SW_TRY(const auto client, OpenClient(options));
  return {};
}

base::Result<std::unique_ptr<Connection>> Connection::Open(const Options& options,
                                                           std::shared_ptr<Farewell> farewell) {
  SW_TRY(auto client, OpenClient(options));
  return std::unique_ptr<Connection>(
      new Connection(std::make_shared<State>(std::move(client), std::move(farewell))));
}

Link Connection::link() {
  const std::weak_ptr<State> weak = state_;
  return {
      [weak]() -> std::variant<Server, Failure> {
        const auto state = weak.lock();
        auto answer = state->Ask<std::variant<Server, Failure>>(
            state, [timeout = state->Timeout()](Client& client) { return client.Select(timeout); });
        return answer ? *std::move(answer) : Leaving();
      },
      [weak](std::string_view command) {
        const auto state = weak.lock();
        auto answer = state->Ask<Answer>(state, [command = std::string(command)](Client& client) {
          return client.Send(command);
        });
        return answer ? *std::move(answer) : Answer{{}, Leaving()};
      },
      [weak](base::Duration timeout) {
        const auto state = weak.lock();
        const std::lock_guard lock(state->farewell->mutex());
        state->timeout = timeout;
      }};
}

const std::string& Connection::hosts() const {
  return state_->hosts;
}

base::Duration Connection::timeout() const {
  return state_->usual;
}

}  // namespace stockwatch::mongo_source
