#include "tests/exec/gather_support.h"

#include <algorithm>

namespace akyn::exec::test {
namespace {

class RowsOperator final : public Operator {
 public:
  RowsOperator(Run& run, TestInput input) : Operator(run, input.columns), input_(std::move(input)) {}

 protected:
  bool produce(Batch& out) override {
    if (at_ == input_.rows.size()) return false;
    const std::size_t last = std::min(at_ + input_.batch_rows, input_.rows.size());
    // Some of the batches in which nothing counts more than once come without counts, as after a UNION.
    const bool needs_counts = std::any_of(input_.rows.begin() + static_cast<std::ptrdiff_t>(at_),
                                          input_.rows.begin() + static_cast<std::ptrdiff_t>(last),
                                          [](const TestRow& row) { return row.count != 1; });
    const bool counted = input_.counted && (needs_counts || batches_++ % 2 == 0);
    for (std::size_t i = at_; i < last; ++i) {
      for (std::size_t c = 0; c < columns().size(); ++c) out.values(c).push_back(input_.rows[i].cells[c]);
      if (counted) out.count_values().push_back(input_.rows[i].count);
    }
    out.set_rows(last - at_);
    at_ = last;
    return true;
  }

 private:
  TestInput input_;
  std::size_t at_ = 0;
  std::size_t batches_ = 0;
};

// The same terms over and over, some of one value.
std::string terms_text(int part) {
  std::string text;
  for (int i = part; i < 60; i += 3) {
    const std::string n = std::to_string(i);
    text += ":s" + n + " :p :o" + n + " , \"text " + n + "\" , \"a long text that starts like others, and ends in " +
            n + "\" , \"text\"@e" + std::string(1, static_cast<char>('a' + i % 26)) + " , \"" + n + "\"@en , \"" + n +
            "\"^^:unknown , \"bad" + n + "\"^^xsd:integer , _:b" + n + " , \"0" + n + "\"^^xsd:integer , \"" + n +
            "\"^^xsd:int , \"" + n + ".25\"^^xsd:float , \"0." + n + "34567890123456789\"^^xsd:double , \"0." + n +
            "345678901234567890\"^^xsd:decimal , \"" + n + "000000000000000000001\"^^xsd:integer , <<( :s" + n +
            " :p " + n + " )>> , \"PT" + n + "S\"^^xsd:dayTimeDuration , \"20" + (i < 10 ? "0" : "") + n +
            "-01-01T00:00:00.0123456789\"^^xsd:dateTime , \"1" + n + "\"^^xsd:gYear .\n";
  }
  return text;
}

std::vector<std::string> inlined_terms() {
  std::vector<std::string> terms;
  const auto add = [&](const std::string& form, const std::string& type) {
    terms.push_back('"' + form + "\"^^xsd:" + type);
  };
  for (const char* form : {"0", "1", "2", "-1", "-7", "40", "41", "576460752303423487", "-576460752303423488"})
    add(form, "integer");
  for (const char* form : {"0", "0.0", "-0.0", "1", "1.0", "1.00", "1.5", "1.50", "-1.5", "-1.50", "40.5", "2.25",
                           "123456789012.345", "0.00000000000001", "99999999999999900000"})
    add(form, "decimal");
  for (const char* form : {"0.0", "0.0E0", "-0.0E0", "1.0E0", "1", "1e0", "1.5", "1.5E0", "1.5e0", "15E-1", "INF",
                           "-INF", "NaN", "1e300", "-2.25E0", "0.1", "40.5"})
    add(form, "double");
  for (const char* form : {"true", "false", "1", "0"}) add(form, "boolean");
  for (const char* form : {"2020-01-01", "2020-01-02", "-0044-03-15", "2020-01-01Z", "2020-01-01+00:00",
                           "2020-01-01+06:00", "2020-01-02+14:00", "2019-12-31-10:00"})
    add(form, "date");
  for (const char* form :
       {"2020-01-01T00:00:00", "2020-01-01T00:00:00.0", "2020-01-01T00:00:00.00", "2020-01-01T00:00:00.000",
        "2020-01-01T00:00:00.001", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.0Z", "2020-01-01T06:00:00+06:00",
        "2020-01-01T06:00:00.000+06:00", "2019-12-31T14:00:00-10:00", "1066-10-14T09:00:00", "2020-01-01T00:00:01Z"})
    add(form, "dateTime");
  return terms;
}

}  // namespace

std::vector<Cells> expanded(const TestRows& rows) {
  std::vector<Cells> result;
  for (const TestRow& row : rows) result.insert(result.end(), row.count, row.cells);
  return result;
}

OperatorPtr rows_operator(Run& run, TestInput input) {
  return std::make_unique<RowsOperator>(run, std::move(input));
}

TestRows rows_of(Operator& op) {
  TestRows rows;
  Batch batch;
  while (op.next(batch)) {
    REQUIRE(batch.rows() > 0);
    REQUIRE(batch.width() == op.columns().size());
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      TestRow row;
      for (std::size_t c = 0; c < batch.width(); ++c) {
        REQUIRE(batch.column(c).size() == batch.rows());
        row.cells.push_back(batch.column(c)[i]);
      }
      row.count = batch.count(i);
      REQUIRE(row.count > 0);
      rows.push_back(std::move(row));
    }
  }
  REQUIRE_FALSE(op.next(batch));
  return rows;
}

