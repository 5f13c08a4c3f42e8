#include "engine/exec/parallel_operator.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "engine/storage/snapshot.h"

namespace akyn::exec {
namespace {

constexpr std::size_t kMostPutBy = std::size_t{16} << 20;
constexpr std::size_t kShareOfMemory = 16;
// How often whoever waits for others looks at the limits.
constexpr std::chrono::milliseconds kPatience(20);
// Of a query's memory limit: less than this and what several threads hold at once may not fit.
constexpr std::size_t kMemoryOfThread = std::size_t{64} << 20;

}  // namespace

std::size_t threads_of(const Run& run) {
  // A transaction's terms are for its thread alone.
  if (dynamic_cast<const storage::CommittedSnapshot*>(&run.snapshot()) == nullptr) return 1;
  const std::size_t asked = run.environment().threads;
  const std::size_t threads = asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
  return std::min(threads, run.environment().limits.max_bytes / kMemoryOfThread);
}

ParallelOperator::ParallelOperator(Run& run, Open open, std::size_t parts, std::size_t threads,
                                   std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      open_(std::move(open)),
      threads_(threads),
      parts_(parts),
      most_put_by_(std::min(kMostPutBy, run.budget().limits().max_bytes / kShareOfMemory)) {}

ParallelOperator::~ParallelOperator() {
  finish();
  run().budget().release(put_by_);
}

void ParallelOperator::finish() noexcept {
  stop();
  helpers_.clear();
}

void ParallelOperator::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  room_.notify_all();
}

void ParallelOperator::start() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    parts_[i] = std::make_unique<Part>(run(), stopped_);
    parts_[i]->input = open_(parts_[i]->run, i);
  }
  own_ = take();  // before anybody else can: its rows are the first that are asked for
  try {
    while (helpers_.size() + 1 < std::min(threads_, parts_.size())) helpers_.emplace_back([this] { help(); });
  } catch (const std::system_error&) {
    // The system has no more threads: those that there are do it.
  }
}

ParallelOperator::Part* ParallelOperator::take() {
  if (next_ == parts_.size()) return nullptr;
  Part& part = *parts_[next_++];
  part.taken = true;
  return &part;
}

bool ParallelOperator::read(Part& part, Batch& batch, std::vector<Computed>& computed,
                            std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  const bool more = part.input->next(batch);
  computed.clear();
  for (std::size_t column = 0; column < batch.width() && part.terms.held() != 0; ++column) {
    const auto cells = batch.column(column);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const Id id = Id::from_bits(cells[row]);
      if (id.is_local()) computed.push_back({column, row, part.terms.computed(id)});
    }
  }
  if (!more && !run().profiling()) part.input = nullptr;
  lock.lock();
  part.ended = !more;
  return more;
}

bool ParallelOperator::read_ahead(Part& part, std::unique_lock<std::mutex>& lock) {
  Rows rows;
  const bool more = read(part, rows.batch, rows.computed, lock);
  if (more) {
    rows.bytes = rows.batch.memory_bytes() + rows.computed.capacity() * sizeof(Computed);
    for (const Computed& each : rows.computed) rows.bytes += each.term.value().size();
    put_by_ += rows.bytes;
    part.run.budget().charge(rows.bytes);
    part.ready.push_back(std::move(rows));
  }
  ready_.notify_one();
  return more;
}

void ParallelOperator::help() noexcept {
  std::unique_lock lock(mutex_);
  try {
    while (Part* const part = stopped_ ? nullptr : take()) {
      do {
        // Whoever pulls may be waiting for rows of the current part.
        room_.wait(lock, [&] {
          return stopped_ || put_by_ < most_put_by_ || (part == parts_[current_].get() && part->ready.empty());
        });
      } while (!stopped_ && read_ahead(*part, lock));
    }
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    if (!stopped_ && error_ == nullptr) error_ = std::current_exception();
    stopped_ = true;
    lock.unlock();
    ready_.notify_one();
    room_.notify_all();
  }
}

void ParallelOperator::translate(const std::vector<Computed>& computed, Batch& out) {
  for (const Computed& each : computed) out.values(each.column)[each.row] = run().terms().id(each.term).bits();
}

bool ParallelOperator::produce(Batch& out) {
  try {
    if (!std::exchange(started_, true)) start();
    return give_next(out);
  } catch (...) {
    stop();
    // Theirs came first, and may be why work has ended here.
    const std::lock_guard lock(mutex_);
    if (error_ != nullptr) std::rethrow_exception(error_);
    throw;
  }
}

bool ParallelOperator::give_next(Batch& out) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (error_ != nullptr) std::rethrow_exception(error_);
    if (current_ == parts_.size()) return false;
    Part& part = *parts_[current_];
    if (!part.taken) own_ = take();
    if (!part.ready.empty()) {
      Rows rows = std::move(part.ready.front());
      part.ready.pop_front();
      put_by_ -= rows.bytes;
      lock.unlock();
      room_.notify_all();
      run().budget().release(rows.bytes);
      std::swap(rows.batch, out);
      translate(rows.computed, out);
      return true;
    }
    if (part.ended) {
      if (own_ == &part) own_ = nullptr;
      if (!run().profiling()) parts_[current_] = nullptr;
      ++current_;
      room_.notify_all();
    } else if (own_ == &part) {
      if (!read(part, out, computed_, lock)) continue;
      lock.unlock();
      translate(computed_, out);
      return true;
    } else if (put_by_ < most_put_by_ && (own_ != nullptr || next_ < parts_.size())) {
      // Somebody else is at the part whose turn it is.
      if (own_ == nullptr) own_ = take();
      if (!read_ahead(*own_, lock)) own_ = nullptr;
    } else {
      ready_.wait_for(lock, kPatience);
      run().budget().check();
    }
  }
}

}  // namespace akyn::exec
