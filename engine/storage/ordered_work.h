// Work shared out among threads.
//
//   run_parallel    so many pieces, in any order
//   OrderedWork     a stream of tasks that are worked on side by side and taken in the order they came
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace akyn::storage {

// Calls work(0) ... work(count - 1), by up to `threads` threads, this one among them. The first error is thrown when
// all have stopped.
template <class Work>
void run_parallel(std::size_t threads, std::size_t count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr error;
  const auto run = [&]() noexcept {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (error == nullptr) error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    try {
      while (helpers.size() + 1 < threads && helpers.size() + 1 < count) helpers.emplace_back(run);
    } catch (const std::system_error&) {
      // The system has no more threads: those that there are do it.
    }
    run();
  }
  if (error != nullptr) std::rethrow_exception(error);
}

// `process` is called for each task by some thread, `take` afterwards by the thread that adds, in order. At most a few
// tasks a thread are open at a time. An error ends it: it is thrown by add() or finish(), and only destruction is
// left. Adding and finishing: one thread.
template <class Task>
class OrderedWork {
 public:
  using Function = std::function<void(Task&)>;

  OrderedWork(std::size_t threads, Function process, Function take)
      : threads_(threads), process_(std::move(process)), take_(std::move(take)) {}
  OrderedWork(const OrderedWork&) = delete;
  OrderedWork& operator=(const OrderedWork&) = delete;
  ~OrderedWork() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }

  void add(Task task) {
    if (threads_ <= 1) {
      process_(task);
      take_(task);
      return;
    }
    start();
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(std::make_unique<Entry>(std::move(task)));
      ++unstarted_;
    }
    changed_.notify_one();
    while (open_.size() >= kTasksEach * threads_) take_one();
    while (!open_.empty() && is_done()) take_one();
  }

  void finish() {
    while (!open_.empty()) take_one();
  }

 private:
  static constexpr std::size_t kTasksEach = 4;
  struct Entry {
    explicit Entry(Task t) : task(std::move(t)) {}
    Task task;
    bool done = false;
    std::exception_ptr error;
  };

  void start() {
    if (!helpers_.empty()) return;
    try {
      while (helpers_.size() + 1 < threads_) helpers_.emplace_back([this] { help(); });
    } catch (const std::system_error&) {
      if (helpers_.empty()) threads_ = 2;
    }
  }

  [[nodiscard]] bool is_done() {
    const std::lock_guard lock(mutex_);
    return open_.front()->done;
  }

  // Under the lock: the next task that nobody works on, oldest first.
  Entry* claim() {
    if (unstarted_ == 0) return nullptr;
    return open_[open_.size() - unstarted_--].get();
  }

  void work_on(Entry& entry, std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    std::exception_ptr error;
    try {
      process_(entry.task);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    entry.done = true;
    entry.error = std::move(error);
    finished_.notify_one();
  }

  // Only the adding thread changes the ends of the queue, so that entries stay where they are.
  void take_one() {
    std::unique_lock lock(mutex_);
    while (!open_.front()->done) {
      if (Entry* const entry = claim()) {
        work_on(*entry, lock);
      } else {
        finished_.wait(lock);
      }
    }
    const std::unique_ptr<Entry> entry = std::move(open_.front());
    open_.pop_front();
    lock.unlock();
    if (entry->error != nullptr) std::rethrow_exception(entry->error);
    take_(entry->task);
  }

  void help() noexcept {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopped_ || unstarted_ > 0; });
      if (stopped_) return;
      work_on(*claim(), lock);
    }
  }

  std::size_t threads_;
  Function process_;
  Function take_;
  std::mutex mutex_;
  std::condition_variable changed_;   // there is something to work on
  std::condition_variable finished_;  // a task is done
  std::deque<std::unique_ptr<Entry>> open_;
  std::size_t unstarted_ = 0;  // the newest ones
  bool stopped_ = false;
  std::vector<std::jthread> helpers_;  // last: they end before the rest goes
};

}  // namespace akyn::storage
