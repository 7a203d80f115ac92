#include "testing/scripted_mongo/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "testing/patience.h"
#include "wire/bson/bson_reader.h"

namespace stockwatch::scripted_mongo {
namespace {

using std::chrono::milliseconds;

// Sends messages that are written here byte by byte; a read that takes kPatience has failed.
class Client {
 public:
  explicit Client(const Server& server) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{.tv_sec = testing::kPatience.count(), .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // OP_MSG with one document.
  void Send(const Fields& fields, std::uint32_t flags = 0) const {
    std::string rest;
    base::ByteWriter writer(rest);
    writer.Put(flags);
    writer.Put(std::uint8_t{0});
    writer.PutRaw(Bson(fields));
    SendBytes(2013, rest);
  }
  // OP_QUERY on admin.$cmd, as the first hello of a client.
  void SendQuery(const Fields& fields) const {
    std::string rest;
    base::ByteWriter writer(rest);
    writer.Put(std::int32_t{0});
    writer.PutRaw(std::string("admin.$cmd").append(1, '\0'));
    writer.Put(std::int32_t{0});
    writer.Put(std::int32_t{-1});
    writer.PutRaw(Bson(fields));
    SendBytes(2004, rest);
  }
  void SendBytes(std::int32_t operation, std::string_view rest) const {
    std::string bytes;
    base::ByteWriter writer(bytes);
    writer.Put(static_cast<std::int32_t>(16 + rest.size()));
    writer.Put(std::int32_t{42});
    writer.Put(std::int32_t{0});
    writer.Put(operation);
    writer.PutRaw(rest);
    EXPECT_EQ(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  std::string Read(std::size_t size) const {
    std::string bytes(size, '\0');
    const auto got = recv(socket_, bytes.data(), size, MSG_WAITALL);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  // What comes as one answer to 42, as text; "" for the end, "no answer" for something else.
  std::string Answer(std::size_t before_body = 5) const {
    const std::string header = Read(16);
    if (header.empty()) return "";
    base::ByteReader reader(header);
    const auto size = reader.Take<std::int32_t>();
    reader.Take<std::int32_t>();
    const auto to = reader.Take<std::int32_t>();
    if (to != 42 || size < 16 + static_cast<std::int32_t>(before_body)) return "no answer";
    const std::string body = Read(static_cast<std::size_t>(size) - 16).substr(before_body);
    event::RawDocument document;
    if (!bson::ReadBson(body, {}, document).ok()) return "no BSON";
    return testing::Describe(document, 0);
  }
  std::string Ask(const Fields& fields) const {
    Send(fields);
    return Answer();
  }

 private:
  int socket_;
};

const Fields kGetMore{
    {"getMore", std::int64_t{7001}}, {"collection", "$cmd.aggregate"}, {"$db", "shop"}};

TEST(ScriptedMongo, IsAPrimaryOfItsSetInBothFormsOfHello) {
  Server server({.wire_version_max = 17, .set_name = "rs9"});
  const Client client(server);
  client.SendQuery({{"isMaster", 1}, {"helloOk", true}});
  const std::string old_form = client.Answer(20);
  EXPECT_NE(old_form.find("ismaster: true"), std::string::npos) << old_form;
  EXPECT_NE(old_form.find("maxWireVersion: 17"), std::string::npos) << old_form;
  const std::string new_form = client.Ask({{"hello", 1}, {"$db", "admin"}});
  EXPECT_NE(new_form.find("setName: \"rs9\""), std::string::npos) << new_form;
  EXPECT_NE(new_form.find("hosts: [\"127.0.0.1:" + std::to_string(server.port())),
            std::string::npos);
  server.Become({.set_name = "rs9", .writable = false});
  EXPECT_NE(client.Ask({{"hello", 1}}).find("secondary: true"), std::string::npos);
}

TEST(ScriptedMongo, SaysItsAnswersInOrderThenTheLastOne) {
  Server server;
  server.Say("getMore", {Ok({{"n", 1}}), Ok({{"n", 2}})});
  server.SayAlways("getMore", Ok({{"n", 9}}));
  const Client client(server);
  EXPECT_EQ(client.Ask(kGetMore), "{n: 1, ok: double 1.000000}");
  EXPECT_EQ(client.Ask(kGetMore), "{n: 2, ok: double 1.000000}");
  EXPECT_EQ(client.Ask(kGetMore), "{n: 9, ok: double 1.000000}");
  EXPECT_EQ(client.Ask(kGetMore), "{n: 9, ok: double 1.000000}");
}

TEST(ScriptedMongo, KeepsWhatItWasAsked) {
  Server server;
  const Client one(server);
  one.Ask(kGetMore);
  const Client other(server);
  other.Ask({{"ping", 1}});
  ASSERT_TRUE(server.WaitFor("ping", 1));
  EXPECT_FALSE(server.WaitFor("ping", 2, milliseconds(1)));
  ASSERT_EQ(server.Asked("getMore").size(), 1u);
  const Request request = server.Asked("getMore")[0];
  EXPECT_EQ(request.Says("collection"), "\"$cmd.aggregate\"");
  EXPECT_EQ(request.Says("nothing.here"), "");
  EXPECT_EQ(server.Asked().size(), 2u);
  EXPECT_NE(server.Asked()[1].connection, request.connection);
}

TEST(ScriptedMongo, WhatIsNotInTheScriptIsNoCommand) {
  Server server;
  const Client client(server);
  EXPECT_NE(client.Ask(kGetMore).find("code: 59"), std::string::npos);
  EXPECT_EQ(client.Ask({{"ping", 1}}), "{ok: double 1.000000}");
}

TEST(ScriptedMongo, RepliesAreThoseOfAChangeStream) {
  Server server;
  const ClusterTime at{.seconds = 0x65000001, .increment = 7};
  server.Say(
      "aggregate",
      {FirstBatch({.events = {EventOf("insert", "inventory", at, {{"_id", "I-1"}, {"on_hand", 3}})},
                   .token = TokenOf(at, 1),
                   .operation_time = at})});
  const Client client(server);
  EXPECT_EQ(
      client.Ask({{"aggregate", 1}}),
      "{cursor: {firstBatch: [{_id: {_data: \"8265000001000000072B0229296E140400000000\"}, "
      "operationType: \"insert\", clusterTime: timestamp 7277817002125688839, "
      "wallTime: date 1694498817120, fullDocument: {_id: \"I-1\", on_hand: 3}, "
      "ns: {db: \"shop\", coll: \"inventory\"}, documentKey: {_id: \"I-1\"}}], id: long 7001, "
      "ns: \"shop.$cmd.aggregate\", postBatchResumeToken: {_data: "
      "\"8265000001000000072B0229296E140400000001\"}}, "
      "operationTime: timestamp 7277817002125688839, ok: double 1.000000}");
  server.Say("getMore", {Failure(91, "shutdown", {"ResumableChangeStreamError"})});
  EXPECT_EQ(client.Ask(kGetMore),
            "{ok: double 0.000000, errmsg: \"shutdown\", code: 91, codeName: \"Scripted\", "
            "errorLabels: [\"ResumableChangeStreamError\"]}");
}

TEST(ScriptedMongo, BreaksOffInEveryManner) {
  using Manner = Answer::Manner;
  Server server;
  server.Say("getMore", {Broken(Manner::kHalf), Broken(Manner::kClose), Broken(Manner::kGarbage)});
  {
    const Client client(server);
    client.Send(kGetMore);
    const std::string half = client.Read(1000);
    EXPECT_EQ(half.size(), (16 + 5 + Bson({{"ok", 1.0}}).size()) / 2);
  }
  EXPECT_EQ(Client(server).Ask(kGetMore), "");
  const Client garbage(server);
  garbage.Send(kGetMore);
  EXPECT_EQ(garbage.Read(4), "\xFF\xFF\xFF\xFF");
}

TEST(ScriptedMongo, IsSilentForOneRequestAndHearsTheNext) {
  Server server;
  server.Say("getMore", {Broken(Answer::Manner::kSilence), Ok({{"n", 2}})});
  const Client client(server);
  client.Send(kGetMore);
  ASSERT_TRUE(server.WaitFor("getMore", 1));
  EXPECT_EQ(client.Ask(kGetMore), "{n: 2, ok: double 1.000000}");
}

TEST(ScriptedMongo, ClosesConnectionsAndTakesNewOnes) {
  Server server;
  const Client client(server);
  client.Ask({{"ping", 1}});
  server.CloseConnections();
  EXPECT_EQ(client.Answer(), "");
  EXPECT_EQ(Client(server).Ask({{"ping", 1}}), "{ok: double 1.000000}");
}

TEST(ScriptedMongo, EndsInTheMiddleOfADelay) {
  auto server = std::make_unique<Server>();
  server->Say("getMore", {After(std::chrono::hours(1), Ok())});
  const Client client(*server);
  client.Send(kGetMore);
  ASSERT_TRUE(server->WaitFor("getMore", 1));
  server.reset();
  EXPECT_EQ(client.Answer(), "");
}

TEST(ScriptedMongo, WhatIsNoMessageEndsItsConnection) {
  Server server;
  const Client nonsense(server);
  nonsense.SendBytes(2013, "abc");
  EXPECT_EQ(nonsense.Answer(), "");
  const Client unknown(server);
  unknown.SendBytes(2012, Bson({{"ping", 1}}));
  EXPECT_EQ(unknown.Answer(), "");
  const Client quiet(server);
  quiet.Send({{"ping", 1}}, 2);  // moreToCome: no answer is waited for
  EXPECT_EQ(quiet.Ask({{"ping", 1}}), "{ok: double 1.000000}");
  EXPECT_TRUE(server.WaitFor("ping", 2));
}

}  // namespace
}  // namespace stockwatch::scripted_mongo
