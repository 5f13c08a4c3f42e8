#include "tests/w3c/runner.h"

#include <exception>

namespace akyn::w3c {

Outcome Registry::run(const Test& test) const {
  for (const std::string& type : test.types) {
    const auto handler = handlers_.find(type);
    if (handler == handlers_.end()) continue;
    try {
      return handler->second(test);
    } catch (const std::exception& error) {
      return Outcome::fail(error.what());
    }
  }
  if (test.types.empty()) return Outcome::skip("the manifest gives no type");
  return Outcome::skip("nothing runs tests of type " + test.types.front());
}

}  // namespace akyn::w3c
