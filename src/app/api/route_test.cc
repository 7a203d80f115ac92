#include "app/api/route.h"

#include <gtest/gtest.h>

#include <set>

#include "app/api/list.h"
#include "app/api/nodes.h"
#include "app/api/openapi.h"

namespace stockwatch::api {
namespace {

using http_server::Request;
using http_server::Response;

base::Result<Response> Nothing(Engine&, const Call&) {
  return Response{};
}

Request Asked(const std::string& method, const std::string& target) {
  Request request;
  request.method = method;
  EXPECT_TRUE(http_server::ParseTarget(target, request).ok()) << target;
  return request;
}

Router SomeRoutes() {
  return Router({{"GET", "/a/{one}", {}, Nothing},
                 {"GET", "/a/literal", {"p", "q"}, Nothing},
                 {"GET", "/a/{one}/{two}", {}, Nothing},
                 {"POST", "/a/{one}", {}, Nothing},
                 {"DELETE", "/a/{one}", {}, Nothing}});
}

// The pattern that was found and the names, or the status and detail of the problem.
std::string Found(const std::string& method, const std::string& target) {
  const Router router = SomeRoutes();
  const Request request = Asked(method, target);
  const auto found = router.Find(request);
  if (const auto* problem = std::get_if<Response>(&found)) {
    return std::to_string(problem->status) + " " + problem->body;
  }
  const auto& match = std::get<Router::Found>(found);
  std::string text(match.route->pattern);
  for (const std::string& name : match.named) text += " " + name;
  return text;
}

TEST(Router, NamesStandForOneSegmentWhateverItHolds) {
  EXPECT_EQ(Found("GET", "/a/x"), "/a/{one} x");
  EXPECT_EQ(Found("GET", "/a/x%2Fy/z%20"), "/a/{one}/{two} x/y z ");
  EXPECT_EQ(Found("GET", "/a/literal?p=1&q="), "/a/literal");
  EXPECT_EQ(Found("POST", "/a/literal"), "/a/{one} literal");
}

TEST(Router, WhatIsNotThereIsAProblemThatNamesIt) {
  for (const char* target : {"/", "/a", "/a/", "/a//x", "/a/x/", "/b/x", "/a/x/y/z"}) {
    EXPECT_TRUE(Found("GET", target).starts_with("404 ")) << target;
  }
  EXPECT_NE(Found("GET", "/b?x=1").find("\"instance\":\"/b?x=1\""), std::string::npos);
}

TEST(Router, AnotherMethodIsToldWhichAreAllowed) {
  const Router router = SomeRoutes();
  const Request request = Asked("PUT", "/a/x");
  const auto found = router.Find(request);
  const auto& problem = std::get<Response>(found);
  EXPECT_EQ(problem.status, 405);
  ASSERT_EQ(problem.headers.size(), 1u);
  EXPECT_EQ(problem.headers[0].first, "Allow");
  EXPECT_EQ(problem.headers[0].second, "GET, POST, DELETE");
}

TEST(Router, AnUnknownParameterIsRefusedByName) {
  const std::string problem = Found("GET", "/a/literal?p=1&r=2");
  EXPECT_TRUE(problem.starts_with("400 ")) << problem;
  EXPECT_NE(problem.find("unknown parameter \\\"r\\\"; known are p q"), std::string::npos);
  EXPECT_TRUE(Found("GET", "/a/x?p=1").starts_with("400 "));
}

TEST(Router, EveryRouteOfTheApiStandsOnceAndInTheContract) {
  std::set<std::string> seen;
  for (const Route& route : AllRoutes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.pattern);
    EXPECT_TRUE(seen.insert(name).second) << name;
    const std::string path = "\"" + std::string(route.pattern) + "\":{";
    EXPECT_NE(OpenApiJson().find(path), std::string_view::npos) << name;
  }
}

TEST(Cursor, IsReadByTheListThatGaveItAlone) {
  const std::string cursor = MakeCursor("stock", "17");
  ASSERT_TRUE(ReadCursor("stock", cursor).ok());
  EXPECT_EQ(ReadCursor("stock", cursor).value(), "17");
  EXPECT_EQ(ReadCursor("stock", MakeCursor("stock", "")).value(), "");
  EXPECT_FALSE(ReadCursor("alerts", cursor).ok());
  for (const std::string& bad : {std::string(), std::string("17"), cursor + "0", cursor + "00",
                                 cursor.substr(0, cursor.size() - 2), "x" + cursor.substr(1)}) {
    const auto read = ReadCursor("stock", bad);
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.error().code, base::Code::kInvalidArgument);
    EXPECT_TRUE(read.error().message.starts_with("cursor: ")) << read.error().message;
  }
}

base::Result<NodePath> PathOf(const std::string& query) {
  const Request request = Asked("GET", "/r?" + query);
  return NodePathOf(Call{request, {}, {}});
}

TEST(NodePath, IsNamesJoinedBySlashes) {
  const auto path = PathOf("tree=warehouse&path=GB/a~1b/~0/%28none%29");
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(path.value().tree, stock::Tree::kWarehouse);
  EXPECT_EQ(path.value().names, (std::vector<std::string>{"GB", "a/b", "~", "(none)"}));
  EXPECT_EQ(path.value().brand_depth(), 4u);
  EXPECT_TRUE(PathOf("").value().names.empty());
  EXPECT_EQ(PathOf("").value().tree, stock::Tree::kGlobal);
}

TEST(NodePath, WhatCannotBeOneIsRefusedByItsParameter) {
  for (const auto& [query, parameter] : {std::pair{"tree=both", "tree: "},
                                         {"path=a//b", "path: "},
                                         {"path=/a", "path: "},
                                         {"path=a/", "path: "},
                                         {"path=a~2", "path: "},
                                         {"path=a~", "path: "},
                                         {"path=1/2/3/4/5/6", "path: "},
                                         {"tree=warehouse&path=1/2/3/4/5/6/7", "path: "}}) {
    const auto path = PathOf(query);
    ASSERT_FALSE(path.ok()) << query;
    EXPECT_EQ(path.error().code, base::Code::kInvalidArgument);
    EXPECT_TRUE(path.error().message.starts_with(parameter)) << path.error().message;
  }
}

TEST(Problem, TellsByItsStatusWhatTheClientDoesNext) {
  using base::Code;
  for (const auto& [code, status] : {std::pair{Code::kInvalidArgument, 400},
                                     {Code::kNotFound, 404},
                                     {Code::kAborted, 409},
                                     {Code::kFailedPrecondition, 409},
                                     {Code::kAlreadyExists, 409},
                                     {Code::kResourceExhausted, 503},
                                     {Code::kUnavailable, 503},
                                     {Code::kDataLoss, 500},
                                     {Code::kUnimplemented, 501}}) {
    EXPECT_EQ(StatusOf(code), status);
  }
}

}  // namespace
}  // namespace stockwatch::api
