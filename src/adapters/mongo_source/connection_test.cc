#include "adapters/mongo_source/connection.h"

#include <gtest/gtest.h>

#include <thread>

#include "testing/patience.h"
#include "testing/scripted_mongo/server.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Options PatientOptions(const scripted_mongo::Server& server) {
  Options options;
  options.uri = server.Uri();
  options.database = "shop";
  options.connect_timeout = base::Duration::Seconds(20);
  options.socket_timeout = base::Duration::Hours(1);
  return options;
}

// Nothing ends a call of the driver early: who waits for it leaves.
TEST(Connection, AServerThatHangsHoldsUpNobodyWhoLeaves) {
  scripted_mongo::Server server;
  server.SayAlways("ping", scripted_mongo::Broken(scripted_mongo::Answer::Manner::kSilence));
  const auto farewell = std::make_shared<Farewell>(milliseconds(50));
  auto connection = Connection::Open(PatientOptions(server), farewell).value();
  const Link link = connection->link();
  ASSERT_TRUE(std::holds_alternative<Server>(link.select()));
  std::jthread leaving([&] {
    server.WaitFor("ping", 1);
    farewell->Begin();
  });
  const auto began = steady_clock::now();
  const std::string ping = bson::DocumentWriter().Int32("ping", 1).Finish();
  EXPECT_EQ(link.send(ping).failure->kind, FailureKind::kNetwork);
  EXPECT_TRUE(link.send(ping).failure) << "its thread is not to be had any more";
  connection.reset();
  EXPECT_LT(steady_clock::now() - began, testing::kPatience) << "its timeout is an hour";
}

TEST(Connection, WhoIsAskedWhetherHeLeavesIsNotHeldUpEither) {
  scripted_mongo::Server server;
  server.SayAlways("ping", scripted_mongo::Broken(scripted_mongo::Answer::Manner::kSilence));
  const auto leaves = [&] { return !server.Asked("ping").empty(); };
  auto connection =
      Connection::Open(PatientOptions(server), std::make_shared<Farewell>(milliseconds(50), leaves))
          .value();
  const Link link = connection->link();
  ASSERT_TRUE(std::holds_alternative<Server>(link.select()));
  const std::string ping = bson::DocumentWriter().Int32("ping", 1).Finish();
  EXPECT_TRUE(link.send(ping).failure);
}

TEST(Connection, AnAnswerMayTakeAsLongAsItIsAllowed) {
  scripted_mongo::Server server;
  server.SayAlways("ping", scripted_mongo::Broken(scripted_mongo::Answer::Manner::kSilence));
  Options options = PatientOptions(server);
  options.await = base::Duration::Micros(100'000);
  options.socket_timeout = base::Duration::Micros(200'000);
  const auto connection =
      Connection::Open(options, std::make_shared<Farewell>(milliseconds(50))).value();
  const Link link = connection->link();
  const auto select = [&] { return std::holds_alternative<Server>(link.select()); };
  const std::string ping = bson::DocumentWriter().Int32("ping", 1).Finish();
  ASSERT_TRUE(testing::Comes(select));
  EXPECT_EQ(link.send(ping).failure->hint, Hint::kTimeout);
  server.SayAlways("ping", scripted_mongo::After(milliseconds(600), scripted_mongo::Ok()));
  link.allow(base::Duration::Hours(1));
  ASSERT_TRUE(testing::Comes(select));
  EXPECT_FALSE(link.send(ping).failure) << "it took three times the usual";
}

// The driver looks up the hosts as it makes a client, for as long as the DNS takes.
TEST(Connection, ANameThatIsLookedUpHoldsUpNobodyEither) {
  Options options;
  options.uri = "mongodb+srv://nobody.stockwatch.invalid/?replicaSet=rs0";
  options.database = "shop";
  const auto farewell = std::make_shared<Farewell>(milliseconds(50));
  const auto opened = Connection::Open(options, farewell);
  ASSERT_TRUE(opened.ok()) << "it asked: " << opened.error().message;
  farewell->Begin();
  const auto began = steady_clock::now();
  const auto selected = opened.value()->link().select();
  EXPECT_LT(steady_clock::now() - began, testing::kPatience);
  ASSERT_TRUE(std::holds_alternative<Failure>(selected));
  EXPECT_EQ(std::get<Failure>(selected).kind, FailureKind::kNetwork) << "it is tried again";
}

// What is quick is still done: the server learns that its cursor is not wanted any more.
TEST(Connection, AHealthyServerIsStillToldGoodbye) {
  scripted_mongo::Server server;
  const auto farewell = std::make_shared<Farewell>(testing::kPatience);
  auto connection = Connection::Open(PatientOptions(server), farewell).value();
  const Link link = connection->link();
  ASSERT_TRUE(std::holds_alternative<Server>(link.select()));
  farewell->Begin();
  EXPECT_FALSE(link.send(bson::DocumentWriter().Int32("ping", 1).Finish()).failure);
  connection.reset();
  EXPECT_TRUE(server.WaitFor("endSessions", 1));
}

}  // namespace
}  // namespace stockwatch::mongo_source
