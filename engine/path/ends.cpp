#include "engine/path/ends.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace akyn::path {

namespace {

// Ends of a group that are sorted by start and remembered; more are picked out start by start.
constexpr std::uint64_t kMaxRemembered = std::uint64_t{1} << 19;
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
constexpr std::size_t kPlaceBytes = 64;

}  // namespace

SearchedEnds::SearchedEnds(Graph& graph, const Automaton& automaton, Strangers strangers, runtime::Budget& budget)
    : graph_(graph),
      search_(graph, automaton, budget),
      strangers_(strangers),
      accepts_empty_(automaton.accepts_empty()),
      budget_(budget),
      charge_(budget) {}

Bits SearchedEnds::strangers() {
  if (strangers_ == Strangers::keep || !accepts_empty_) return 0;
  Bits strangers = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!graph_.contains(nodes_[i])) strangers |= bit_of(i);
  }
  return strangers;
}

void SearchedEnds::find(std::span<const Id> starts, Wish wish) {
  group_.assign(starts.begin(), starts.end());
  nodes_.clear();
  for (const Id start : starts) nodes_.push_back(graph_.node(start));
  large_start_ = Id();
  last_ = 0;
  search_.start(nodes_);
  while (search_.advance(wish.only_whether ? ~search_.with_ends() : ~Bits{0})) continue;
  kept_ = ~strangers();
  std::uint64_t total = 0;
  for (const Node end : search_.ends()) {
    total += static_cast<std::uint64_t>(std::popcount(search_.starts_of(end) & kept_));
  }
  sorted_ = total <= kMaxRemembered;
  if (places_.empty()) lists_.clear();
  if (sorted_) sort_into_lists(total);
  if (sorted_ && wish.remember) {
    for (std::size_t i = 0; i < group_.size(); ++i) places_[group_[i]] = group_places_[i];
  }
  charge();
}

void SearchedEnds::sort_into_lists(std::uint64_t total) {
  std::array<std::uint64_t, kMaxStarts> next{};
  const auto each = [&](auto use) {
    for (const Node end : search_.ends()) {
      for (Bits bits = search_.starts_of(end) & kept_; bits != 0; bits &= bits - 1) {
        use(static_cast<std::size_t>(std::countr_zero(bits)), end);
      }
    }
  };
  each([&](std::size_t start, Node) { ++next[start]; });
  std::uint64_t first = lists_.size();
  for (std::size_t i = 0; i < group_.size(); ++i) {
    group_places_[i] = {first, next[i]};
    next[i] = first;
    first += group_places_[i].count;
  }
  lists_.resize(lists_.size() + total);
  each([&](std::size_t start, Node end) { lists_[next[start]++] = graph_.id(end); });
}

void SearchedEnds::charge() {
  const std::size_t bytes = lists_.capacity() * sizeof(Id) + places_.size() * kPlaceBytes;
  if (bytes <= charged_) return;
  charge_.add(bytes - charged_);
  charged_ = bytes;
}

std::span<const Id> SearchedEnds::list(Id start) {
  // Groups are asked about in their order, as a rule.
  if (last_ + 1 < group_.size() && group_[last_ + 1] == start) ++last_;
  const bool is_near = last_ < group_.size() && group_[last_] == start;
  const auto list_at = [&](const Place& place) { return std::span(lists_).subspan(place.first, place.count); };
  if (is_near && sorted_) return list_at(group_places_[last_]);
  if (const auto place = places_.find(start); place != places_.end()) return list_at(place->second);
  const auto at = static_cast<std::size_t>(std::find(group_.begin(), group_.end(), start) - group_.begin());
  last_ = at;
  if (sorted_) return list_at(group_places_[at]);
  if (start != large_start_) {
    large_start_ = start;
    large_.clear();
    const Bits bit = bit_of(at) & kept_;
    for (const Node end : search_.ends()) {
      if ((search_.starts_of(end) & bit) != 0) large_.push_back(graph_.id(end));
    }
  }
  return large_;
}

void SearchedEnds::begin(Id start) {
  group_.assign(1, start);
  nodes_.assign(1, graph_.node(start));
  large_start_ = Id();
  sorted_ = false;
  search_.start(nodes_);
  finished_ = strangers() != 0;
}

bool SearchedEnds::more(std::vector<Id>& out) {
  while (!finished_) {
    const std::size_t before = out.size();
    for (const Search::Entry& entry : search_.found()) out.push_back(graph_.id(entry.node));
    finished_ = !search_.advance();
    if (out.size() != before) return true;
  }
  return false;
}

void SearchedEnds::forget_if_large() {
  if (charged_ < kMaxBytes && charged_ < budget_.available() / 2) return;
  places_.clear();
  lists_ = {};
  sorted_ = false;
  group_.clear();
  charge_.clear();
  charged_ = 0;
}

// ---------------------------------------------------------------- triples

TripleEnds::TripleEnds(Graph& graph, const Label& label, runtime::Budget& budget)
    : cursors_(graph.cursors(label)), budget_(budget), charge_(budget) {}

void TripleEnds::find(std::span<const Id> starts, Wish) {
  group_.assign(starts.begin(), starts.end());
  std::sort(group_.begin(), group_.end());
  firsts_.clear();
  ends_.clear();
  for (const Id start : group_) {
    budget_.step();
    firsts_.push_back(ends_.size());
    if (start.is_local()) continue;
    edges_.clear();
    for (EdgeCursor& cursor : cursors_) cursor.edges(start, edges_);
    // The same triple may be in several graphs.
    std::sort(edges_.begin(), edges_.end());
    edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
    for (const Edge& edge : edges_) ends_.push_back(edge.target);
  }
  firsts_.push_back(ends_.size());
  const std::size_t bytes = ends_.capacity() * sizeof(Id) + edges_.capacity() * sizeof(Edge);
  if (bytes > charged_) {
    charge_.add(bytes - charged_);
    charged_ = bytes;
  }
}

std::span<const Id> TripleEnds::list(Id start) {
  const auto at = static_cast<std::size_t>(std::lower_bound(group_.begin(), group_.end(), start) - group_.begin());
  return std::span(ends_).subspan(firsts_[at], firsts_[at + 1] - firsts_[at]);
}

void TripleEnds::begin(Id start) {
  find({&start, 1}, {});
}

bool TripleEnds::more(std::vector<Id>& out) {
  out.insert(out.end(), ends_.begin(), ends_.end());
  return !std::exchange(ends_, {}).empty();
}

}  // namespace akyn::path
