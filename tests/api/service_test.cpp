// SERVICE over HTTP, against servers on the loopback interface.
#include <atomic>
#include <chrono>
#include <sstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include <akyn/akyn.h>
#include "tests/api/http_server.h"

using akyn::CancelToken;
using akyn::Error;
using akyn::ErrorCode;
using akyn::QueryOptions;
using akyn::Store;
using akyn::test::HttpReply;
using akyn::test::HttpRequest;
using akyn::test::HttpServer;

namespace {

constexpr const char* kPrologue = "PREFIX : <http://example/> ";

Store filled(const std::string& turtle) {
  Store store = Store::in_memory();
  std::istringstream in("PREFIX : <http://example/> " + turtle);
  akyn::LoadOptions options;
  options.format = akyn::RdfFormat::turtle;
  store.load(in, options);
  return store;
}

// A SPARQL endpoint over a store.
HttpServer::Handler endpoint(Store store, akyn::ResultFormat format) {
  return [store = std::move(store), format](const HttpRequest& request) {
    HttpReply reply;
    if (format == akyn::ResultFormat::xml) reply.type = "application/sparql-results+xml; charset=utf-8";
    std::ostringstream out;
    akyn::Rows rows = store.prepare(request.field("query")).select();
    akyn::write_results(out, rows, format);
    reply.body = out.str();
    return reply;
  };
}

QueryOptions allowed() {
  QueryOptions options;
  options.allow_service = true;
  return options;
}

std::string answer(const Store& store, const std::string& query, const QueryOptions& options = allowed()) {
  std::string result;
  akyn::Query prepared = store.prepare(kPrologue + query, options);
  for (const akyn::Row& row : prepared.select()) {
    for (std::size_t i = 0; i < row.size(); ++i) result += (i == 0 ? "" : " ") + row[i].to_string();
    result += '\n';
  }
  return result;
}

// Code and message, with the server's address as URL.
template <class Action>
std::string error_of(const HttpServer& server, Action action) {
  try {
    action();
  } catch (const Error& error) {
    std::string message = error.message();
    if (const std::size_t at = message.find(server.url()); at != std::string::npos) {
      message.replace(at, server.url().size(), "URL");
    }
    return std::to_string(static_cast<int>(error.code())) + ' ' + message;
  }
  return "no error";
}

std::string coded(ErrorCode code, const std::string& message) {
  return std::to_string(static_cast<int>(code)) + ' ' + message;
}

}  // namespace

TEST_CASE("an endpoint that speaks JSON or XML") {
  const Store far =
      filled(R"(:a :name "Ann"@en, "\"<&>\\\n" ; :age 01 . :b :name "Bob"@ar--rtl ; :knows [ :age 5 ] .)");
  const Store near = filled(":a :p 1 . :b :p 2 .");
  for (const akyn::ResultFormat format : {akyn::ResultFormat::json, akyn::ResultFormat::xml}) {
    const HttpServer server(endpoint(far, format));
    const std::string service = " SERVICE <" + server.url() + "> ";
    CHECK(answer(near, "SELECT ?v ?n { ?x :p ?v" + service + "{ ?x :name ?n } } ORDER BY ?v STR(?n)") ==
          "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer> \"\\\"<&>\\\\\\n\"\n"
          "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer> \"Ann\"@en\n"
          "\"2\"^^<http://www.w3.org/2001/XMLSchema#integer> \"Bob\"@ar--rtl\n");
    CHECK(answer(near, "SELECT ?n {" + service + "{ :a :age ?n } }") ==
          "\"01\"^^<http://www.w3.org/2001/XMLSchema#integer>\n");
    CHECK(answer(near, "SELECT (isBLANK(?k) AS ?b) {" + service + "{ :b :knows ?k } }") ==
          "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>\n");
    CHECK(answer(near, "SELECT ?x {" + service + "{ ?x :age 1000 } }").empty());
  }
}

TEST_CASE("what is sent") {
  HttpRequest seen;
  const HttpServer server([&](const HttpRequest& request) {
    seen = request;
    HttpReply reply;
    reply.body = R"({"head":{"vars":["n"]},"results":{"bindings":[]}})";
    return reply;
  });
  CHECK(answer(Store::in_memory(), "SELECT * { SERVICE <" + server.url("/sparql?default-graph-uri=g") +
                                       "> { ?s :näme 'a&b=c+d%' ; ?p ?n } }")
            .empty());
  CHECK(seen.line == "POST /sparql?default-graph-uri=g HTTP/1.1");
  CHECK(seen.head.find("Content-Type: application/x-www-form-urlencoded") != std::string::npos);
  CHECK(seen.head.find("Accept: application/sparql-results+json, application/sparql-results+xml;q=0.8") !=
        std::string::npos);
  CHECK(seen.field("query") == "SELECT ?s ?p ?n WHERE { ?s <http://example/näme> \"a&b=c+d%\" . ?s ?p ?n . } ");
}

