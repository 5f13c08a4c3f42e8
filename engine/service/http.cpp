#include "engine/service/http.h"

#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::service {

namespace {

using std::chrono::steady_clock;

constexpr int kPollMilliseconds = 20;  // how soon a cancelled request stops
constexpr long kMaxRedirects = 5;
constexpr long kConnectSeconds = 30;

// libcurl's own set-up, once in a process and never undone: other parts of the program may use it too.
void set_up() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(ErrorCode::io, std::string("HTTP is not available: ") + curl_easy_strerror(code));
}

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freer<curl_multi_cleanup>>;
using Headers = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;

struct Body {
  std::string text;
  std::size_t max_bytes;
  bool too_long = false;
};

std::size_t receive(char* data, std::size_t, std::size_t size, void* target) {
  Body& body = *static_cast<Body*>(target);
  if (size > body.max_bytes - body.text.size()) {
    body.too_long = true;
    return 0;
  }
  body.text.append(data, size);
  return size;
}

// Throws once the query is over.
void check(const HttpRequest& request) {
  if (request.cancelled != nullptr && request.cancelled->load(std::memory_order_relaxed)) {
    throw Error(ErrorCode::cancelled, "the query was cancelled");
  }
  if (request.deadline && steady_clock::now() >= *request.deadline) {
    throw Error(ErrorCode::timeout, "the query did not finish within its time limit");
  }
}

void restrict_to_http(CURL* easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
  const bool restricted = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                          curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK;
#else
  const bool restricted = curl_easy_setopt(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS) == CURLE_OK &&
                          curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS) == CURLE_OK;
#endif
  if (!restricted) throw Error(ErrorCode::io, "HTTP is not available");
}

// Runs a prepared transfer to its end.
CURLcode perform(CURL* easy, const HttpRequest& request) {
  const Multi multi(curl_multi_init());
  if (!multi || curl_multi_add_handle(multi.get(), easy) != CURLM_OK) {
    throw Error(ErrorCode::io, "HTTP is not available");
  }
  struct Removal {  // before either handle goes
    CURLM* multi;
    CURL* easy;
    Removal(CURLM* of, CURL* what) : multi(of), easy(what) {}
    Removal(const Removal&) = delete;
    Removal& operator=(const Removal&) = delete;
    ~Removal() { curl_multi_remove_handle(multi, easy); }
  };
  const Removal removal(multi.get(), easy);
  int running = 1;
  while (true) {
    check(request);
    if (curl_multi_perform(multi.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    if (curl_multi_poll(multi.get(), nullptr, 0, kPollMilliseconds, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return CURLE_FAILED_INIT;
}

}  // namespace

HttpResponse exchange(const HttpRequest& request) {
  set_up();
  check(request);
  const Easy easy(curl_easy_init());
  if (!easy) throw Error(ErrorCode::io, "HTTP is not available");
  Body body{{}, request.max_bytes, false};
  std::array<char, CURL_ERROR_SIZE> reason{};
  const Headers headers(curl_slist_append(nullptr, ("Accept: " + request.accept).c_str()));

  curl_easy_setopt(easy.get(), CURLOPT_URL, request.url.c_str());
  restrict_to_http(easy.get());
  if (request.form) {
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, request.form->c_str());
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form->size()));
  }
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "akyn");
  curl_easy_setopt(easy.get(), CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_MAXREDIRS, kMaxRedirects);
  curl_easy_setopt(easy.get(), CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_ALL));
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, reason.data());

  const CURLcode code = perform(easy.get(), request);
  if (body.too_long) {
    throw Error(ErrorCode::limit, fmt::format("the answer is longer than the {} bytes that the query's memory limit "
                                              "leaves for it",
                                              request.max_bytes));
  }
  if (code == CURLE_OPERATION_TIMEDOUT && request.timeout.count() > 0) {
    throw Error(ErrorCode::io, fmt::format("no answer within {} ms", request.timeout.count()));
  }
  if (code != CURLE_OK) throw Error(ErrorCode::io, reason[0] != '\0' ? reason.data() : curl_easy_strerror(code));

  HttpResponse response;
  const char* type = nullptr;
  const char* url = nullptr;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &response.status);
  curl_easy_getinfo(easy.get(), CURLINFO_CONTENT_TYPE, &type);
  curl_easy_getinfo(easy.get(), CURLINFO_EFFECTIVE_URL, &url);
  if (type != nullptr) response.content_type = type;
  response.url = url != nullptr ? url : request.url;
  response.body = std::move(body.text);
  return response;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace akyn::service
