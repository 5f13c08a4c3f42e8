// LOAD in updates: files, and documents of servers on the loopback interface.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include <akyn/akyn.h>
#include "tests/api/common.h"
#include "tests/api/http_server.h"

using akyn::ErrorCode;
using akyn::Store;
using akyn::StoreOptions;
using akyn::test::HttpReply;
using akyn::test::HttpRequest;
using akyn::test::HttpServer;
using akyn::testing::error_of;
using akyn::testing::message_of;
using akyn::testing::TemporaryDirectory;

namespace {

Store allowed() {
  StoreOptions options;
  options.allow_load_files = true;
  options.allow_load_urls = true;
  return Store::in_memory(options);
}

std::string file_iri(const std::filesystem::path& path) {
  return "<file://" + path.string() + ">";
}

}  // namespace

TEST_CASE("LOAD reads a file into the default graph or a named one") {
  const TemporaryDirectory directory;
  directory.write("a.ttl", "<#me> <urn:p> _:x . _:x <urn:q> 1 .");
  directory.write("b c.nq", "<urn:s> <urn:p> <urn:o> .\n<urn:s> <urn:p> <urn:o> <urn:own> .\n");
  Store store = allowed();
  store.update("LOAD " + file_iri(directory / "a.ttl"));
  CHECK(store.count() == 2);
  CHECK(store.count(akyn::iri("file://" + (directory / "a.ttl").string() + "#me")) == 1);
  std::string spaced = file_iri(directory / "b c.nq");
  spaced.replace(spaced.find(' '), 1, "%20");
  store.update("LOAD " + spaced);
  CHECK(store.count({}, {}, {}, akyn::Graph(akyn::iri("urn:own"))) == 1);
  CHECK(message_of([&] {
          store.update("LOAD " + spaced + " INTO GRAPH <urn:g>");
        }).ends_with("b%20c.nq has a graph of its own, <urn:own>, and is to go into one"));
  CHECK(store.count({}, {}, {}, akyn::Graph(akyn::iri("urn:g"))) == 0);
  store.update("LOAD <file://localhost" + (directory / "a.ttl").string() + "> INTO GRAPH <urn:g> ; CLEAR DEFAULT");
  CHECK(store.count({}, {}, {}, akyn::Graph(akyn::iri("urn:g"))) == 2);
}

TEST_CASE("LOAD that fails changes nothing, and says why") {
  const TemporaryDirectory directory;
  directory.write("bad.ttl", "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> \"open .\n");
  Store store = allowed();
  const auto load = [&](const std::string& what) { return message_of([&] { store.update("LOAD " + what); }); };
  const std::string bad = load(file_iri(directory / "bad.ttl"));
  CHECK(bad.find("bad.ttl:2:") != std::string::npos);
  CHECK(error_of([&] { store.update("LOAD " + file_iri(directory / "none.ttl")); }) == ErrorCode::not_found);
  CHECK(load("<file://elsewhere/x.ttl>") == "LOAD <file://elsewhere/x.ttl>: files of other hosts are not read");
  CHECK(load("<file:relative.ttl>") == "LOAD <file:relative.ttl>: the path is not absolute");
  CHECK(load("<file:///a%2>") == "LOAD <file:///a%2>: the path has a wrong % escape");
  CHECK(load("<file:///a%00b>") == "LOAD <file:///a%00b>: the path has a wrong % escape");
  for (const std::string& what :
       {file_iri(directory / "bad.ttl"), file_iri(directory / "none.ttl"), std::string("<urn:x>")}) {
    store.update("INSERT DATA { <urn:kept> <urn:p> 1 } ; LOAD SILENT " + what +
                 " ; DELETE DATA { <urn:kept> <urn:p> 2 }");
  }
  CHECK(store.count() == 1);
}

TEST_CASE("LOAD is off unless the store was opened with it") {
  const TemporaryDirectory directory;
  directory.write("a.nt", "<urn:s> <urn:p> <urn:o> .\n");
  const HttpServer server([](const HttpRequest&) {
    return HttpReply{200, "application/n-triples", "<urn:s> <urn:p> 1 .\n"};
  });
  Store store = Store::in_memory();
  CHECK(error_of([&] { store.update("LOAD " + file_iri(directory / "a.nt")); }) == ErrorCode::unsupported);
  CHECK(error_of([&] { store.update("LOAD <" + server.url("/a.nt") + ">"); }) == ErrorCode::unsupported);
  CHECK(store.count() == 0);
}

