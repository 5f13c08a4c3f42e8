#include "engine/exec/sort_keys.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <akyn/error.h>
#include "engine/exec/batch.h"
#include "engine/expr/operators.h"
#include "engine/storage/term_codec.h"

namespace akyn::exec {
namespace {

constexpr IdType type_of(std::uint64_t bits) {
  return Id::from_bits(bits).type();
}
constexpr bool is_moment(std::uint64_t bits) {
  return type_of(bits) == IdType::date_time || type_of(bits) == IdType::date_time_zoned;
}

// Kinds that a column may have before its Ids are given up on.
constexpr std::size_t kMostRanges = 16;

constexpr std::size_t kValueBytes = 200;

// A text with its first bytes at hand.
struct Text {
  std::uint64_t start = 0;  // big-endian, padded with zeros
  std::string_view text;
  std::uint32_t place = 0;
};

std::uint64_t start_of(std::string_view text) {
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < sizeof start; ++i) {
    start = (start << 8U) | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return start;
}

}  // namespace

void SortKeys::number(std::span<const std::uint64_t> cells, std::vector<std::uint64_t>& keys) {
  if (!number_ids(cells, keys)) number_terms(cells, keys);
}

bool SortKeys::number_ids(std::span<const std::uint64_t> cells, std::vector<std::uint64_t>& keys) {
  std::vector<OrderedRange> ranges;
  OrderedRange last{1, 0};
  bool moments = false;
  keys.resize(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::uint64_t cell = cells[i];
    keys[i] = IdOrder::order_key(cell);
    if (cell == 0 || last.contains(cell)) continue;
    last = order_.ids().key_range_of(cell);
    if (is_moment(cell)) {
      moments = true;
      last = {Id(type_of(cell), 0).bits(), Id(type_of(cell), Id::kPayloadMask).bits()};
    } else if (last.is_single()) {
      return false;
    }
    if (std::find(ranges.begin(), ranges.end(), last) == ranges.end()) ranges.push_back(last);
    if (ranges.size() > kMostRanges) return false;
  }
  // Two ranges of one rank, such as integers and decimals, are one order of values.
  for (std::size_t a = 0; a < ranges.size(); ++a) {
    const std::optional<int> rank = IdOrder::rank_of(ranges[a].first);
    if (!rank) return false;
    for (std::size_t b = 0; b < a; ++b) {
      if (rank == IdOrder::rank_of(ranges[b].first)) return false;
    }
  }
  if (moments) join_moments(keys);
  return true;
}

// Ids of moments are in the order of values, but the forms of one moment have several. They sit next to each other.
void SortKeys::join_moments(std::vector<std::uint64_t>& keys) {
  std::vector<std::uint64_t> moments;
  Charge charge(run_.budget());
  charge.add(keys.size() * sizeof(std::uint64_t));
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(moments), is_moment);
  std::sort(moments.begin(), moments.end());
  run_.budget().check();
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  std::vector<std::pair<std::uint64_t, std::uint64_t>> joined;  // a moment, and the first of its value
  for (std::size_t i = 1; i < moments.size(); ++i) {
    run_.budget().step();
    if (moments[i] - moments[i - 1] >= IdOrder::kMomentForms || order_.compare_values(moments[i], moments[i - 1]) != 0)
      continue;
    const bool more = !joined.empty() && joined.back().first == moments[i - 1];
    joined.emplace_back(moments[i], more ? joined.back().second : moments[i - 1]);
  }
  if (joined.empty()) return;
  for (std::uint64_t& key : keys) {
    const auto found = std::lower_bound(joined.begin(), joined.end(), std::pair(key, std::uint64_t{0}));
    if (found != joined.end() && found->first == key) key = found->second;
  }
}

void SortKeys::number_terms(std::span<const std::uint64_t> cells, std::vector<std::uint64_t>& keys) {
  Charge charge(run_.budget());
  charge.add(cells.size() * 2 * (sizeof(KeyedRow) + sizeof(std::uint64_t)));
  std::vector<KeyedRow> rows(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) rows[i] = {cells[i], static_cast<std::uint32_t>(i)};
  {
    std::vector<KeyedRow> spare;
    radix_sort(rows, spare, run_.budget());
  }
  std::vector<std::uint64_t> ids;
  for (const KeyedRow& row : rows) {
    if (ids.empty() || ids.back() != row.key) ids.push_back(row.key);
  }
  std::vector<std::uint64_t> ranks(ids.size());
  // By type bits: blank nodes, IRIs, strings, language-tagged ones; then all other literals together; triple terms.
  const auto end_of = [&](IdType type) {
    const std::uint64_t after = (static_cast<std::uint64_t>(type) + 1) << Id::kPayloadBits;
    if (after == 0) return ids.size();
    return static_cast<std::size_t>(std::lower_bound(ids.begin(), ids.end(), after) - ids.begin());
  };
  std::uint64_t next = 1;
  std::size_t first = end_of(IdType::unbound);
  for (const IdType last_type :
       {IdType::blank, IdType::iri, IdType::string, IdType::lang_string, IdType::date_time_zoned, IdType::triple}) {
    const std::size_t last = end_of(last_type);
    const auto some = std::span(ids).subspan(first, last - first);
    const auto their_ranks = std::span(ranks).subspan(first, last - first);
    const bool texts = last_type <= IdType::string;
    if (!some.empty()) next = texts ? rank_texts(some, next, their_ranks) : rank_values(some, next, their_ranks);
    first = last;
  }
  std::size_t at = 0;
  for (const KeyedRow& row : rows) {
    if (ids[at] != row.key) ++at;
    keys[row.row] = ranks[at];
  }
}

