#include "engine/service/http_services.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/results/reader.h"
#include "engine/service/http.h"

namespace akyn::service {

namespace {

constexpr std::string_view kAccept = "application/sparql-results+json, application/sparql-results+xml;q=0.8";
constexpr std::size_t kExcerpt = 200;  // bytes of an error's text that people get to read

[[noreturn]] void fail(const std::string& endpoint, ErrorCode code, std::string_view what) {
  throw Error(code, fmt::format("SERVICE <{}>: {}", endpoint, what));
}

// The first line that says something.
std::string_view excerpt(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin);
  return text.substr(0, std::min(text.find_first_of("\r\n"), kExcerpt));
}

// By the media type or, where that says nothing of the kind, by the first character.
ResultFormat format_of(const HttpResponse& response) {
  if (response.content_type.find("json") != std::string::npos) return ResultFormat::json;
  if (response.content_type.find("xml") != std::string::npos) return ResultFormat::xml;
  return excerpt(response.body).starts_with('<') ? ResultFormat::xml : ResultFormat::json;
}

}  // namespace

runtime::ServiceAnswer HttpServices::ask(const runtime::ServiceRequest& request) const {
  HttpRequest post;
  post.url = request.endpoint;
  post.form = "query=" + percent_encoded(request.query);
  post.accept = kAccept;
  post.timeout = timeout_;
  post.deadline = request.deadline;
  post.cancelled = request.cancelled;
  post.max_bytes = request.max_bytes;
  HttpResponse response;
  try {
    response = exchange(post);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::timeout) throw;
    fail(request.endpoint, error.code(), error.message());
  }
  if (response.status < 200 || response.status >= 300) {
    const std::string_view reason = excerpt(response.body);
    fail(request.endpoint, ErrorCode::io,
         fmt::format("the endpoint answered with status {}{}{}", response.status, reason.empty() ? "" : ": ", reason));
  }
  results::ResultSet answer;
  try {
    answer = results::read_results(response.body, format_of(response), "answer");
  } catch (const Error& error) {
    fail(request.endpoint, ErrorCode::io, fmt::format("the answer cannot be read: {}", error.message()));
  }
  if (answer.boolean) fail(request.endpoint, ErrorCode::io, "the answer is true or false, not solutions");
  return {std::move(answer.variables), std::move(answer.rows)};
}

}  // namespace akyn::service
