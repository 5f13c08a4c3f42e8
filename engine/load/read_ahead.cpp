#include "engine/load/read_ahead.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace akyn::load {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10U;
constexpr std::size_t kBuffers = 8;

class ReadAheadSource final : public ByteSource {
 public:
  explicit ReadAheadSource(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), thread_([this] { read_all(); }) {}
  ~ReadAheadSource() override {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  std::size_t read(char* out, std::size_t capacity) override {
    if (at_ == current_.size()) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !ready_.empty() || ended_; });
      if (ready_.empty()) {
        if (fault_ != nullptr) std::rethrow_exception(fault_);
        return 0;
      }
      current_ = std::move(ready_.front());
      ready_.pop_front();
      at_ = 0;
      changed_.notify_all();
    }
    const std::size_t count = std::min(capacity, current_.size() - at_);
    std::memcpy(out, current_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t consumed() const noexcept override { return consumed_; }

 private:
  void read_all() noexcept {
    for (;;) {
      std::string buffer;
      std::exception_ptr fault;
      try {
        buffer.resize(kBuffer);
        buffer.resize(source_->read(buffer.data(), buffer.size()));
      } catch (...) {
        fault = std::current_exception();
        buffer.clear();
      }
      consumed_ = source_->consumed();
      std::unique_lock lock(mutex_);
      if (buffer.empty()) {
        fault_ = fault;
        ended_ = true;
        changed_.notify_all();
        return;
      }
      changed_.wait(lock, [this] { return ready_.size() < kBuffers || stopped_; });
      if (stopped_) return;
      ready_.push_back(std::move(buffer));
      changed_.notify_all();
    }
  }

  std::unique_ptr<ByteSource> source_;
  std::atomic<std::uint64_t> consumed_ = 0;
  std::string current_;
  std::size_t at_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> ready_;
  bool ended_ = false;
  bool stopped_ = false;
  std::exception_ptr fault_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<ByteSource> read_ahead_source(std::unique_ptr<ByteSource> source) {
  return std::make_unique<ReadAheadSource>(std::move(source));
}

}  // namespace akyn::load
