// Test cases that run in a process of their own.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace akyn::storage::test {

// What a child exits with that cannot do what it is there for.
inline constexpr int kCannot = 77;

// A process of this program that runs one test case, which is skipped otherwise, with environment variables set. What
// the test framework says of it goes to the same place as ours.
class Child {
 public:
  using Variables = std::vector<std::pair<const char*, std::string>>;
  enum class Streams : std::uint8_t {
    ours,
    pipes  // to its input and from its output, where the test framework is silent
  };

  explicit Child(const std::string& test_case, const Variables& variables, Streams streams = Streams::ours) {
    std::vector<std::string> arguments = {executable(), "--test-case=" + test_case, "--no-skip"};
    std::array<int, 2> input = {-1, -1};
    std::array<int, 2> output = {-1, -1};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (streams == Streams::pipes) {
      arguments.emplace_back("--out=/dev/null");
      REQUIRE(::pipe2(input.data(), O_CLOEXEC) == 0);
      REQUIRE(::pipe2(output.data(), O_CLOEXEC) == 0);
      posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
      posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    }
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    for (const auto& [name, value] : variables) REQUIRE(::setenv(name, value.c_str(), 1) == 0);
    const int spawned = ::posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
    for (const auto& [name, value] : variables) REQUIRE(::unsetenv(name) == 0);
    posix_spawn_file_actions_destroy(&actions);
    REQUIRE(spawned == 0);
    if (streams == Streams::pipes) {
      ::close(input[0]);
      ::close(output[1]);
      to_child_ = input[1];
      from_child_ = output[0];
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ != 0) static_cast<void>(wait());
  }

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  // One character; false when the child is not there to take or to give it.
  [[nodiscard]] bool put(char c) const { return ::write(to_child_, &c, 1) == 1; }
  [[nodiscard]] bool get(char& c) const { return ::read(from_child_, &c, 1) == 1; }
  void kill() const { ::kill(pid_, SIGKILL); }
  // Ends its input, and returns what it exits with; 128 and the signal when that killed it.
  int wait() {
    for (int* stream : {&to_child_, &from_child_}) {
      if (*stream != -1) ::close(std::exchange(*stream, -1));
    }
    int status = 0;
    REQUIRE(::waitpid(std::exchange(pid_, 0), &status, 0) != -1);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  static std::string executable() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

  pid_t pid_ = 0;
  int to_child_ = -1;
  int from_child_ = -1;
};

// Runs the child until it passes a kill point (engine/storage/kill_point.h) for the time number `count`.
inline Child::Variables die_at(const std::string& point, int count) {
  return {{"AKYN_KILL_POINT", point}, {"AKYN_KILL_COUNT", std::to_string(count)}};
}

}  // namespace akyn::storage::test
