#include "engine/storage/optimize.h"

#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/block_run_writer.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

// All orders of one partition, and the rows in each of them.
RowCounts rewrite_partition(OrderTag first, std::size_t orders, bool has_rows, const RebuildInput& input,
                            const RebuildOutput& output, const Renumbering& terms, const MergeOptions& options) {
  std::optional<RowCounts> counts;
  for (std::size_t i = 0; i < orders; ++i) {
    const auto order = static_cast<OrderTag>(first + i);
    BlockRunWriter writer(output.block_run, order, false, output.blocks, output.directory);
    if (has_rows) {
      const TakeRows take = [&](std::span<const std::span<const std::uint64_t>> columns) {
        writer.add(columns);
        if (output.observe) output.observe(order, columns);
      };
      rewrite_rows(order, input.rows, terms, take, options);
    }
    const RowCounts written = writer.finish();
    if (counts && *counts != written) {
      throw Error(ErrorCode::corruption, fmt::format("the store is damaged: one order has {} rows, another {}",
                                                     counts->rows(), written.rows()));
    }
    counts = written;
  }
  return counts.value_or(RowCounts());
}

}  // namespace

Rebuilt rebuild(const RebuildInput& input, const RebuildOutput& output, const MergeOptions& options) {
  Renumbering terms(input.dictionary);
  for (const Id name : input.graph_names) terms.mark(name);
  if (input.has_default_rows) mark_rows(0, input.rows, terms, options);
  if (input.has_named_rows) mark_rows(kNamedGraphTag, input.rows, terms, options);
  mark_parts(input.dictionary, terms, options);
  DictionaryMeta meta = merge_dictionary(input.dictionary, terms, output.dictionary_run, 1, output.terms, options);

  BlockRunInfo info;
  info.run = output.block_run;
  info.default_graph = rewrite_partition(0, kDefaultGraphOrders, input.has_default_rows, input, output, terms, options);
  info.named_graphs =
      rewrite_partition(kNamedGraphTag, kNamedGraphOrders, input.has_named_rows, input, output, terms, options);
  return {std::move(meta), info, std::move(terms)};
}

Id Translator::operator()(Id id) {
  if (const Id renumbered = renumbering_(id); renumbered.is_bound() || !id.is_bound()) return renumbered;
  if (const auto found = found_.find(id); found != found_.end()) return found->second;
  // Not recursive: triple terms may nest as deep as they like. One stays on the stack until its parts are known.
  std::vector<Id> open = {id};
  std::string body;
  while (!open.empty()) {
    const Id old = open.back();
    body.clear();
    from_.append_body(old, body);
    if (old.type() == IdType::triple) {
      const auto parts = parse_triple_body(body);
      if (!parts)
        throw Error(ErrorCode::corruption, "the dictionary is damaged: a triple term is not made of three terms");
      std::array<Id, 3> translated = {parts->subject, parts->predicate, parts->object};
      bool all = true;
      for (Id& part : translated) {
        const Id renumbered = renumbering_(part);
        const auto found = renumbered.is_bound() ? found_.end() : found_.find(part);
        if (!renumbered.is_bound() && found == found_.end()) {
          // A part is older than the whole. Were it not, this might not end.
          if (!part.is_bound() || open.size() > from_.next_number()) {
            throw Error(ErrorCode::corruption, "the dictionary is damaged: a triple term is part of itself");
          }
          open.push_back(part);
          all = false;
        } else {
          part = renumbered.is_bound() ? renumbered : found->second;
        }
      }
      if (!all) continue;
      body = triple_body({translated[0], translated[1], translated[2]});
    }
    open.pop_back();
    if (found_.contains(old)) continue;
    std::string folded = body;
    fold_body(old.type(), folded);
    Id translated = to_.find(old.type(), folded);
    if (!translated.is_bound()) translated = pending_.find(old.type(), folded);
    if (!translated.is_bound()) translated = pending_.add(old.type(), folded, body);
    found_.emplace(old, translated);
  }
  return found_.at(id);
}

}  // namespace akyn::storage
