#include "engine/storage/bulk_codes.h"

#include <utility>

namespace akyn::storage {

UsedIds::UsedIds(const DictionaryMeta& run, std::uint64_t first_blank, std::uint64_t next_blank,
                 std::vector<std::uint64_t> other)
    : other_(std::move(other)) {
  std::size_t next = 0;
  const auto add_others = [&](std::uint64_t until) {
    const auto end = std::lower_bound(other_.begin() + static_cast<std::ptrdiff_t>(next), other_.end(), until);
    const auto last = static_cast<std::size_t>(end - other_.begin());
    if (last != next) {
      pieces_.push_back({other_[next], size_, last - next, other_.data() + next});
      size_ += last - next;
      next = last;
    }
  };
  const auto add_range = [&](IdType type, std::uint64_t first, std::uint64_t count) {
    if (count == 0) return;
    const std::uint64_t id = Id(type, first).bits();
    add_others(id);
    pieces_.push_back({id, size_, count, nullptr});
    size_ += count;
  };
  for (std::size_t type = 0; type < run.types.size(); ++type) {
    if (static_cast<IdType>(type) == IdType::blank) {
      add_range(IdType::blank, first_blank, next_blank - first_blank);
    } else {
      add_range(static_cast<IdType>(type), run.first + run.types[type].first_index, run.types[type].terms);
    }
  }
  add_others(~std::uint64_t{0});
}

}  // namespace akyn::storage
