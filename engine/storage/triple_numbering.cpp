#include "engine/storage/triple_numbering.h"

#include <array>
#include <optional>

#include <akyn/error.h>
#include "engine/storage/row_sorter.h"

namespace akyn::storage {

void number_triples(const TripleTerms& triples, std::uint64_t first, const SortLimits& limits) {
  std::uint64_t numbered = 0;  // in the round before
  for (bool all_numbered = false, first_round = true;; first_round = false) {
    RowSorter sorter(4, limits);
    bool all = true;
    triples.for_each([&](std::uint64_t key, const TripleIds& parts) {
      const Id subject = triples.new_id(parts.subject);
      const Id predicate = triples.new_id(parts.predicate);
      const Id object = triples.new_id(parts.object);
      if (!subject.is_bound() || !predicate.is_bound() || !object.is_bound()) {
        all = false;
        return;
      }
      const std::array<std::uint64_t, 4> row = {subject.bits(), predicate.bits(), object.bits(), key};
      sorter.add_row(row);
    });
    if (!all && sorter.rows() == numbered) {
      throw Error(ErrorCode::corruption, "the dictionary is damaged: a triple term is part of itself");
    }
    numbered = sorter.rows();
    // When the parts have their final numbers: there were none of this run, or all had been numbered.
    const bool final_round = all && (first_round || all_numbered);
    all_numbered = all;

    sorter.finish();
    std::uint64_t number = first;
    std::optional<std::array<std::uint64_t, 3>> last;
    RowBatch batch;
    while (sorter.next(batch)) {
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        const std::array<std::uint64_t, 3> parts = {batch.column(0)[row], batch.column(1)[row], batch.column(2)[row]};
        if (last == parts) throw Error(ErrorCode::corruption, "the dictionary is damaged: it has a triple term twice");
        last = parts;
        triples.assign(batch.column(3)[row], number++);
        if (final_round) {
          triples.write({Id::from_bits(parts[0]), Id::from_bits(parts[1]), Id::from_bits(parts[2])});
        }
      }
    }
    if (final_round) return;
  }
}

}  // namespace akyn::storage
