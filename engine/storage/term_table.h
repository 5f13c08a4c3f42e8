// Terms to Ids and back, one key each way for each term.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/key_value.h"
#include "engine/storage/pending_terms.h"
#include "engine/storage/rocks.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Reads the newest state, whatever version asks: numbers are given out in ascending order and never again, so that a
// version knows by its own counter which of them are its own. Thread-safe. Throws Error(io), Error(corruption).
class TermTable {
 public:
  explicit TermTable(std::shared_ptr<const Rocks> rocks) : rocks_(std::move(rocks)) {}

  // Unbound when there is none below number `end`.
  [[nodiscard]] Id find(IdType type, std::string_view folded_body, std::uint64_t end) const;
  // The body as written. Throws Error(corruption) when there is none.
  void read_body(Id id, std::string& body) const;

 private:
  std::shared_ptr<const Rocks> rocks_;
};

// Writes those of the terms that are `used`, one flag for each; keys of each of the two families ascending.
void write_terms(const PendingTerms& terms, const std::vector<bool>& used, KeyValueSink& term_ids,
                 KeyValueSink& bodies);

}  // namespace akyn::storage
