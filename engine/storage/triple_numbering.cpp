#include "engine/storage/triple_numbering.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/row_sorter.h"

namespace akyn::storage {
namespace {

using Body = std::array<std::uint64_t, 3>;

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorCode::corruption, std::string("the dictionary is damaged: ") + what);
}

// The body with the new Ids of the parts; nothing when one of them is a triple term without a number.
std::optional<Body> new_body(const TripleTerms& triples, const TripleIds& parts) {
  const std::array<Id, 3> old_ids = {parts.subject, parts.predicate, parts.object};
  Body body{};
  for (std::size_t i = 0; i < body.size(); ++i) {
    const Id id = triples.new_id(old_ids[i]);
    if (!id.is_bound()) {
      if (old_ids[i].type() != IdType::triple) fail("a triple term is made of what is not there");
      return std::nullopt;
    }
    body[i] = id.bits();
  }
  return body;
}

// Triple terms made of others, and those that they are made of.
struct Involved {
  struct Entry {
    std::uint64_t key;
    TripleIds parts;
  };
  std::vector<Entry> entries;

  explicit Involved(const TripleTerms& triples) {
    std::unordered_set<std::uint64_t> keys;  // of the parts
    std::unordered_set<std::uint64_t> nested;
    triples.for_each([&](std::uint64_t key, const TripleIds& parts) {
      if (new_body(triples, parts)) return;
      nested.insert(key);
      for (const Id part : {parts.subject, parts.predicate, parts.object}) {
        if (!triples.new_id(part).is_bound()) keys.insert(triples.key_of(part));
      }
    });
    if (nested.empty()) return;
    triples.for_each([&](std::uint64_t key, const TripleIds& parts) {
      if (nested.contains(key) || keys.contains(key)) entries.push_back({key, parts});
    });
  }

  // Gives them numbers that are in the right order among themselves.
  void number(const TripleTerms& triples, std::uint64_t first) const {
    struct Known {
      Body body;
      std::uint64_t key;
    };
    std::vector<Known> known;
    for (std::size_t before = 0; before < entries.size(); before = known.size()) {
      known.clear();
      for (const Entry& entry : entries) {
        if (const auto body = new_body(triples, entry.parts)) known.push_back({*body, entry.key});
      }
      if (known.size() == before) fail("a triple term is part of itself, or made of what is not there");
      std::sort(known.begin(), known.end(), [](const Known& a, const Known& b) { return a.body < b.body; });
      for (std::size_t i = 0; i < known.size(); ++i) triples.assign(known[i].key, first + i);
    }
  }
};

// Sorts all and gives them their places; writes them too when `final_parts`: when the parts have their final numbers.
void number_all(const TripleTerms& triples, std::uint64_t first, const SortLimits& limits, bool final_parts) {
  RowSorter sorter(4, limits);
  triples.for_each([&](std::uint64_t key, const TripleIds& parts) {
    const std::optional<Body> body = new_body(triples, parts);
    if (!body) fail("a triple term is made of what is not there");
    const std::array<std::uint64_t, 4> row = {(*body)[0], (*body)[1], (*body)[2], key};
    sorter.add_row(row);
  });
  sorter.finish();
  std::uint64_t number = first;
  std::optional<Body> last;
  RowBatch batch;
  while (sorter.next(batch)) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      const Body body = {batch.column(0)[row], batch.column(1)[row], batch.column(2)[row]};
      if (last == body) fail("it has a triple term twice");
      last = body;
      triples.assign(batch.column(3)[row], number++);
      if (final_parts) {
        triples.write({Id::from_bits(body[0]), Id::from_bits(body[1]), Id::from_bits(body[2])});
      }
    }
  }
}

}  // namespace

void number_triples(const TripleTerms& triples, std::uint64_t first, const SortLimits& limits) {
  const Involved involved(triples);
  if (!involved.entries.empty()) {
    involved.number(triples, first);
    number_all(triples, first, limits, false);
  }
  number_all(triples, first, limits, true);
}

}  // namespace akyn::storage
