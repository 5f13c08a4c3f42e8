// An HTTP server on the loopback interface, for one test.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace akyn::test {

struct HttpRequest {
  std::string line;  // "POST /sparql HTTP/1.1"
  std::string head;  // header lines
  std::string body;
  // The decoded value of a field of a form; empty when there is none.
  [[nodiscard]] std::string field(const std::string& name) const;
};

struct HttpReply {
  int status = 200;
  std::string type = "application/sparql-results+json";
  std::string body = {};
  std::string headers = {};  // further ones, each with its line break
  bool never = false;        // the client waits for an answer that does not come
};

// Answers one request after the other in a thread of its own.
class HttpServer {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;
  explicit HttpServer(Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  [[nodiscard]] std::string url(const std::string& path = "/sparql") const;

 private:
  void serve();
  void answer(int connection);

  Handler handler_;
  int listening_ = -1;
  int port_ = 0;
  std::vector<int> waiting_;  // connections that are never answered
  std::thread thread_;
};

}  // namespace akyn::test
