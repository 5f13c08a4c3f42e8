#include "engine/storage/verify.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/load_version.h"
#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {
namespace {

constexpr std::array<const char*, 9> kOrderNames = {"SPO", "SOP", "PSO", "POS", "OSP", "OPS", "GSPO", "GPOS", "GOSP"};
constexpr std::array<const char*, 4> kColumnNames = {"subject", "predicate", "object", "graph"};
constexpr std::array<IdType, 6> kBodyTypes = {IdType::iri,   IdType::string, IdType::lang_string,
                                              IdType::typed, IdType::valued, IdType::triple};

const char* name_of(OrderTag order) {
  return kOrderNames[static_cast<std::size_t>(permutation_of(order))];
}

std::string describe(const QuadRow& row) {
  return fmt::format("({:#x} {:#x} {:#x} in graph {})", row.subject.bits(), row.predicate.bits(), row.object.bits(),
                     row.instance);
}

std::vector<OrderTag> orders_of(Partition partition) {
  std::vector<OrderTag> orders;
  const std::size_t count = partition == Partition::default_graph ? kDefaultGraphOrders : kNamedGraphOrders;
  for (std::size_t i = 0; i < count; ++i) orders.push_back(order_tag(partition, static_cast<Permutation>(i)));
  return orders;
}

class Verifier {
 public:
  Verifier(const Version& version, const WorkProgress& progress)
      : version_(version), rocks_(*version.rocks), progress_(progress) {}

  void run() {
    start("checksums", 1);
    if (rocks_.access() == Access::write) check(rocks_.db().VerifyChecksum(), rocks_.name());
    start("terms", version_.dictionary->terms());
    check_dictionary();
    std::uint64_t rows = 0;
    for (const Layer& layer : version_.layers) {
      rows += layer.counts(0).rows() * kDefaultGraphOrders + layer.counts(kNamedGraphTag).rows() * kNamedGraphOrders;
    }
    start("rows", rows);
    for (const Layer& layer : version_.layers) check_layer(layer);
    start("quads", 4 * (version_.counters.default_quads + version_.counters.named_quads));
    check_default_graph();
    check_named_graphs();
  }

 private:
  // What a set of rows comes to, whatever its order: equal sums, equal sets but for a chance of 2^-128.
  struct Sum {
    std::uint64_t rows = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
  };

  template <class... Arguments>
  [[noreturn]] void fail(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
    throw_corruption(rocks_.name(), fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  void start(std::string_view phase, std::uint64_t total) {
    phase_ = phase;
    total_ = total;
    done_ = 0;
    advance(0);
  }
  void advance(std::uint64_t steps) {
    done_ += steps;
    if (progress_) progress_(phase_, std::min(done_, total_), total_);
  }

  // ---------------------------------------------------------------- rows

  // Calls visit(const QuadRow&, mark) for all that a cursor gives. A null `marks` column: they are all inserts.
  template <class Visitor>
  void for_each_row(RowCursor& cursor, OrderTag order, bool marked, const Visitor& visit) {
    const ColumnOrder columns = columns_of(permutation_of(order));
    RowBatch batch;
    while (cursor.next(batch)) {
      advance(batch.rows());
      std::array<std::span<const std::uint64_t>, 4> spog;
      for (std::size_t i = 0; i < order_columns(order); ++i) spog[columns[i]] = batch.column(i);
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        visit(QuadRow{Id::from_bits(spog[0][row]), Id::from_bits(spog[1][row]), Id::from_bits(spog[2][row]),
                      spog[3].empty() ? 0 : spog[3][row]},
              marked ? batch.column(kMarkColumn)[row] : kInsertMark);
      }
    }
  }

  [[nodiscard]] static std::uint64_t mix(std::uint64_t x) noexcept {
    return std::hash<Id>()(Id::from_bits(x + 0x9e3779b97f4a7c15ULL));
  }

  [[nodiscard]] Sum sum(const Layer& layer, OrderTag order) {
    const bool marked = layer.run != nullptr ? layer.run->info().marked : layer.chunk->has_deletes();
    ColumnMask columns = all_columns(order);
    if (marked) columns = static_cast<ColumnMask>(columns | column_bit(kMarkColumn));
    Sum sum;
    const auto cursor = layer.cursor(order, RowRange::all(), columns, ColumnBounds());
    for_each_row(*cursor, order, marked, [&](const QuadRow& row, std::uint64_t mark) {
      ++sum.rows;
      std::uint64_t low = mark;
      std::uint64_t high = 0x5bd1e995 + mark;
      for (const std::uint64_t value : {row.subject.bits(), row.predicate.bits(), row.object.bits(), row.instance}) {
        low = mix(low ^ value);
        high = mix(high + value * 0xff51afd7ed558ccdULL);
      }
      sum.low += low;
      sum.high += high;
      check_places(row, order);
    });
    return sum;
  }

  void check_places(const QuadRow& row, OrderTag order) const {
    const bool bound = row.subject.is_bound() && row.predicate.is_bound() && row.object.is_bound();
    const bool local = row.subject.is_local() || row.predicate.is_local() || row.object.is_local();
    const bool named = order >= kNamedGraphTag;
    if (!bound || local || (row.instance != 0) != named || row.instance >= version_.counters.next_instance) {
      fail("row {} has an Id no row can have", describe(row));
    }
  }

  // Runs have the same rows in each order, and each of their blocks is what the directory says.
  void check_layer(const Layer& layer) {
    for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
      const std::vector<OrderTag> orders = orders_of(partition);
      std::optional<Sum> expected;
      for (const OrderTag order : orders) {
        if (layer.counts(order).rows() == 0) continue;
        if (layer.run != nullptr) layer.run->rows().verify(order);
        const Sum found = sum(layer, order);
        if (found.rows != layer.counts(order).rows()) {
          fail("there are {} rows in {}, and the list of runs says {}", found.rows, name_of(order),
               layer.counts(order).rows());
        }
        if (!expected) expected = found;
        if (found != *expected) explain(layer, orders.front(), order);
      }
    }
  }

