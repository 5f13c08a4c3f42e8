// Several threads at one input.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/exec/operator.h"

namespace akyn::exec {

// How many threads may work on a run at once.
[[nodiscard]] std::size_t threads_of(const Run& run);

// The rows of some parts, one part after the other, each in its order. Threads work on the parts that come next, and
// put by no more rows than little memory holds. Whoever pulls is one of them: it reads a part that nobody works on
// itself, and while it waits for rows it goes on with a later part. So the first rows come as soon as from one thread.
//
// An error in any part ends all of them, and is thrown once. Destruction ends what threads are at.
class ParallelOperator final : public Operator {
 public:
  // Opens a part for a run of its own, which outlives the operator. Called when rows are first asked for, by whoever
  // asks.
  using Open = std::function<OperatorPtr(Run& run, std::size_t part)>;

  // `threads`: that work at once, the one that pulls among them.
  ParallelOperator(Run& run, Open open, std::size_t parts, std::size_t threads, std::vector<Slot> columns);
  ~ParallelOperator() override;

  void finish() noexcept override;

 private:
  // A term that a part has computed, which has no Id outside of it.
  struct Computed {
    std::size_t column = 0;
    std::size_t row = 0;
    Term term;
  };
  struct Rows {
    Batch batch;
    std::vector<Computed> computed;
    std::size_t bytes = 0;
  };
  struct Part {
    Part(Run& whole, const std::atomic<bool>& stopped)
        : terms(whole.terms().shared_snapshot()), run(whole, stopped, terms) {}
    // Of the one thread that works on it.
    LocalTerms terms;
    Run run;
    OperatorPtr input;
    // Under the mutex.
    std::deque<Rows> ready;
    bool taken = false;  // somebody works on it, or has
    bool ended = false;
  };

  bool produce(Batch& out) override;
  bool give_next(Batch& out);
  void start();
  void help() noexcept;
  // Under the lock, which it lets go of meanwhile: reads the next rows of a part that is this thread's; false at its
  // end.
  bool read(Part& part, Batch& batch, std::vector<Computed>& computed, std::unique_lock<std::mutex>& lock);
  // The same, and puts them by.
  bool read_ahead(Part& part, std::unique_lock<std::mutex>& lock);
  // Under the lock: a part that nobody works on, the next one; null when there is none.
  [[nodiscard]] Part* take();
  // Gives terms that a part has computed the Ids that they have in the whole.
  void translate(const std::vector<Computed>& computed, Batch& out);
  void stop() noexcept;

  Open open_;
  std::size_t threads_;
  std::atomic<bool> stopped_ = false;
  std::vector<std::unique_ptr<Part>> parts_;  // those that are over are gone, but for a profile
  bool started_ = false;
  Part* own_ = nullptr;  // that whoever pulls works on
  std::vector<Computed> computed_;
  std::size_t most_put_by_;  // bytes

  std::mutex mutex_;
  std::condition_variable ready_;  // rows have been put by, a part or everything has ended
  std::condition_variable room_;   // rows have been taken
  std::size_t current_ = 0;        // the part whose rows are given
  std::size_t next_ = 0;           // parts before it have been taken
  std::size_t put_by_ = 0;         // bytes
  std::exception_ptr error_;
  std::vector<std::jthread> helpers_;  // last: they end before the rest goes
};

}  // namespace akyn::exec
