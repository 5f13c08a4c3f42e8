// Runs the akyn command as a user does, and looks at what it leaves.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace akyn::testing {

using Words = std::vector<std::string>;

// A directory that goes with the test; commands run in it.
class Workplace {
 public:
  Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace();

  void write(std::string_view name, std::string_view text) const;
  [[nodiscard]] std::string read(std::string_view name) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Outcome {
  int code = -1;  // exit code; 128 + the signal that ended it
  std::string out;
  std::string err;
};

// Runs `akyn words...` to its end, with `input` as standard input.
[[nodiscard]] Outcome akyn(const Workplace& place, const Words& words, std::string_view input = {});

// `akyn words...` on a terminal of its own, or with pipes, as long as this object lives.
class Session {
 public:
  enum class Kind { terminal, pipes };
  Session(const Workplace& place, const Words& words, Kind kind);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  void type(std::string_view text) const;
  // Reads on until `text` has come; gives what came, up to it. Fails the test when the program ends first.
  std::string wait_for(std::string_view text);
  // Waits for its end. Returns the exit code as in Outcome.
  [[nodiscard]] int wait();
  // The same, with its input closed first.
  [[nodiscard]] int finish();
  [[nodiscard]] pid_t process() const { return process_; }

 private:
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string pending_;
};

}  // namespace akyn::testing
