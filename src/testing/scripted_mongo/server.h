#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "testing/scripted_mongo/channel.h"
#include "testing/scripted_mongo/message.h"
#include "testing/scripted_mongo/scram.h"
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
// endSessions and killCursors as a server with nothing to tell; anything else is code 59. It may
// want TLS and a user who proves itself by SCRAM-SHA-256; compression it does not know.
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
    // Of a set of several: the ports of all, which of them is primary (0: nobody; nothing set:
    // itself where it is writable), and how often one was elected.
    std::vector<std::uint16_t> members = {};
    std::optional<std::uint16_t> primary = {};
    std::uint8_t election = 1;
    const Tls* tls = nullptr;                 // must outlive the server
    std::optional<Scram::Options> user = {};  // nullopt: anybody may ask
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
  // In its stead: made of each request (BSON) on the thread of its connection. What it refers to
  // lives longer than the server.
  using Make = std::function<Answer(std::string_view request)>;
  void SayMade(const std::string& command, Make make);

  // What came, the oldest first; of one command alone where it is named.
  std::vector<Request> Asked(std::string_view command = {}) const;
  // Waits until so many of that command have come; false when they don't.
  bool WaitFor(std::string_view command, std::size_t count,
               std::chrono::milliseconds patience = std::chrono::seconds(60)) const;

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
  // Who came over a connection.
  struct Visitor {
    std::optional<Scram> conversation;
    bool known = false;
  };
  // False when the connection is to be closed.
  bool Tell(Channel& channel, const Message& message, const Answer& answer);
  Answer AnswerTo(const std::string& command, std::string_view request, Visitor& visitor);
  // nullopt: what is asked may be answered, by this visitor.
  std::optional<Answer> Ask(const std::string& command, std::string_view request,
                            Visitor& visitor) const;
  Answer Hello() const;
  std::size_t Count(std::string_view command) const;
  // Until somebody comes; false at the end of everything.
  bool WaitReadable() const;

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
