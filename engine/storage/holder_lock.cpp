#include "engine/storage/holder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

std::string error_text(int error) {
  return std::generic_category().message(error);
}

// The process id in the file; 0 when there is none.
long read_pid(int descriptor) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  long pid = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
  return pid;
}

bool is_alive(long pid) {
  return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

[[noreturn]] void throw_locked(const std::filesystem::path& directory, int descriptor) {
  // The holder writes its number just after taking the lock: before that the file is empty or names
  // a process that is gone.
  long pid = read_pid(descriptor);
  for (int attempt = 0; attempt < 100 && !is_alive(pid); ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pid = read_pid(descriptor);
  }
  ::close(descriptor);
  std::string holder = "another process";
  if (pid == static_cast<long>(::getpid())) {
    holder = fmt::format("this process ({})", pid);
  } else if (is_alive(pid)) {
    holder = fmt::format("process {}", pid);
  }
  throw Error(ErrorCode::locked,
              fmt::format("store '{}' is open for writing in {}; close it there, or open it read-only here",
                          directory.string(), holder));
}

// A descriptor of the file, locked. The file may be gone when the lock is had, with the store it was in.
int open_locked(const std::filesystem::path& directory, const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    throw Error(ErrorCode::io, fmt::format("cannot open store '{}' for writing: {}: {}", directory.string(),
                                           file.string(), error_text(errno)));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error == EWOULDBLOCK) throw_locked(directory, descriptor);
    ::close(descriptor);
    throw Error(ErrorCode::io, fmt::format("cannot lock '{}': {}", file.string(), error_text(error)));
  }
  return descriptor;
}

bool is_at(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

}  // namespace

HolderLock::HolderLock(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / kHolderFile;
  int descriptor = open_locked(directory, file);
  while (!is_at(descriptor, file)) {
    ::close(descriptor);
    descriptor = open_locked(directory, file);
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int error = errno;
    ::close(descriptor);
    throw Error(ErrorCode::io, fmt::format("cannot write '{}': {}", file.string(), error_text(error)));
  }
  descriptor_ = descriptor;
}

HolderLock::HolderLock(HolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

HolderLock& HolderLock::operator=(HolderLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

HolderLock::~HolderLock() {
  if (descriptor_ < 0) return;
  // The file stays while there is a store. Emptied, it names nobody.
  [[maybe_unused]] const int ignored = ::ftruncate(descriptor_, 0);
  ::close(descriptor_);
}

}  // namespace akyn::storage