  // Finds a row that one order of a layer holds and another does not.
  [[noreturn]] void explain(const Layer& layer, OrderTag first, OrderTag second) {
    const auto report_missing = [&](OrderTag holding, OrderTag lacking) {
      const ColumnOrder columns = columns_of(permutation_of(lacking));
      const auto cursor = layer.cursor(holding, RowRange::all(), all_columns(holding), ColumnBounds());
      for_each_row(*cursor, holding, false, [&](const QuadRow& row, std::uint64_t) {
        const std::array<std::uint64_t, 4> spog = {row.subject.bits(), row.predicate.bits(), row.object.bits(),
                                                   row.instance};
        RowValues values{};
        for (std::size_t i = 0; i < order_columns(lacking); ++i) values[i] = spog[columns[i]];
        if (layer.lookup(lacking, values) != RowState::absent) return;
        fail("row {} is in order {} and not in {}", describe(row), name_of(holding), name_of(lacking));
      });
    };
    report_missing(first, second);
    report_missing(second, first);
    fail("orders {} and {} differ in what they delete", name_of(first), name_of(second));
  }

  // The rows that are there, dead graphs aside, in one order; calls visit(const QuadRow&).
  template <class Visitor>
  std::uint64_t for_each_quad(OrderTag order, const Visitor& visit) {
    std::uint64_t rows = 0;
    // Not open_cursor(): the verifier has no share in the version.
    const auto cursor = open_layers(version_, version_.layers, order, all_columns(order), MergeKind::state);
    for_each_row(*cursor, order, false, [&](const QuadRow& row, std::uint64_t) {
      ++rows;
      visit(row);
    });
    return rows;
  }

  void check_default_graph() {
    const OrderTag spo = order_tag(Partition::default_graph, Permutation::spo);
    const std::uint64_t rows = for_each_quad(spo, [](const QuadRow&) {});
    const std::uint64_t counted = version_.counters.default_quads;
    if (rows != counted) fail("there are {} quads in the default graph, and the counters say {}", rows, counted);
    if (version_.row_count(spo, RowRange::all()) != static_cast<std::int64_t>(rows)) {
      fail("a run changes rows of the default graph that it cannot change");
    }
    check_columns(Partition::default_graph);
  }

  void check_named_graphs() {
    const OrderTag gspo = order_tag(Partition::named_graphs, Permutation::gspo);
    std::map<std::uint64_t, std::uint64_t> found;
    const std::uint64_t rows = for_each_quad(gspo, [&](const QuadRow& row) { ++found[row.instance]; });
    const std::uint64_t counted = version_.counters.named_quads;
    for (const GraphMap::Named& graph : version_.graphs.all()) {
      const auto [name, entry] = graph;
      if (!is_known(name) || (name.type() != IdType::iri && name.type() != IdType::blank)) {
        fail("Id {:#x} names a graph, and is not that of a stored IRI or blank node", name.bits());
      }
      if (version_.is_dead(entry.instance) || entry.instance >= version_.counters.next_instance) {
        fail("graph {:#x} has instance {}, which no graph can have", name.bits(), entry.instance);
      }
      const auto size = found.find(entry.instance);
      const std::uint64_t held = size == found.end() ? 0 : size->second;
      if (held != entry.rows) {
        fail("graph {:#x} holds {} quads, and its counter says {}", name.bits(), held, entry.rows);
      }
      found.erase(entry.instance);
    }
    if (!found.empty()) fail("there are quads in graph {}, which has no name", found.begin()->first);
    if (rows != counted) fail("there are {} quads in named graphs, and the counters say {}", rows, counted);
    check_columns(Partition::named_graphs);
  }

