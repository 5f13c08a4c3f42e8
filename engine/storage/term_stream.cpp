#include "engine/storage/term_stream.h"

#include <algorithm>
#include <utility>

namespace akyn::storage {

MergedTerms::MergedTerms(std::vector<std::unique_ptr<TermStream>> streams) : streams_(std::move(streams)) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    Head head{nullptr, std::nullopt, i};
    if (load(head)) heap_.push_back(std::move(head));
  }
  std::make_heap(heap_.begin(), heap_.end(), [](const Head& a, const Head& b) { return before(b, a); });
}

bool MergedTerms::load(Head& head) {
  head.value.reset();
  head.term = streams_[head.stream]->next();
  if (head.term == nullptr) return false;
  if (head.term->type == IdType::valued) head.value.emplace(head.term->folded);
  return true;
}

bool MergedTerms::before(const Head& a, const Head& b) {
  if (a.term->type != b.term->type) return a.term->type < b.term->type;
  const std::strong_ordering order = a.value && b.value ? *a.value <=> *b.value : a.term->folded <=> b.term->folded;
  return order != std::strong_ordering::equal ? order == std::strong_ordering::less : a.stream < b.stream;
}

const SortedTerm* MergedTerms::next() {
  if (given_) {
    Head head = std::move(heap_.front());
    if (load(head)) {
      // The new one sinks from the top.
      std::size_t place = 0;
      for (;;) {
        std::size_t child = 2 * place + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
        if (!before(heap_[child], head)) break;
        heap_[place] = std::move(heap_[child]);
        place = child;
      }
      heap_[place] = std::move(head);
    } else {
      heap_.front() = std::move(head);
      std::swap(heap_.front(), heap_.back());
      heap_.pop_back();
      // Terms of the streams that are left have not moved: only the order of the heap has to be made again.
      std::make_heap(heap_.begin(), heap_.end(), [](const Head& a, const Head& b) { return before(b, a); });
    }
  }
  given_ = !heap_.empty();
  return given_ ? heap_.front().term : nullptr;
}

}  // namespace akyn::storage
