// SERVICE (SPARQL 1.1 Federated Query): what the evaluator needs of whoever asks the endpoints.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <akyn/term.h>

namespace akyn::runtime {

struct ServiceRequest {
  std::string endpoint;  // an IRI
  std::string query;     // a SELECT
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const std::atomic<bool>* cancelled = nullptr;  // may be null
  std::size_t max_bytes = 0;                     // of the answer
};

// Blank nodes are those of this one answer.
struct ServiceAnswer {
  std::vector<std::string> variables;   // without '?'
  std::vector<std::vector<Term>> rows;  // as many terms as variables; no term where unbound
};

// Any number of threads may ask together.
class ServiceClient {
 public:
  ServiceClient() = default;
  ServiceClient(const ServiceClient&) = delete;
  ServiceClient& operator=(const ServiceClient&) = delete;
  virtual ~ServiceClient() = default;

  // Throws Error(io) when there is no answer or none that can be read, Error(limit) when it is longer than
  // max_bytes, Error(timeout) at the deadline, Error(cancelled).
  [[nodiscard]] virtual ServiceAnswer ask(const ServiceRequest& request) const = 0;
};

}  // namespace akyn::runtime