  // Every Id in a row is known. Orders that begin with a column have equal Ids side by side.
  void check_columns(Partition partition) {
    for (const Permutation permutation : {Permutation::spo, Permutation::pso, Permutation::osp}) {
      const OrderTag order = order_tag(partition, permutation);
      const std::uint8_t column = columns_of(permutation)[0];
      const auto cursor = version_.rows(order, RowRange::all(), column_bit(0));
      RowBatch batch;
      Id last;
      while (cursor->next(batch)) {
        advance(batch.rows());
        for (const std::uint64_t bits : batch.column(0)) {
          const Id id = Id::from_bits(bits);
          if (id == last) continue;
          last = id;
          if (is_known(id)) continue;
          fail("the {} of a quad is Id {:#x}, which is not that of a term of the store", kColumnNames[column], bits);
        }
      }
    }
  }

  // ---------------------------------------------------------------- terms

  [[nodiscard]] bool is_known(Id id) const {
    if (id.is_inlined()) return true;
    if (!id.is_bound() || id.is_local()) return false;
    if (id.type() == IdType::blank) return id.payload() >= 1 && id.payload() < version_.counters.next_blank;
    for (const auto& run : version_.dictionary->runs()) {
      if (run->range(id.type()).contains(id.payload())) return true;
    }
    const auto found = tail_.find(id.payload());
    return found != tail_.end() && found->second == id.type();
  }

  void check_dictionary() {
    const Dictionary& dictionary = *version_.dictionary;
    if (dictionary.next_number() != version_.counters.next_term) fail("the dictionary and the counters differ");
    read_tail();
    for (const auto& run : dictionary.runs()) {
      std::uint64_t terms = 0;
      for (const IdType type : kBodyTypes) {
        run->for_each(type, run->range(type), [&](std::uint64_t number, std::string_view body) {
          if (++terms % 4096 == 0) advance(4096);
          check_term(Id(type, number), body);
        });
      }
      if (terms != run->meta().terms)
        fail("dictionary run {} has {} terms, not {}", run->run(), terms, run->meta().terms);
    }
    for (const auto& [number, type] : tail_) {
      PinnedValue value;
      check_term(Id(type, number), dictionary.tail()->body(Id(type, number), value));
    }
  }

  // Notes the numbers of the tail's terms, and counts both of its directions.
  void read_tail() {
    const Dictionary& dictionary = *version_.dictionary;
    std::uint64_t by_term = 0;
    for_each_tail_entry(rocks_, dictionary.tail()->tail(), [&](const TailEntry& entry) {
      if (entry.number >= dictionary.next_number()) return;  // of a later version
      if (entry.by_number) {
        tail_.emplace(entry.number, static_cast<IdType>(entry.value.front()));
      } else {
        ++by_term;
      }
    });
    if (tail_.size() != dictionary.tail_terms() || by_term != tail_.size()) {
      fail("the dictionary's tail has {} terms and {} Ids, and the counters say {}", by_term, tail_.size(),
           dictionary.tail_terms());
    }
  }

  // Every Id is found from its term: as many terms as Ids make the directions inverse.
  void check_term(Id id, std::string_view body) {
    if (!Dictionary::is_stored(id) || id.payload() < 1) {
      fail("the dictionary holds Id {:#x}, which was never given out", id.bits());
    }
    if (id.type() == IdType::triple) {
      const std::optional<TripleIds> triple = parse_triple_body(body);
      if (!triple) fail("the triple term of Id {:#x} is cut short", id.bits());
      for (const Id part : {triple->subject, triple->predicate, triple->object}) {
        if (!is_known(part)) fail("the triple term of Id {:#x} has unknown Id {:#x}", id.bits(), part.bits());
      }
    } else {
      const std::optional<TermView> term = parse_body(id.type(), body);
      if (!term) fail("the term of Id {:#x} is malformed", id.bits());
      if (inline_id(*term)) fail("the term of Id {:#x} should be inlined", id.bits());
      if (dictionary_type(*term) != id.type()) fail("the term of Id {:#x} has another type than its Id", id.bits());
    }
    folded_.assign(body);
    fold_body(id.type(), folded_);
    const Id found = version_.dictionary->find(id.type(), folded_);
    if (found != id) fail("the term of Id {:#x} is found as Id {:#x}", id.bits(), found.bits());
  }

  const Version& version_;
  const Rocks& rocks_;
  const WorkProgress& progress_;
  std::string_view phase_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  std::unordered_map<std::uint64_t, IdType> tail_;  // types of the tail's terms by their numbers
  std::string folded_;
};

}  // namespace

void verify_store(const Version& version, const WorkProgress& progress) {
  const std::string& name = version.rocks->name();
  try {
    Verifier(version, progress).run();
  } catch (const Error& error) {
    // Readers of runs do not know which store they read.
    if (error.code() != ErrorCode::corruption || error.message().find(name) != std::string::npos) throw;
    throw_corruption(name, error.message());
  }
}

}  // namespace akyn::storage