TermPool::TermPool()
    : store_([] {
        std::string text = terms_text(0);
        for (const std::string& term : inlined_terms()) text += ":s :q " + term + " .\n";
        return text;
      }()),
      terms_([&] {
        store_.database().optimize();
        store_.update("PREFIX : <http://example/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> INSERT DATA {" +
                      terms_text(1) + "}");
        return LocalTerms(store_.database().snapshot());
      }()) {
  // Not in the store: what a query makes.
  TestStore other(terms_text(2));
  const auto collect = [&](const storage::Snapshot& snapshot) {
    const auto scan = snapshot.scan({}, storage::GraphScope::all());
    storage::ScanBatch batch;
    while (scan->next(batch)) {
      for (const std::vector<Id>* ids : {&batch.subjects, &batch.predicates, &batch.objects}) {
        for (const Id id : *ids) all_.push_back(terms_.id(snapshot.term(id)));
      }
    }
  };
  collect(terms_.snapshot());
  collect(other.terms().snapshot());
  std::sort(all_.begin(), all_.end());
  all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
}

std::vector<Id> TermPool::only(bool (*wanted)(const expr::Value&)) {
  std::vector<Id> ids;
  for (const Id id : all_) {
    if (wanted(value(id.bits()))) ids.push_back(id);
  }
  return ids;
}

const expr::Value& TermPool::value(std::uint64_t bits) {
  const auto known = values_.find(bits);
  if (known != values_.end()) return known->second;
  return values_.emplace(bits, expr::Value::of(terms_.term(Id::from_bits(bits)))).first->second;
}

expr::Result TermPool::result(std::uint64_t bits) {
  if (bits == 0) return std::nullopt;
  return value(bits);
}

std::unique_ptr<Run> TermPool::run(std::size_t bytes) {
  environment.limits.max_bytes = bytes == 0 ? std::size_t{1} << 30 : terms_.memory() + bytes;
  return std::make_unique<Run>(query_, terms_, environment);
}

TestInput random_input(Random& random, const std::vector<Id>& ids, std::size_t columns, std::size_t rows) {
  TestInput input;
  for (std::size_t c = 0; c < columns; ++c) input.columns.push_back(static_cast<Slot>(10 + c));
  input.counted = random() % 2 == 0;
  constexpr std::size_t kBatches[] = {1, 2, 7, 100, kBatchRows};
  input.batch_rows = kBatches[random() % std::size(kBatches)];
  const std::size_t different = 1 + random() % ids.size();
  const bool unbound = random() % 2 == 0;
  for (std::size_t i = 0; i < rows; ++i) {
    TestRow row;
    for (std::size_t c = 0; c < columns; ++c) {
      row.cells.push_back(unbound && random() % 8 == 0 ? 0 : ids[random() % different].bits());
    }
    if (input.counted) row.count = random() % 4 == 0 ? 1 + random() % 5 : 1;
    input.rows.push_back(std::move(row));
  }
  return input;
}

}  // namespace akyn::exec::test
