// Colour refinement with individualization: blank nodes get hashes of where they occur, again and
// again until no class of equal hashes splits further; where a class keeps several nodes, one of the
// left side is paired with each of the right side in turn. What comes out is checked exactly, so
// that a collision of hashes costs time and never a wrong answer.
#include "tests/w3c/isomorphism.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace akyn::w3c {
namespace {

// A piece of a row: a constant, or a blank node, by number. Triple terms are flattened between brackets.
struct Token {
  bool blank = false;
  std::uint32_t number = 0;
  friend auto operator<=>(const Token&, const Token&) = default;
};
using Tokens = std::vector<Token>;

using Numbers = std::unordered_map<std::string, std::uint32_t>;

std::uint32_t number_of(Numbers& numbers, const std::string& key) {
  return numbers.try_emplace(key, static_cast<std::uint32_t>(numbers.size())).first->second;
}

std::string constant_key(const Term& term) {
  if (!term) return "unbound";
  std::string key = term.to_string();
  if (term.language().empty()) return key;
  const std::size_t tag = key.rfind('@');  // tags differ only beyond case
  std::transform(key.begin() + static_cast<std::ptrdiff_t>(tag), key.end(),
                 key.begin() + static_cast<std::ptrdiff_t>(tag),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key;
}

void flatten(const Term& term, Numbers& constants, Numbers& blanks, Tokens& out) {
  if (term.is_blank()) {
    out.push_back({true, number_of(blanks, term.value())});
  } else if (term.is_triple()) {
    out.push_back({false, number_of(constants, "(")});
    flatten(term.triple().subject, constants, blanks, out);
    flatten(term.triple().predicate, constants, blanks, out);
    flatten(term.triple().object, constants, blanks, out);
    out.push_back({false, number_of(constants, ")")});
  } else {
    out.push_back({false, number_of(constants, constant_key(term))});
  }
}

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

using Colours = std::vector<std::uint64_t>;  // of the blank nodes, by number

// One side: its rows, and for each blank node the rows it occurs in.
struct Side {
  std::vector<Tokens> rows;
  std::vector<std::vector<std::uint32_t>> occurrences;

  Side(const std::vector<Row>& input, Numbers& constants) {
    Numbers blanks;
    for (const Row& row : input) {
      Tokens tokens;
      for (const Term& term : row) flatten(term, constants, blanks, tokens);
      rows.push_back(std::move(tokens));
    }
    occurrences.resize(blanks.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      for (const Token token : rows[i]) {
        if (!token.blank) continue;
        auto& list = occurrences[token.number];
        if (list.empty() || list.back() != i) list.push_back(i);
      }
    }
  }

  // The row as one of its blank nodes sees it.
  [[nodiscard]] std::uint64_t hash(const Tokens& row, std::uint32_t self, const Colours& colours) const {
    std::uint64_t sum = row.size();
    for (const Token token : row) {
      const std::uint64_t value = !token.blank           ? token.number * 2ULL
                                  : token.number == self ? 1ULL
                                                         : colours[token.number] | 1ULL;
      sum = mix(sum * 31 + value + 0x9e3779b97f4a7c15ULL);
    }
    return sum;
  }

  [[nodiscard]] Colours refined(const Colours& colours) const {
    Colours next(colours.size());
    for (std::uint32_t node = 0; node < next.size(); ++node) {
      std::uint64_t sum = 0;
      for (const std::uint32_t row : occurrences[node]) sum += mix(hash(rows[row], node, colours));
      next[node] = mix(colours[node] * 3 + sum);
    }
    return next;
  }
};

std::size_t classes(const Colours& sorted) {
  Colours copy = sorted;
  return static_cast<std::size_t>(std::unique(copy.begin(), copy.end()) - copy.begin());
}

Colours sorted(Colours colours) {
  std::sort(colours.begin(), colours.end());
  return colours;
}

bool same_under(const Side& left, const Side& right, const Colours& left_colours, const Colours& right_colours) {
  std::map<std::uint64_t, std::uint32_t> by_colour;
  for (std::uint32_t node = 0; node < right_colours.size(); ++node) by_colour[right_colours[node]] = node;
  std::vector<Tokens> renamed = left.rows;
  for (Tokens& row : renamed) {
    for (Token& token : row) {
      if (token.blank) token.number = by_colour.at(left_colours[token.number]);
    }
  }
  std::vector<Tokens> other = right.rows;
  std::sort(renamed.begin(), renamed.end());
  std::sort(other.begin(), other.end());
  return renamed == other;
}

bool match(const Side& left, const Side& right, Colours left_colours, Colours right_colours) {
  std::size_t before = 0;
  Colours order;
  for (;;) {
    order = sorted(left_colours);
    if (order != sorted(right_colours)) return false;
    const std::size_t now = classes(order);
    if (now == before || now == order.size()) break;
    before = now;
    left_colours = left.refined(left_colours);
    right_colours = right.refined(right_colours);
  }

  // The smallest class of several nodes.
  std::optional<std::uint64_t> ambiguous;
  std::size_t smallest = order.size() + 1;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && order[end] == order[i]) ++end;
    if (end - i > 1 && end - i < smallest) {
      smallest = end - i;
      ambiguous = order[i];
    }
    i = end;
  }
  if (!ambiguous) return same_under(left, right, left_colours, right_colours);

  const auto chosen = std::find(left_colours.begin(), left_colours.end(), *ambiguous);
  const std::uint64_t mark = mix(*ambiguous + order.size());
  *chosen = mark;
  for (std::uint64_t& candidate : right_colours) {
    if (candidate != *ambiguous) continue;
    candidate = mark;
    if (match(left, right, left_colours, right_colours)) return true;
    candidate = *ambiguous;
  }
  return false;
}

}  // namespace

bool isomorphic_rows(const std::vector<Row>& left, const std::vector<Row>& right) {
  if (left.size() != right.size()) return false;
  Numbers constants;
  const Side left_side(left, constants);
  const Side right_side(right, constants);
  if (left_side.occurrences.size() != right_side.occurrences.size()) return false;
  const Colours start(left_side.occurrences.size(), 1);
  return match(left_side, right_side, start, start);
}

bool isomorphic_sequence(const std::vector<Row>& left, const std::vector<Row>& right) {
  const auto numbered = [](const std::vector<Row>& rows) {
    std::vector<Row> out = rows;
    for (std::size_t i = 0; i < out.size(); ++i) out[i].push_back(integer(static_cast<std::int64_t>(i)));
    return out;
  };
  return isomorphic_rows(numbered(left), numbered(right));
}

bool isomorphic(std::vector<Quad> left, std::vector<Quad> right) {
  const auto rows = [](std::vector<Quad>& quads) {
    std::sort(quads.begin(), quads.end());
    quads.erase(std::unique(quads.begin(), quads.end()), quads.end());
    std::vector<Row> out;
    out.reserve(quads.size());
    for (Quad& quad : quads) {
      out.push_back(
          {std::move(quad.subject), std::move(quad.predicate), std::move(quad.object), std::move(quad.graph)});
    }
    return out;
  };
  return isomorphic_rows(rows(left), rows(right));
}

}  // namespace akyn::w3c
