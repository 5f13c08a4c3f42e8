// HTTP(S) through libcurl.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace akyn::service {

struct HttpRequest {
  std::string url;  // http or https; redirects stay with these two
  // Sent by POST as application/x-www-form-urlencoded; none: a GET.
  std::optional<std::string> form = std::nullopt;
  std::string accept;
  std::chrono::milliseconds timeout{0};                           // for the whole exchange; zero: none
  std::optional<std::chrono::steady_clock::time_point> deadline;  // of the query
  const std::atomic<bool>* cancelled = nullptr;                   // may be null
  std::size_t max_bytes = 0;                                      // of the body, after decompression
};

struct HttpResponse {
  long status = 0;
  std::string url;           // after redirects
  std::string content_type;  // as sent, parameters included; may be empty
  std::string body;
};

// Throws Error(io) when there is no response in time or at all, Error(limit) when the body is too long,
// Error(timeout) at the deadline, Error(cancelled) soon after the flag is set. Any number of threads may call.
[[nodiscard]] HttpResponse exchange(const HttpRequest& request);

// For values in a form: every byte that is not unreserved (RFC 3986 2.3) as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace akyn::service
