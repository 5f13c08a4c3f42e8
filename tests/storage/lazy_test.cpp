#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "engine/storage/lazy.h"

namespace akyn::storage::test {
namespace {

TEST_CASE("a lazy value is made once, by whoever asks first") {
  Lazy<std::string> value;
  constexpr int kThreads = 4;
  std::atomic<int> made = 0;
  std::atomic<int> wrong = 0;
  std::barrier all_there(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      all_there.arrive_and_wait();
      const std::string& seen = value.get([&] {
        std::this_thread::yield();  // the others ask meanwhile
        return "value " + std::to_string(++made);
      });
      if (seen != "value 1") ++wrong;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(made == 1);
  CHECK(wrong == 0);
}

TEST_CASE("a lazy value that could not be made is made when it is asked for again") {
  Lazy<int> value;
  for (int i = 0; i < 2; ++i) {
    CHECK_THROWS_AS(static_cast<void>(value.get([]() -> int { throw std::runtime_error("no"); })), std::runtime_error);
  }
  CHECK(value.get([] { return 7; }) == 7);
  CHECK(value.get([]() -> int { throw std::runtime_error("no"); }) == 7);
}

}  // namespace
}  // namespace akyn::storage::test
