// Many statements at once, made by a program or read from files.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>

#include <akyn/export.h>
#include <akyn/options.h>
#include <akyn/query.h>
#include <akyn/term.h>

namespace akyn {

namespace api {
struct AppenderState;
}

// Made by Store::append(). Collects statements and puts them into the store in one go, by the same path as Store::load:
// sorted, past the log, at a fraction of what transactions cost, in bounded memory. Nobody sees any of them before
// commit(), and nobody does after a rollback or an error. What it brings twice, or the store has, counts once.
// Meanwhile readers go on and transactions wait. One thread at a time. After commit(), rollback() or an error every
// call throws Error(closed).
//
// Blank nodes are as in a Transaction: one that came from the store is that node, any other label is a new node
// throughout the Appender. Those of a file that it loads are the file's own.
class AKYN_EXPORT Appender {
 public:
  explicit Appender(std::unique_ptr<api::AppenderState> state);
  Appender(Appender&&) noexcept;
  Appender& operator=(Appender&&) noexcept;
  ~Appender();

  // Throws Error(invalid_argument) for a term in a place where RDF has none, which changes nothing; Error(io) when the
  // disk is full.
  void append(const Quad& quad);
  void append(const Term& subject, const Term& predicate, const Term& object, const Term& graph = {});
  // As Store::load; `inserted` is 0, for how many are new turns out in commit(). The options' memory and threads are
  // those that the Appender was made with.
  LoadReport load(const std::filesystem::path& file, const LoadOptions& options = {});
  LoadReport load(std::istream& input, const LoadOptions& options);

  // Says what it came to in all. Throws Error(io), Error(cancelled): then none of it is in the store.
  LoadReport commit();
  void rollback() noexcept;

 private:
  std::unique_ptr<api::AppenderState> state_;
};

}  // namespace akyn
