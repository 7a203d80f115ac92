#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "testing/scripted_mongo/message.h"
#include "testing/scripted_mongo/script.h"

namespace stockwatch::scripted_mongo {

// One command that came.
struct Request {
  std::string command;         // the name of its first field: "aggregate"
  std::string bytes;           // the whole of it, BSON
  std::size_t connection = 0;  // counted from 0, in the order in which they were accepted

  // What it says, in the words of testing::Describe; of one path alone, "" where it has none.
  std::string Says() const;
  std::string Says(std::string_view path) const;
};

// A server of MongoDB's wire protocol on a free port of loopback that says what a test wrote down,
// to the byte, and keeps what it was asked. Without a script it answers hello, ping, buildInfo,
// endSessions and killCursors as a server with nothing to tell; anything else is code 59. It knows
// neither TLS, authentication nor compression.
//
// A thread for each connection; every method may be called from any thread. All connections are
// closed, and the threads joined, when it is destroyed.
class Server {
 public:
  struct Options {
    int wire_version_min = 0;
    int wire_version_max = 21;     // 9: 4.4; 13: 5.0; 17: 6.0; 21: 7.0; 25: 8.0
    std::string set_name = "rs0";  // empty: a server alone
    bool writable = true;          // false: a secondary
  };

  Server();
  explicit Server(Options options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }
  // mongodb://127.0.0.1:port/?replicaSet=..., with more options ("&x=y") where given.
  std::string Uri(std::string_view more = {}) const;

  // What it is from the next hello on: after an election, say.
  void Become(Options options);
  // The next answers to this command, in this order, after those that wait already.
  void Say(const std::string& command, std::vector<Answer> answers);
  // The answer whenever none of the others is left.
  void SayAlways(const std::string& command, Answer answer);
  // The same, made of each request (BSON) on the thread of its connection.
  using Make = std::function<Answer(std::string_view request)>;
  void SayMade(const std::string& command, Make make);

  // What came, the oldest first; of one command alone where it is named.
  std::vector<Request> Asked(std::string_view command = {}) const;
  // Waits until so many of that command have come; false when they don't.
  bool WaitFor(std::string_view command, std::size_t count,
               std::chrono::milliseconds patience = std::chrono::seconds(10)) const;

  // As a server that dies and is there again at once.
  void CloseConnections();

 private:
  struct Connection {
    int socket = -1;
    std::size_t number = 0;
    std::thread thread;
  };
  struct Script {
    std::list<Answer> next;
    std::vector<Answer> always;  // none or one
    Make make;
  };

  void Accept();
  void Serve(const Connection& connection);
  // False when the connection is to be closed.
  bool Tell(int socket, const Message& message, const Answer& answer);
  Answer AnswerTo(const std::string& command, std::string_view request);
  Answer Hello() const;
  std::size_t Count(std::string_view command) const;
  // Waits for bytes or the end of everything; false at the end.
  bool WaitReadable(int socket) const;
  bool ReadAll(int socket, std::string& bytes, std::size_t size) const;
  static bool WriteAll(int socket, std::string_view bytes);

  int listener_ = -1;
  int ending_[2] = {-1, -1};  // a pipe: readable when all threads shall end
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;  // of everything below
  mutable std::condition_variable news_;
  Options options_;
  bool ended_ = false;
  std::map<std::string, Script, std::less<>> scripts_;
  std::vector<Request> asked_;
  std::list<Connection> connections_;
  std::thread acceptor_;
};

}  // namespace stockwatch::scripted_mongo
