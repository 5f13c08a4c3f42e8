#include "tests/shell/process.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace akyn::testing {
namespace {

constexpr int kPatienceMilliseconds = 60000;  // before a hung program fails the test

std::vector<char*> argument_list(Words& words) {
  words.insert(words.begin(), AKYN_PROGRAM);
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

[[noreturn]] void become_akyn(const Workplace& place, const std::vector<char*>& arguments) {
  const std::string state = (place.path() / "state").string();
  if (chdir(place.path().c_str()) == 0 && setenv("XDG_STATE_HOME", state.c_str(), 1) == 0 &&
      setenv("TERM", "dumb", 1) == 0) {
    execv(arguments[0], arguments.data());
  }
  _exit(127);
}

int wait_for_end(pid_t process) {
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Workplace::Workplace() {
  std::string name = (std::filesystem::temp_directory_path() / "akyn-shell-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) FAIL("no temporary directory");
  path_ = name;
}

Workplace::~Workplace() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Workplace::write(std::string_view name, std::string_view text) const {
  std::ofstream(path_ / name, std::ios::binary) << text;
}

std::string Workplace::read(std::string_view name) const {
  std::ifstream input(path_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), {}};
}

Outcome akyn(const Workplace& place, const Words& words, std::string_view input) {
  Words all = words;
  const std::vector<char*> arguments = argument_list(all);
  place.write(".in", input);
  const pid_t process = fork();
  if (process == 0) {
    const auto redirect = [&](const char* name, int flags, int file) {
      const int opened = open((place.path() / name).c_str(), flags, 0600);
      if (opened < 0 || dup2(opened, file) < 0) _exit(127);
    };
    redirect(".in", O_RDONLY, STDIN_FILENO);
    redirect(".out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(".err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    become_akyn(place, arguments);
  }
  REQUIRE(process > 0);
  Outcome outcome;
  outcome.code = wait_for_end(process);
  outcome.out = place.read(".out");
  outcome.err = place.read(".err");
  return outcome;
}

Session::Session(const Workplace& place, const Words& words, Kind kind) {
  Words all = words;
  const std::vector<char*> arguments = argument_list(all);
  if (kind == Kind::terminal) {
    winsize size{};
    size.ws_row = 40;
    size.ws_col = 80;
    process_ = forkpty(&input_, nullptr, nullptr, &size);
    if (process_ == 0) become_akyn(place, arguments);
    output_ = input_;
  } else {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    REQUIRE(pipe2(in.data(), O_CLOEXEC) == 0);
    REQUIRE(pipe2(out.data(), O_CLOEXEC) == 0);
    process_ = fork();
    if (process_ == 0) {
      if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0 || dup2(out[1], STDERR_FILENO) < 0)
        _exit(127);
      become_akyn(place, arguments);
    }
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    output_ = out[0];
  }
  REQUIRE(process_ > 0);
}

Session::~Session() {
  if (input_ >= 0) close(input_);
  if (output_ >= 0 && output_ != input_) close(output_);
  if (process_ > 0) {
    kill(process_, SIGKILL);
    (void)wait_for_end(process_);
  }
}

void Session::type(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::write(input_, text.data(), text.size());
    REQUIRE(written > 0);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string Session::wait_for(std::string_view text) {
  while (pending_.find(text) == std::string::npos) {
    pollfd ready{output_, POLLIN, 0};
    std::array<char, 4096> buffer{};
    const ssize_t count =
        poll(&ready, 1, kPatienceMilliseconds) == 1 ? read(output_, buffer.data(), buffer.size()) : -1;
    if (count <= 0) {
      FAIL("waited in vain for: ", std::string(text), "\nwhat came: ", pending_);
    }
    pending_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const std::size_t end = pending_.find(text) + text.size();
  std::string seen = pending_.substr(0, end);
  pending_.erase(0, end);
  return seen;
}

int Session::finish() {
  if (input_ != output_) {
    close(input_);
    input_ = -1;
  }
  return wait();
}

int Session::wait() {
  const int code = wait_for_end(process_);
  process_ = -1;
  return code;
}

}  // namespace akyn::testing
