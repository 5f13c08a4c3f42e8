#include "tests/api/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace akyn::test {

namespace {

std::string decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      result += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

void send_all(int connection, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace

std::string HttpRequest::field(const std::string& name) const {
  std::size_t at = body.starts_with(name + '=') ? 0 : body.find('&' + name + '=');
  if (at == std::string::npos) return {};
  at = body.find('=', at) + 1;
  return decoded(body.substr(at, body.find('&', at) - at));
}

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  listening_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listening_ < 0 || bind(listening_, generic, size) != 0 || listen(listening_, 8) != 0 ||
      getsockname(listening_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on the loopback interface");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  shutdown(listening_, SHUT_RDWR);
  thread_.join();
  close(listening_);
  for (const int connection : waiting_) close(connection);
}

std::string HttpServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void HttpServer::serve() {
  while (true) {
    const int connection = accept(listening_, nullptr, nullptr);
    if (connection < 0) return;
    answer(connection);
  }
}

void HttpServer::answer(int connection) {
  std::string text;
  char buffer[4096];
  std::size_t head_end = std::string::npos;
  std::size_t length = 0;
  while (head_end == std::string::npos || text.size() < head_end + 4 + length) {
    const ssize_t count = recv(connection, buffer, sizeof(buffer), 0);
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
    if (head_end != std::string::npos || (head_end = text.find("\r\n\r\n")) == std::string::npos) continue;
    const std::size_t at = text.find("Content-Length: ");
    if (at < head_end) length = std::strtoul(text.c_str() + at + 16, nullptr, 10);
    if (text.find("Expect: 100-continue") < head_end) send_all(connection, "HTTP/1.1 100 Continue\r\n\r\n");
  }
  if (head_end == std::string::npos) {
    close(connection);
    return;
  }
  HttpRequest request;
  const std::size_t line_end = text.find("\r\n");
  request.line = text.substr(0, line_end);
  request.head = text.substr(line_end + 2, head_end - line_end);
  request.body = text.substr(head_end + 4);
  const HttpReply reply = handler_(request);
  if (reply.never) {
    waiting_.push_back(connection);
    return;
  }
  send_all(connection, "HTTP/1.1 " + std::to_string(reply.status) + " -\r\nContent-Type: " + reply.type +
                           "\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\nConnection: close\r\n" +
                           reply.headers + "\r\n" + reply.body);
  close(connection);
}

}  // namespace akyn::test
