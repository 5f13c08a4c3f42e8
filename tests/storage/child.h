// Test cases that run in a process of their own.
#pragma once

#include <doctest/doctest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace akyn::storage::test {

// What a child exits with that cannot do what it is there for.
inline constexpr int kCannot = 77;

// Runs the test case, which is skipped otherwise, with an environment variable set. Returns what it exits with.
inline int run_child(const std::string& test_case, const char* variable, const std::filesystem::path& value) {
  const std::string executable = std::filesystem::read_symlink("/proc/self/exe").string();
  std::array<std::string, 3> arguments = {executable, "--test-case=" + test_case, "--no-skip"};
  std::array<char*, 4> pointers = {arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  REQUIRE(::setenv(variable, value.c_str(), 1) == 0);
  pid_t pid = 0;
  const int spawned = ::posix_spawn(&pid, executable.c_str(), nullptr, nullptr, pointers.data(), environ);
  REQUIRE(::unsetenv(variable) == 0);
  REQUIRE(spawned == 0);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace akyn::storage::test