TEST_CASE("LOAD asks a server, and goes by the media type or the name") {
  const HttpServer server([](const HttpRequest& request) {
    if (!request.line.starts_with("GET ")) return HttpReply{405, "text/plain", "GET, please"};
    if (request.line.starts_with("GET /turtle "))
      return HttpReply{200, "Text/Turtle; charset=utf-8", "<#a> <urn:p> 1 ."};
    if (request.line.starts_with("GET /named.nq?x=1 ")) {
      return HttpReply{200, "text/plain", "<urn:s> <urn:p> <urn:o> <urn:g> .\n"};
    }
    if (request.line.starts_with("GET /moved ")) {
      HttpReply reply{302, "text/plain", ""};
      reply.headers = "Location: /turtle\r\n";
      return reply;
    }
    if (request.line.starts_with("GET /page ")) return HttpReply{200, "text/html", "<p>"};
    if (request.line.starts_with("GET /wrong ")) return HttpReply{200, "text/turtle", "<urn:a> <urn:b>"};
    if (request.line.starts_with("GET /long ")) {
      return HttpReply{200, "application/n-triples", std::string(3'000'000, '#')};
    }
    if (request.line.starts_with("GET /broken ")) return HttpReply{503, "text/plain", "later"};
    return HttpReply{404, "text/plain", "no"};
  });
  Store store = allowed();
  const auto url = [&](const std::string& path) { return "<" + server.url(path) + ">"; };
  const auto load = [&](const std::string& path) { return message_of([&] { store.update("LOAD " + url(path)); }); };
  CHECK(load("/turtle").empty());
  CHECK(store.count(akyn::iri(server.url("/turtle#a"))) == 1);
  CHECK(load("/named.nq?x=1").empty());
  CHECK(store.count({}, {}, {}, akyn::Graph(akyn::iri("urn:g"))) == 1);
  CHECK(load("/moved").empty());
  CHECK(store.count() == 2);  // relative to where it is now
  CHECK(load("/page") ==
        "LOAD " + url("/page") + ": neither its media type 'text/html' nor its name say a format of RDF");
  CHECK(load("/none") == "LOAD " + url("/none") + ": there is no such document");
  CHECK(load("/broken") == "LOAD " + url("/broken") + ": the server answered with status 503");
  CHECK(load("/wrong").find("/wrong:1:") != std::string::npos);
  akyn::QueryOptions little;
  little.memory_limit = 1 << 20;
  CHECK(error_of([&] { store.update("LOAD SILENT " + url("/long"), little); }) == ErrorCode::limit);
  store.update("LOAD SILENT " + url("/none") + " ; LOAD SILENT " + url("/page") + " ; LOAD SILENT " + url("/broken"));
  store.update("LOAD SILENT <http://localhost:1/nobody>");
  CHECK(store.count() == 2);
}

TEST_CASE("LOAD waits for a server no longer than it is told") {
  const HttpServer server([](const HttpRequest&) {
    HttpReply reply;
    reply.never = true;
    return reply;
  });
  Store store = allowed();
  akyn::QueryOptions options;
  options.service_timeout = std::chrono::milliseconds(50);
  CHECK(error_of([&] { store.update("LOAD <" + server.url("/a.nt") + ">", options); }) == ErrorCode::io);
  store.update("LOAD SILENT <" + server.url("/a.nt") + ">", options);
}

TEST_CASE("what an update changes is held against its memory limit") {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "<urn:s" + std::to_string(i) + "> <urn:p> \"some text\" .\n";
  directory.write("many.nt", text);
  Store store = allowed();
  akyn::QueryOptions little;
  little.memory_limit = 1 << 20;
  CHECK(error_of([&] { store.update("LOAD SILENT " + file_iri(directory / "many.nt"), little); }) == ErrorCode::limit);
  CHECK(store.count() == 0);
  store.update("LOAD " + file_iri(directory / "many.nt"));
  CHECK(error_of([&] { store.update("INSERT { ?s <urn:q> ?s } WHERE { ?s ?p ?o }", little); }) == ErrorCode::limit);
  CHECK(error_of([&] { store.update("MOVE DEFAULT TO <urn:g>", little); }) == ErrorCode::limit);
  CHECK(error_of([&] { store.update("CLEAR SILENT DEFAULT", little); }) == ErrorCode::limit);
  akyn::CancelToken cancelled;
  cancelled.cancel();
  CHECK(error_of([&] { store.update("CLEAR SILENT DEFAULT", {}, cancelled); }) == ErrorCode::cancelled);
  CHECK(error_of([&] { store.update("INSERT DATA { <urn:s> <urn:p> 1 }", {}, cancelled); }) == ErrorCode::cancelled);
  CHECK(error_of([&] { store.update("DELETE DATA {" + text + "}", little); }) == ErrorCode::limit);
  for (int i = 0; i < 40'000; ++i) text += "<urn:s" + std::to_string(i) + "> <urn:p> \"another text\" .\n";
  CHECK(error_of([&] { store.update("INSERT DATA {" + text + "}", little); }) == ErrorCode::limit);
  CHECK(store.count() == 40'000);
}