TEST_CASE("SERVICE is off unless it is allowed") {
  std::atomic<int> requests = 0;
  const HttpServer server([&](const HttpRequest&) {
    ++requests;
    return HttpReply{200, "application/sparql-results+json", R"({"head":{"vars":[]},"results":{"bindings":[{}]}})"};
  });
  const std::string query = "SELECT (1 AS ?one) { SERVICE <" + server.url() + "> { ?s ?p ?o } }";
  const Store store = Store::in_memory();
  CHECK(error_of(server, [&] { (void)answer(store, query, {}); }) ==
        coded(ErrorCode::unsupported,
              "SERVICE is switched off: the option allow_service lets a query ask other endpoints"));
  CHECK(requests == 0);
  CHECK_FALSE(answer(store, query).empty());
  akyn::StoreOptions open;
  open.allow_service = true;
  const Store open_store = Store::in_memory(open);
  CHECK_FALSE(answer(open_store, query, {}).empty());
  CHECK(requests == 2);
  QueryOptions refused;
  refused.allow_service = false;
  CHECK(error_of(server, [&] { (void)answer(open_store, query, refused); }) != "no error");
  CHECK(requests == 2);
}

TEST_CASE("SERVICE in an update") {
  const HttpServer server(endpoint(filled(":a :name 'Ann' ."), akyn::ResultFormat::json));
  Store store = Store::in_memory();
  store.update(kPrologue + ("INSERT { ?s :called ?n } WHERE { SERVICE <" + server.url() + "> { ?s :name ?n } }"),
               allowed());
  CHECK(store.count({}, akyn::iri("http://example/called"), akyn::literal("Ann")) == 1);
}

TEST_CASE("endpoints that fail") {
  HttpReply reply;
  const HttpServer server([&](const HttpRequest&) { return reply; });
  const Store store = filled(":a :p 1 .");
  const std::string pattern = "<" + server.url() + "> { ?s :q ?o } }";
  const auto error = [&] { return error_of(server, [&] { (void)answer(store, "SELECT * { SERVICE " + pattern); }); };

  SUBCASE("with a status") {
    reply.status = 500;
    reply.type = "text/plain";
    reply.body = "\n  Virtuoso 37000 Error: too busy\nat line 5";
    CHECK(error() ==
          coded(ErrorCode::io, "SERVICE <URL>: the endpoint answered with status 500: Virtuoso 37000 Error: too busy"));
  }
  SUBCASE("with something else") {
    reply.type = "text/html";
    reply.body = "<html>Welcome</html>";
    CHECK(error() == coded(ErrorCode::io, "SERVICE <URL>: the answer cannot be read: expected the element <sparql>"));
  }
  SUBCASE("with yes or no") {
    reply.body = R"({"head":{},"boolean":true})";
    CHECK(error() == coded(ErrorCode::io, "SERVICE <URL>: the answer is true or false, not solutions"));
  }
  SUBCASE("with a redirection out of HTTP") {
    reply.status = 302;
    reply.headers = "Location: file:///etc/passwd\r\n";
    CHECK(error().starts_with(coded(ErrorCode::io, "SERVICE <URL>: ")));
  }
  SUBCASE("by being no HTTP address") {
    CHECK(error_of(server, [&] {
            (void)answer(store, "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }");
          }).starts_with(coded(ErrorCode::io, "SERVICE <file:///etc/passwd>: ")));
    CHECK(error_of(server, [&] {
            (void)answer(store, "SELECT * { SERVICE <urn:x> { ?s ?p ?o } }");
          }).starts_with(coded(ErrorCode::io, "SERVICE <urn:x>: ")));
  }
  CHECK(answer(store, "SELECT ?o { :a :p ?x SERVICE SILENT " + pattern) == "\n");
}

TEST_CASE("an answer longer than the memory limit") {
  const HttpServer server([&](const HttpRequest&) {
    HttpReply reply;
    reply.body = std::string(1 << 20, ' ');
    return reply;
  });
  QueryOptions options = allowed();
  options.memory_limit = 100'000;
  const Store store = Store::in_memory();
  const std::string message = error_of(
      server, [&] { (void)answer(store, "SELECT * { SERVICE <" + server.url() + "> { ?s ?p ?o } }", options); });
  CHECK(message.starts_with(coded(ErrorCode::limit, "SERVICE <URL>: the answer is longer than the ")));
}

TEST_CASE("endpoints that keep silent") {
  std::atomic<bool> asked = false;
  const HttpServer server([&](const HttpRequest&) {
    asked = true;
    HttpReply reply;
    reply.never = true;
    return reply;
  });
  const Store store = Store::in_memory();
  const std::string query = "SELECT * { SERVICE SILENT <" + server.url() + "> { ?s ?p ?o } }";
  SUBCASE("until the request's own time is over") {
    QueryOptions options = allowed();
    options.service_timeout = std::chrono::milliseconds(30);
    CHECK(answer(store, query, options) == "  \n");
    CHECK(error_of(server, [&] {
            (void)answer(store, "SELECT * { SERVICE <" + server.url() + "> { ?s ?p ?o } }", options);
          }) == coded(ErrorCode::io, "SERVICE <URL>: no answer within 30 ms"));
  }
  SUBCASE("until the query's time is over") {
    QueryOptions options = allowed();
    options.timeout = std::chrono::milliseconds(30);
    CHECK(error_of(server, [&] { (void)answer(store, query, options); }) ==
          coded(ErrorCode::timeout, "the query did not finish within its time limit"));
  }
  SUBCASE("until the query is cancelled") {
    CancelToken token;
    std::thread canceller([&] {
      while (!asked) std::this_thread::yield();
      token.cancel();
    });
    akyn::Query prepared = store.prepare(query, allowed());
    prepared.cancel_with(token);
    CHECK(error_of(server, [&] { (void)prepared.select(); }) == coded(ErrorCode::cancelled, "the query was cancelled"));
    canceller.join();
  }
}
