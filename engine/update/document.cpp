#include "engine/update/document.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/load/load.h"
#include "engine/runtime/limits.h"
#include "engine/service/http.h"
#include "parser/rdf/reader.h"
#include "parser/source/byte_source.h"

namespace akyn::update {
namespace {

struct MediaType {
  std::string_view name;
  RdfFormat format;
};
constexpr std::array kMediaTypes = {MediaType{"text/turtle", RdfFormat::turtle},
                                    MediaType{"application/trig", RdfFormat::trig},
                                    MediaType{"application/n-triples", RdfFormat::ntriples},
                                    MediaType{"application/n-quads", RdfFormat::nquads},
                                    MediaType{"application/rdf+xml", RdfFormat::rdfxml},
                                    MediaType{"application/x-turtle", RdfFormat::turtle}};
constexpr std::string_view kAccept =
    "text/turtle, application/trig, application/n-triples, application/n-quads, application/rdf+xml;q=0.9, */*;q=0.1";

[[noreturn]] void fail(const Term& source, ErrorCode code, std::string_view what) {
  const std::string message = fmt::format("LOAD {}: {}", source.to_string(), what);
  if (code == ErrorCode::io) throw UnreadableDocument(code, message);
  throw Error(code, message);
}

// Nothing when it is no scheme at all.
std::string scheme_of(std::string_view iri) {
  std::string scheme(iri.substr(0, std::min(iri.find(':'), iri.size())));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  return scheme;
}

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// RFC 8089: file:/path, file:///path or file://localhost/path; bytes of the path as they are or as %XX.
std::filesystem::path path_of(const Term& source) {
  const std::string iri = source.value();
  std::string_view rest = std::string_view(iri).substr(iri.find(':') + 1);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::string_view host = rest.substr(0, std::min(rest.find('/'), rest.size()));
    if (!host.empty() && host != "localhost") fail(source, ErrorCode::unsupported, "files of other hosts are not read");
    rest.remove_prefix(host.size());
  }
  rest = rest.substr(0, std::min(rest.find_first_of("?#"), rest.size()));
  if (!rest.starts_with('/')) fail(source, ErrorCode::invalid_argument, "the path is not absolute");
  std::string path;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] != '%') {
      path += rest[i];
      continue;
    }
    const int high = i + 2 < rest.size() ? hexadecimal(rest[i + 1]) : -1;
    const int low = high >= 0 ? hexadecimal(rest[i + 2]) : -1;
    if (low < 0 || (high == 0 && low == 0)) fail(source, ErrorCode::invalid_argument, "the path has a wrong % escape");
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

// Automatic when neither says.
RdfFormat format_of(const service::HttpResponse& response) {
  const std::string_view type = response.content_type;
  std::string name(type.substr(0, std::min(type.find_first_of("; \t"), type.size())));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto known = std::find_if(kMediaTypes.begin(), kMediaTypes.end(),
                                  [&](const MediaType& media_type) { return media_type.name == name; });
  if (known != kMediaTypes.end()) return known->format;
  const std::string_view url = response.url;
  return rdf::format_of(std::string(uncompressed_name(url.substr(0, std::min(url.find_first_of("?#"), url.size())))));
}

service::HttpResponse fetch(const Term& source, const LoadAccess& access, const runtime::ExecutionLimits& limits) {
  service::HttpRequest request;
  request.url = source.value();
  request.accept = kAccept;
  request.timeout = access.timeout;
  request.deadline = limits.deadline;
  request.cancelled = limits.cancelled;
  request.max_bytes = limits.max_bytes;
  service::HttpResponse response;
  try {
    response = service::exchange(request);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::timeout) throw;
    fail(source, error.code(), error.message());
  }
  if (response.status == 404 || response.status == 410) fail(source, ErrorCode::not_found, "there is no such document");
  if (response.status < 200 || response.status >= 300) {
    fail(source, ErrorCode::io, fmt::format("the server answered with status {}", response.status));
  }
  return response;
}

}  // namespace

void load_document(const Term& source, const std::optional<Term>& into, const LoadAccess& access,
                   storage::Writer& writer, const runtime::ExecutionLimits& limits, ChangeBudget& budget) {
  LoadOptions options;
  options.source_name = source.value();
  if (into) options.graph_iri = into->value();
  const load::NamedGraphs named_graphs = into ? load::NamedGraphs::refused : load::NamedGraphs::kept;
  options.on_progress = [&](const LoadProgress&) {
    budget.check();
    return true;
  };
  const std::string scheme = scheme_of(source.value());
  if (scheme == "file") {
    if (!access.files) {
      fail(source, ErrorCode::unsupported, "reading files is switched off (allow_load_files)");
    }
    const std::filesystem::path path = path_of(source);
    std::error_code failure;
    const std::filesystem::file_status status = std::filesystem::status(path, failure);
    if (status.type() == std::filesystem::file_type::not_found) {
      fail(source, ErrorCode::not_found, "there is no such file");
    }
    if (failure) fail(source, ErrorCode::io, failure.message());
    if (!is_regular_file(status)) fail(source, ErrorCode::invalid_argument, "this is not a regular file");
    if (::access(path.c_str(), R_OK) != 0) fail(source, ErrorCode::io, "the file may not be read");
    load::load_file(path, options, writer, named_graphs);
    return;
  }
  if (scheme != "http" && scheme != "https") {
    fail(source, ErrorCode::unsupported, "only file:, http: and https: IRIs can be read");
  }
  if (!access.urls) {
    fail(source, ErrorCode::unsupported, "reading from the network is switched off (allow_load_urls)");
  }
  service::HttpResponse response = fetch(source, access, limits);
  options.format = format_of(response);
  if (options.format == RdfFormat::automatic) {
    fail(source, ErrorCode::invalid_argument,
         fmt::format("neither its media type '{}' nor its name say a format of RDF", response.content_type));
  }
  options.base_iri = response.url;
  std::istringstream stream(std::move(response.body));
  load::load_stream(stream, options, writer, named_graphs);
}

}  // namespace akyn::update
