#include "shell/graphviz.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

#include <akyn/error.h>

namespace akyn::shell {

namespace {

// A file that goes when it is not needed any more.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "akyn-XXXXXX").string();
    const int descriptor = mkstemp(name.data());
    path_ = name;
    std::FILE* const file = descriptor < 0 ? nullptr : fdopen(descriptor, "w");
    const bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file == nullptr || std::fclose(file) != 0 || !written) throw Error(ErrorCode::io, name + ": cannot be written");
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace

std::string svg_of(const std::string& dot) {
  constexpr int kNoSuchProgram = 127;
  const TemporaryFile file(dot);
  std::FILE* const pipe = popen(("dot -Tsvg '" + file.path() + "' 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) throw Error(ErrorCode::io, "the program dot cannot be started");
  std::string svg;
  std::array<char, 4096> piece{};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe)) svg.append(piece.data(), size);
  const int status = pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoSuchProgram) {
    throw Error(ErrorCode::unsupported,
                "svg needs the program dot of Graphviz, which is not installed; --format dot "
                "writes what it would draw");
  }
  if (status != 0) throw Error(ErrorCode::io, "the program dot cannot draw this");
  return svg;
}

}  // namespace akyn::shell
