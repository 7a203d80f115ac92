#include "adapters/mongo_source/uri.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/mongo_source/connection.h"
#include "adapters/mongo_source/remedy.h"
#include "testing/scripted_mongo/server.h"

namespace stockwatch::mongo_source {
namespace {

using std::chrono::milliseconds;

constexpr base::Duration kAwait = base::Duration::Seconds(1);

class UriTest : public ::testing::Test {
 protected:
  UriTest() {
    std::string made = ::testing::TempDir() + "uri_test_XXXXXX";
    EXPECT_NE(mkdtemp(made.data()), nullptr);
    folder_ = made;
  }
  ~UriTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  // What is wrong of a URI with these options; "" for nothing.
  static std::string ProblemOf(const std::string& more) {
    Options options;
    options.uri = "mongodb://127.0.0.1:1/?replicaSet=rs0" + more;
    options.database = "shop";
    options.await = kAwait;
    const auto problem = ProblemOfUri(options);
    if (!problem.ok()) return problem.error().message;
    if (!problem.value()) return "";
    EXPECT_NE(problem.value()->fix, "");
    EXPECT_FALSE(Connection::Open(options, std::make_shared<Farewell>(milliseconds(1))).ok());
    EXPECT_FALSE(Connection::Check(options).ok());
    return problem.value()->says;
  }

  std::filesystem::path folder_;
};

bool Says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST_F(UriTest, FilesOfTlsAreLookedAtByNameBeforeAnybodyConnects) {
  const std::string certificate = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
  const std::string good = File("good.pem", certificate);
  const std::string junk = File("junk", "hello");
  const std::string absent = (folder_ / "absent.pem").string();
  EXPECT_EQ(ProblemOf("&tls=true&tlsCAFile=" + good), "");
  const std::string gone = ProblemOf("&tls=true&tlsCAFile=" + absent);
  EXPECT_TRUE(Says(gone, "tlsCAFile") && Says(gone, absent) && Says(gone, "No such file")) << gone;
  const std::string no_pem = ProblemOf("&tls=true&tlsCAFile=" + junk);
  EXPECT_TRUE(Says(no_pem, junk) && Says(no_pem, "CERTIFICATE")) << no_pem;
  const std::string folder = ProblemOf("&tls=true&tlsCAFile=" + folder_.string());
  EXPECT_TRUE(Says(folder, folder_.string())) << folder;
  const std::string no_key = ProblemOf("&tls=true&tlsCertificateKeyFile=" + good);
  EXPECT_TRUE(Says(no_key, "tlsCertificateKeyFile") && Says(no_key, "PRIVATE KEY")) << no_key;
  const std::string both = File("both.pem", certificate + "-----BEGIN PRIVATE KEY-----\n");
  EXPECT_EQ(ProblemOf("&tls=true&tlsCertificateKeyFile=" + both), "");
}

// A quiet server would count as gone at each wait, for ever.
TEST_F(UriTest, ATimeoutOfTheUriIsHeldAgainstTheWait) {
  EXPECT_EQ(ProblemOf("&socketTimeoutMS=1001"), "");
  EXPECT_EQ(ProblemOf("&socketTimeoutMS=0"), "") << "none of its own";
  for (const char* const short_one : {"60", "1000"}) {
    const std::string problem = ProblemOf("&socketTimeoutMS=" + std::string(short_one));
    EXPECT_TRUE(Says(problem, "socketTimeoutMS") && Says(problem, "source.mongo.await")) << problem;
  }
}

// What a first look for a server says.
std::string Advised(const std::string& uri) {
  Options options;
  options.uri = uri;
  options.database = "shop";
  options.connect_timeout = base::Duration::Seconds(20);
  const auto connection =
      Connection::Open(options, std::make_shared<Farewell>(milliseconds(1'000)));
  const auto selected = connection.value()->link().select();
  return std::holds_alternative<Failure>(selected) ? Advice(std::get<Failure>(selected)) : "";
}

TEST(MongoSelection, AnotherReplicaSetIsNamedBesideTheOneAskedFor) {
  scripted_mongo::Server server;  // of "rs0"
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  const std::string said = Advised("mongodb://" + host + "/?replicaSet=wrong");
  EXPECT_TRUE(Says(said, "\"wrong\"") && Says(said, "\"rs0\"") && Says(said, host)) << said;
  EXPECT_TRUE(Says(said, "mend replicaSet")) << said;
}

TEST(MongoSelection, AServerAloneIsSaidToBeInNoSet) {
  scripted_mongo::Server::Options alone;
  alone.set_name = "";
  scripted_mongo::Server server(alone);
  const std::string said =
      Advised("mongodb://127.0.0.1:" + std::to_string(server.port()) + "/?replicaSet=rs0");
  EXPECT_TRUE(Says(said, "is in none") && Says(said, "rs.initiate()")) << said;
}

TEST(MongoSelection, AConnectionClosedAtTheFirstWordMayWantTls) {
  scripted_mongo::Server server;
  for (const char* const hello : {"hello", "isMaster", "ismaster"}) {
    server.SayAlways(hello, scripted_mongo::Broken(scripted_mongo::Answer::Manner::kClose));
  }
  const std::string said = Advised(server.Uri());
  EXPECT_TRUE(Says(said, "the server may ask for TLS") && Says(said, "tls=true")) << said;
}

TEST(MongoSelection, NobodyThereIsSaidWithTheHost) {
  const std::string said = Advised("mongodb://127.0.0.1:1/?replicaSet=rs0");
  EXPECT_TRUE(Says(said, "127.0.0.1:1") && Says(said, "nobody listens")) << said;
}

// What was not seen once is looked for anew: a set that was misnamed is found when it is mended.
TEST(MongoSelection, AServerThatComesIntoTheSetIsFound) {
  scripted_mongo::Server::Options other;
  other.set_name = "other";
  scripted_mongo::Server server(other);
  Options options;
  options.uri = "mongodb://127.0.0.1:" + std::to_string(server.port()) + "/?replicaSet=rs0";
  options.database = "shop";
  options.connect_timeout = base::Duration::Seconds(20);
  const auto connection =
      Connection::Open(options, std::make_shared<Farewell>(milliseconds(1'000)));
  const Link link = connection.value()->link();
  EXPECT_TRUE(std::holds_alternative<Failure>(link.select()));
  server.Become({});
  EXPECT_TRUE(std::holds_alternative<Server>(link.select()));
}

}  // namespace
}  // namespace stockwatch::mongo_source
