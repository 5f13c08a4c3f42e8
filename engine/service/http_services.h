// Endpoints on the network: the SPARQL 1.1 Protocol, by POST.
#pragma once

#include <chrono>

#include "engine/runtime/service.h"

namespace akyn::service {

class HttpServices final : public runtime::ServiceClient {
 public:
  // `timeout`: for one request; zero: none but the query's own.
  explicit HttpServices(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  [[nodiscard]] runtime::ServiceAnswer ask(const runtime::ServiceRequest& request) const override;

 private:
  std::chrono::milliseconds timeout_;
};

}  // namespace akyn::service
