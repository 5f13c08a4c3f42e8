#include "engine/storage/optimize.h"

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/block_run_writer.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

RowCounts rewrite_order(OrderTag order, bool has_rows, const RowSinks& sinks, const RebuildInput& input,
                        const RebuildOutput& output, const Renumbering& terms, const MergeOptions& options) {
  BlockRunWriter writer(output.block_run, order, input.marked, sinks.blocks, sinks.directory);
  if (has_rows) {
    const TakeRows take = [&](std::span<const std::span<const std::uint64_t>> columns) {
      writer.add(columns);
      if (output.observe) output.observe(order, columns);
    };
    rewrite_rows(order, input.marked, input.rows, terms, take, options);
  }
  return writer.finish();
}

// All orders, taken one by one by the threads. The first error ends the work of all of them.
class OrderWorkers {
 public:
  OrderWorkers(const RebuildInput& input, const RebuildOutput& output, const Renumbering& terms,
               const MergeOptions& options)
      : input_(input), output_(output), terms_(terms), options_(options) {
    const std::size_t threads = std::clamp<std::size_t>(options.threads, 1, kOrders);
    shared_.threads = threads;
    shared_.limits = options.limits;
    shared_.limits.memory_bytes /= threads;
    shared_.progress = [this](std::string_view phase, std::uint64_t done, std::uint64_t total) {
      const std::lock_guard lock(mutex_);
      if (error_ != nullptr) throw Error(ErrorCode::cancelled, "another thread has failed");
      if (options_.progress) options_.progress(phase, done, total);
    };
  }

  void run() {
    {
      std::vector<std::jthread> helpers;
      try {
        while (helpers.size() + 1 < shared_.threads) helpers.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        // The system has no more threads: those that there are do it.
      }
      work();
    }
    if (error_ != nullptr) std::rethrow_exception(error_);
  }

  // Of orders [first, last), by order_index().
  [[nodiscard]] RowCounts counts(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      if (counts_[i] == counts_[first]) continue;
      throw Error(ErrorCode::corruption, fmt::format("the store is damaged: one order has {} rows, another {}",
                                                     counts_[first].rows(), counts_[i].rows()));
    }
    return counts_[first];
  }

 private:
  void work() noexcept {
    try {
      for (;;) {
        std::unique_lock lock(mutex_);
        if (next_ == kOrders || error_ != nullptr) return;
        const std::size_t index = next_++;
        const bool named = index >= kDefaultGraphOrders;
        const auto order = static_cast<OrderTag>(named ? kNamedGraphTag + (index - kDefaultGraphOrders) : index);
        const RowSinks sinks = output_.rows(order);
        lock.unlock();
        counts_[index] = rewrite_order(order, named ? input_.has_named_rows : input_.has_default_rows, sinks, input_,
                                       output_, terms_, shared_);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (error_ == nullptr) error_ = std::current_exception();
    }
  }

  const RebuildInput& input_;
  const RebuildOutput& output_;
  const Renumbering& terms_;
  const MergeOptions& options_;
  MergeOptions shared_;  // what each thread gets
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::exception_ptr error_;
  std::array<RowCounts, kOrders> counts_{};
};

}  // namespace

Rebuilt rebuild(const RebuildInput& input, const RebuildOutput& output, const MergeOptions& options) {
  Renumbering terms(input.dictionary, input.first_term);
  const std::shared_ptr<const Dictionary> dictionary = input.dictionary.from(input.first_term);
  for (const Id name : input.graph_names) terms.mark(name);
  if (input.has_default_rows) mark_rows(0, input.rows, terms, options);
  if (input.has_named_rows) mark_rows(kNamedGraphTag, input.rows, terms, options);
  mark_parts(*dictionary, terms, options);
  DictionaryMeta meta = merge_dictionary(*dictionary, terms, output.dictionary_run, output.terms, options);

  BlockRunInfo info;
  info.run = output.block_run;
  info.marked = input.marked;
  OrderWorkers workers(input, output, terms, options);
  workers.run();
  info.default_graph = workers.counts(0, kDefaultGraphOrders);
  info.named_graphs = workers.counts(kDefaultGraphOrders, kOrders);
  return {std::move(meta), info, std::move(terms)};
}

Translator::Translator(const Dictionary& from, Renumbering& renumbering, PendingTerms& pending)
    : from_(from), renumbering_(renumbering), pending_(pending) {
  renumbering_.extend(from_.next_number());
}

Id Translator::operator()(Id id) {
  if (const Id renumbered = renumbering_(id); renumbered.is_bound() || !id.is_bound()) return renumbered;
  std::vector<Id> open = {id};
  translate(open);
  return renumbering_(id);
}

void Translator::learn(Id id, std::string_view body) {
  if (renumbering_(id).is_bound()) return;
  std::vector<Id> open;
  if (add(id, body, open)) return;
  open.insert(open.begin(), id);
  translate(open);
}

// Not recursive: triple terms may nest as deep as they like. One stays on the stack until its parts are known.
void Translator::translate(std::vector<Id>& open) {
  std::string body;
  while (!open.empty()) {
    // A part is older than the whole. Were it not, this might not end.
    if (open.size() / 3 > from_.next_number()) {
      throw Error(ErrorCode::corruption, "the dictionary is damaged: a triple term is part of itself");
    }
    const Id id = open.back();
    if (!renumbering_(id).is_bound()) {
      body.clear();
      from_.append_body(id, body);
      if (!add(id, body, open)) continue;
    }
    open.pop_back();  // it may stand there once more, as a part of another one
  }
}

bool Translator::add(Id id, std::string_view body, std::vector<Id>& open) {
  std::string triple;
  if (id.type() == IdType::triple) {
    const auto parts = parse_triple_body(body);
    if (!parts)
      throw Error(ErrorCode::corruption, "the dictionary is damaged: a triple term is not made of three terms");
    std::array<Id, 3> translated = {parts->subject, parts->predicate, parts->object};
    bool all = true;
    for (Id& part : translated) {
      const Id renumbered = renumbering_(part);
      if (!renumbered.is_bound()) {
        if (!part.is_bound()) {
          throw Error(ErrorCode::corruption, "the dictionary is damaged: a triple term has a part that is no term");
        }
        open.push_back(part);
        all = false;
      }
      part = renumbered;
    }
    if (!all) return false;
    triple = triple_body({translated[0], translated[1], translated[2]});
    body = triple;
  }
  std::string_view folded = body;
  if (id.type() == IdType::lang_string) {
    folded_ = body;
    fold_body(id.type(), folded_);
    folded = folded_;
  }
  added_.push_back(id);
  renumbering_.set(id.payload(), pending_.add(id.type(), folded, body).payload());
  return true;
}

void Translator::keep(const std::function<Id(Id)>& final_id) {
  for (const Id old : added_) renumbering_.set(old.payload(), final_id(renumbering_(old)).payload());
  added_.clear();
}

}  // namespace akyn::storage
