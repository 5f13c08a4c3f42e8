#include "engine/storage/verify.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {
namespace {

constexpr std::array<const char*, 9> kOrderNames = {"SPO", "SOP", "PSO", "POS", "OSP", "OPS", "GSPO", "GPOS", "GOSP"};
constexpr std::array<const char*, 4> kColumnNames = {"subject", "predicate", "object", "graph"};

std::string describe(const QuadIds& quad) {
  return fmt::format("({:#x} {:#x} {:#x} {:#x})", quad.subject.bits(), quad.predicate.bits(), quad.object.bits(),
                     quad.graph.bits());
}

std::vector<Permutation> orders_of(Partition partition) {
  if (partition == Partition::default_graph) return {kTripleOrders.begin(), kTripleOrders.end()};
  return {kQuadOrders.begin(), kQuadOrders.end()};
}

class Verifier {
 public:
  explicit Verifier(const View& view) : view_(view) {}

  void run() {
    if (view_.rocks().access() == Access::write) {
      check(view_.rocks().db().VerifyChecksum(), view_.rocks().name());
    }
    check_terms();
    check_term_ids();
    for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
      const Sum expected = sum(partition, Permutation::spo);
      for (const Permutation order : orders_of(partition)) {
        if (order != Permutation::spo && !(sum(partition, order) == expected)) explain(partition, order);
      }
      const std::uint64_t counted =
          partition == Partition::default_graph ? view_.counters().default_quads : view_.counters().named_quads;
      if (counted != expected.rows) {
        fail("there are {} quads in {}, and the counters say {}", expected.rows,
             partition == Partition::default_graph ? "the default graph" : "named graphs", counted);
      }
      check_references(partition, Permutation::spo);
      check_references(partition, Permutation::pso);
      check_references(partition, Permutation::osp);
    }
    check_references(Partition::named_graphs, Permutation::gspo);
    check_graphs();
  }

 private:
  // What a set of quads comes to, whatever its order: equal sums, equal sets but for a chance of 2^-128.
  struct Sum {
    std::uint64_t rows = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
  };