std::uint64_t SortKeys::rank_texts(std::span<const std::uint64_t> ids, std::uint64_t next,
                                   std::span<std::uint64_t> ranks) {
  Charge charge(run_.budget());
  if (const OrderedRange range = order_.ids().range_of(ids.front()); range.contains(ids.back())) {
    for (std::size_t i = 0; i < ids.size(); ++i) ranks[i] = next + i;
    return next + ids.size();
  }
  charge.add(ids.size() * (sizeof(Text) + sizeof(std::string) + sizeof(Id)));
  std::vector<std::string> texts(ids.size());
  std::vector<Id> terms;
  terms.reserve(ids.size());
  const auto put = [&](std::size_t place, std::string_view text) {
    if (text.size() >= sizeof(std::string) / 2) charge.add(text.size() + 2 * sizeof(void*));
    texts[place] = text;
  };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Id id = Id::from_bits(ids[i]);
    terms.push_back(id.is_local() || id.type() == IdType::blank ? Id() : id);
    if (terms.back().is_bound()) continue;
    run_.budget().step();
    put(i, run_.terms().term(id).value());
  }
  // In parts, so that there is an end to it when the query has one.
  constexpr std::size_t kStep = 16 * kBatchRows;
  for (std::size_t first = 0; first < terms.size(); first += kStep) {
    run_.budget().check();
    const auto some = std::span<const Id>(terms).subspan(first, std::min(kStep, terms.size() - first));
    run_.snapshot().visit(some, [&](std::size_t place, std::string_view body) { put(first + place, body); });
  }
  terms = {};
  std::vector<Text> order(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) order[i] = {start_of(texts[i]), texts[i], static_cast<std::uint32_t>(i)};
  std::sort(order.begin(), order.end(), [&](const Text& left, const Text& right) {
    run_.budget().step();
    if (left.start != right.start) return left.start < right.start;
    return left.text < right.text;
  });
  for (const Text& text : order) ranks[text.place] = next++;  // different terms have different texts
  return next;
}

std::uint64_t SortKeys::rank_values(std::span<const std::uint64_t> ids, std::uint64_t next,
                                    std::span<std::uint64_t> ranks) {
  Charge charge(run_.budget());
  std::vector<expr::Result> values(ids.size());
  std::vector<Id> stored(ids.size());
  const auto put = [&](std::size_t place, expr::Value value) {
    const bool has_text =
        value.is_string_literal() || value.kind() == expr::ValueKind::other || value.kind() == expr::ValueKind::path;
    charge.add(kValueBytes + (has_text ? value.text().size() : 0));
    values[place] = std::move(value);
  };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    run_.budget().step();
    const Id id = Id::from_bits(ids[i]);
    if (id.is_inlined()) {
      put(i, expr::Value::of_inlined(id));
    } else if (id.is_local() || id.type() == IdType::triple) {
      put(i, expr::Value::of(run_.terms().term(id)));
    } else {
      stored[i] = id;
    }
  }
  constexpr std::size_t kStep = 4 * kBatchRows;
  for (std::size_t first = 0; first < stored.size(); first += kStep) {
    run_.budget().check();
    const auto some = std::span<const Id>(stored).subspan(first, std::min(kStep, stored.size() - first));
    run_.snapshot().visit(some, [&](std::size_t place, std::string_view body) {
      const std::optional<TermView> term = storage::parse_body(some[place].type(), body);
      if (!term) throw Error(ErrorCode::corruption, "a term of the dictionary is damaged");
      put(first + place, expr::Value::of(*term));
    });
  }
  std::vector<std::uint32_t> order(ids.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    run_.budget().step();
    return expr::order_by_value(&*values[left], &*values[right]) < 0;
  });
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && expr::order_by_value(&*values[order[i - 1]], &*values[order[i]]) != 0) ++next;
    ranks[order[i]] = next;
  }
  return next + 1;
}

}  // namespace akyn::exec
