// SERVICE (SPARQL 1.1 Federated Query 2).
#pragma once

#include <memory>
#include <vector>

#include "engine/exec/operator.h"

namespace akyn::exec {

// What endpoints answer, asked with the values of known rows where these are terms that an endpoint may know (its
// section 2.4): solutions that may be compatible with a known row. Rows of no known row are not asked for.
class ServiceOperator final : public Operator {
 public:
  // `known`: rows of the group so far; the variable of SERVICE ?x is bound in all of them, or Error(invalid_argument).
  ServiceOperator(Run& run, const algebra::Service& service, algebra::NodePtr pattern, OperatorPtr known,
                  std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;
  void ask_all();
  // The answer of one endpoint to the known rows with these numbers; one empty row when it is silent about failing.
  void ask(Id endpoint, const std::vector<std::vector<std::uint64_t>>& rows);
  algebra::Service service_;
  algebra::NodePtr pattern_;
  OperatorPtr known_;
  std::vector<Slot> pattern_columns_;  // variables of the pattern
  bool asked_ = false;
  std::vector<std::vector<std::uint64_t>> answers_;  // rows in columns()
  std::size_t next_ = 0;
  Charge charge_;
};

}  // namespace akyn::exec