  template <class... Arguments>
  [[noreturn]] void fail(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
    throw_corruption(view_.rocks().name(), fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  [[nodiscard]] static std::uint64_t mix(std::uint64_t x) noexcept {
    return std::hash<Id>()(Id::from_bits(x + 0x9e3779b97f4a7c15ULL));
  }

  // Calls visit(const QuadIds&) for the rows of one permutation, checking their form.
  template <class Visitor>
  void for_each_row(Partition partition, Permutation order, Visitor visit) const {
    const char tag = static_cast<char>(row_tag(partition, order));
    const ColumnOrder columns = columns_of(order);
    for (KeyRange rows(view_, Family::quads, {&tag, 1}, false); rows.valid(); rows.next()) {
      const std::string_view key = rows.key();
      if (key.size() != row_size(partition) || !rows.value().empty()) {
        fail("a row of {} has the wrong size", kOrderNames[static_cast<std::size_t>(order)]);
      }
      Columns row{};
      for (std::size_t i = 0; i < row_columns(partition); ++i) row[i] = load_u64(key.data() + 1 + 8 * i);
      visit(unpermuted(row, columns));
    }
  }

  [[nodiscard]] Sum sum(Partition partition, Permutation order) const {
    Sum sum;
    for_each_row(partition, order, [&](const QuadIds& quad) {
      ++sum.rows;
      std::uint64_t low = 0;
      std::uint64_t high = 0x5bd1e995;
      for (const Id id : {quad.subject, quad.predicate, quad.object, quad.graph}) {
        low = mix(low ^ id.bits());
        high = mix(high + id.bits() * 0xff51afd7ed558ccdULL);
      }
      sum.low += low;
      sum.high += high;
      check_places(partition, quad);
    });
    return sum;
  }

  void check_places(Partition partition, const QuadIds& quad) const {
    const bool has_terms = quad.subject.is_bound() && quad.predicate.is_bound() && quad.object.is_bound() &&
                           quad.graph.is_bound() == (partition == Partition::named_graphs);
    const bool is_local =
        quad.subject.is_local() || quad.predicate.is_local() || quad.object.is_local() || quad.graph.is_local();
    if (!has_terms || is_local || quad.graph.is_inlined()) fail("quad {} has an Id no quad can have", describe(quad));
  }

  // Finds a quad that one permutation holds and the other does not.
  [[noreturn]] void explain(Partition partition, Permutation order) const {
    const auto report_missing = [&](Permutation holding, Permutation lacking) {
      for_each_row(partition, holding, [&](const QuadIds& quad) {
        rocksdb::PinnableSlice value;
        if (view_.get(Family::quads, row_key(partition, lacking, permuted(quad, columns_of(lacking))).view(), value)) {
          return;
        }
        fail("quad {} is in permutation {} and not in {}", describe(quad),
             kOrderNames[static_cast<std::size_t>(holding)], kOrderNames[static_cast<std::size_t>(lacking)]);
      });
    };
    report_missing(Permutation::spo, order);
    report_missing(order, Permutation::spo);
    fail("permutations SPO and {} differ", kOrderNames[static_cast<std::size_t>(order)]);
  }

  [[nodiscard]] bool is_made_blank(Id id) const {
    return id.payload() >= 1 && id.payload() < view_.counters().next_blank;
  }

  [[nodiscard]] bool is_known(Id id) const {
    if (id.is_inlined()) return true;
    if (!id.is_bound() || id.is_local()) return false;
    if (id.type() == IdType::blank) return is_made_blank(id);
    std::string key;
    append_id(key, id);
    rocksdb::PinnableSlice value;
    return view_.get(Family::terms, key, value);
  }

  // Every Id in the first column of a permutation is known. Both it and the dictionary are sorted
  // by Id: one pass over each.
  void check_references(Partition partition, Permutation order) const {
    const char tag = static_cast<char>(row_tag(partition, order));
    const char* const column = kColumnNames[columns_of(order)[0]];
    KeyRange terms(view_, Family::terms, {}, false);
    Id last;
    for (KeyRange rows(view_, Family::quads, {&tag, 1}, false); rows.valid(); rows.next()) {
      const Id id = load_id(rows.key().data() + 1);
      if (id == last) continue;
      last = id;
      if (id.is_inlined()) continue;
      if (id.type() == IdType::blank) {
        if (!is_made_blank(id)) fail("the {} of a quad is blank node {}, which was never made", column, id.payload());
        continue;
      }
      while (terms.valid() && load_id(terms.key().data()) < id) terms.next();
      if (!terms.valid() || load_id(terms.key().data()) != id) {
        fail("the {} of a quad is Id {:#x}, which the dictionary does not hold", column, id.bits());
      }
    }
  }

  void check_terms() {
    std::string folded;
    for (KeyRange terms(view_, Family::terms, {}, false); terms.valid(); terms.next()) {
      if (terms.key().size() != 8) fail("a key of the dictionary is not an Id");
      const Id id = load_id(terms.key().data());
      ++term_count_;
      if (!id.is_dictionary() || id.is_local() || id.type() == IdType::blank || id.payload() < 1 ||
          id.payload() >= view_.counters().next_term) {
        fail("the dictionary holds Id {:#x}, which was never given out", id.bits());
      }
      if (id.type() == IdType::triple) {
        const std::optional<TripleIds> triple = parse_triple_body(terms.value());
        if (!triple) fail("the triple term of Id {:#x} is cut short", id.bits());
        for (const Id part : {triple->subject, triple->predicate, triple->object}) {
          if (!is_known(part)) fail("the triple term of Id {:#x} has unknown Id {:#x}", id.bits(), part.bits());
        }
      } else {
        const std::optional<TermView> term = parse_body(id.type(), terms.value());
        if (!term) fail("the term of Id {:#x} is malformed", id.bits());
        if (inline_id(*term)) fail("the term of Id {:#x} should be inlined", id.bits());
        if (dictionary_type(*term) != id.type()) fail("the term of Id {:#x} has another type than its Id", id.bits());
      }
      folded = terms.value();
      fold_body(id.type(), folded);
      const Id found = view_.find_term(id.type(), folded);
      if (found != id) fail("the term of Id {:#x} is found as Id {:#x}", id.bits(), found.bits());
    }
  }

  // Every Id has been found from its term, so that equal numbers of entries make the directions inverse.
  void check_term_ids() const {
    std::uint64_t count = 0;
    for (KeyRange ids(view_, Family::term_ids, {}, false); ids.valid(); ids.next()) {
      ++count;
    }
    if (count != term_count_) fail("the dictionary has {} terms and {} Ids", count, term_count_);
  }

  void check_graphs() const {
    std::map<Id, std::uint64_t> counted;
    for_each_row(Partition::named_graphs, Permutation::gspo, [&](const QuadIds& quad) { ++counted[quad.graph]; });
    const std::map<Id, std::uint64_t> stored = view_.graphs();
    for (const auto& [graph, size] : counted) {
      const auto found = stored.find(graph);
      const std::uint64_t says = found == stored.end() ? 0 : found->second;
      if (says != size) fail("graph {:#x} holds {} quads, and its counter says {}", graph.bits(), size, says);
    }
    for (const auto& [graph, size] : stored) {
      if (!counted.contains(graph)) fail("graph {:#x} is empty, and its counter says {}", graph.bits(), size);
    }
  }

  const View& view_;
  std::uint64_t term_count_ = 0;
};

}  // namespace

void verify_store(const View& view) {
  Verifier(view).run();
}

}  // namespace akyn::storage
