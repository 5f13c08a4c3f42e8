#include "parser/text/iri.h"

#include <cstddef>

namespace akyn {
namespace {

constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_scheme_part(char c) {
  return is_alpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// Length of the scheme without its colon; 0 when there is none.
std::size_t scheme_length(std::string_view iri) {
  if (iri.empty() || !is_alpha(iri.front())) return 0;
  std::size_t i = 1;
  while (i < iri.size() && is_scheme_part(iri[i])) ++i;
  return i < iri.size() && iri[i] == ':' ? i : 0;
}

// The five components (RFC 3986 appendix B). Authority, query and fragment keep their delimiters
// ("//host", "?q", "#f"), so that "absent" and "present but empty" differ.
struct Components {
  std::string_view scheme;  // with its colon
  std::string_view authority;
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

Components split(std::string_view iri) {
  Components parts;
  if (const std::size_t length = scheme_length(iri); length > 0) {
    parts.scheme = iri.substr(0, length + 1);
    iri.remove_prefix(length + 1);
  }
  if (const std::size_t hash = iri.find('#'); hash != std::string_view::npos) {
    parts.fragment = iri.substr(hash);
    iri = iri.substr(0, hash);
  }
  if (const std::size_t question = iri.find('?'); question != std::string_view::npos) {
    parts.query = iri.substr(question);
    iri = iri.substr(0, question);
  }
  if (iri.starts_with("//")) {
    const std::size_t slash = iri.find('/', 2);
    parts.authority = iri.substr(0, slash);
    iri.remove_prefix(parts.authority.size());
  }
  parts.path = iri;
  return parts;
}

// Drops the last segment written after `start`, and the slash before it.
void drop_last_segment(std::string& out, std::size_t start) {
  const std::size_t slash = out.rfind('/');
  out.resize(slash == std::string::npos || slash < start ? start : slash);
}

// Appends the path without its "." and ".." segments (RFC 3986 section 5.2.4).
void append_without_dots(std::string& out, std::string_view path) {
  const std::size_t start = out.size();
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../")) {
      path.remove_prefix(3);
      drop_last_segment(out, start);
    } else if (path == "/..") {
      path = "/";
      drop_last_segment(out, start);
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const std::size_t next = path.find('/', 1);
      out += path.substr(0, next);
      path = next == std::string_view::npos ? std::string_view{} : path.substr(next);
    }
  }
}

}  // namespace

bool is_absolute_iri(std::string_view iri) {
  return scheme_length(iri) > 0;
}

std::string resolve_iri(std::string_view base, std::string_view reference) {
  const Components to = split(reference);
  const Components from = split(base);
  if (!to.scheme.empty() || from.scheme.empty()) return std::string(reference);

  std::string out;
  out.reserve(base.size() + reference.size() + 1);
  out += from.scheme;
  if (!to.authority.empty()) {
    out += to.authority;
    append_without_dots(out, to.path);
    out += to.query;
  } else {
    out += from.authority;
    if (to.path.empty()) {
      out += from.path;
      out += to.query.empty() ? from.query : to.query;
    } else {
      if (to.path.front() == '/') {
        append_without_dots(out, to.path);
      } else {
        std::string merged;  // section 5.2.3
        if (!from.authority.empty() && from.path.empty()) {
          merged = '/';
        } else if (const std::size_t slash = from.path.rfind('/'); slash != std::string_view::npos) {
          merged = from.path.substr(0, slash + 1);
        }
        merged += to.path;
        append_without_dots(out, merged);
      }
      out += to.query;
    }
  }
  out += to.fragment;
  return out;
}

}  // namespace akyn
