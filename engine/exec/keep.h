// Rows that are computed once and read several times.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "engine/exec/operator.h"

namespace akyn::exec {

// Filled by a KeepOperator before anybody reads it.
class KeptTable {
 public:
  KeptTable(Run& run, std::vector<Slot> columns) : columns_(std::move(columns)), charge_(run.budget()) {}

  [[nodiscard]] const std::vector<Slot>& columns() const noexcept { return columns_; }
  [[nodiscard]] const std::vector<Batch>& batches() const noexcept { return batches_; }
  void add(Batch batch) {
    charge_.add(batch.memory_bytes());
    batches_.push_back(std::move(batch));
  }

 private:
  std::vector<Slot> columns_;
  std::vector<Batch> batches_;
  Charge charge_;
};

// Reads `source` into the table, then is `result`, which reads the table.
class KeepOperator final : public Operator {
 public:
  KeepOperator(Run& run, std::shared_ptr<KeptTable> table, OperatorPtr source, OperatorPtr result);

  void skip_to(std::uint64_t value) override {
    if (read_) result_->skip_to(value);
  }

 private:
  bool produce(Batch& out) override;

  std::shared_ptr<KeptTable> table_;
  OperatorPtr source_;  // once read null, but for its profile
  bool read_ = false;
  OperatorPtr result_;
};

// The rows of the table as they came.
class KeptRowsOperator final : public Operator {
 public:
  KeptRowsOperator(Run& run, std::shared_ptr<const KeptTable> table, std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;

  std::shared_ptr<const KeptTable> table_;
  std::vector<std::optional<std::size_t>> places_;
  std::size_t next_ = 0;
};

// The different values of some columns, ascending, each once.
class KeptKeysOperator final : public Operator {
 public:
  KeptKeysOperator(Run& run, std::shared_ptr<const KeptTable> table, std::vector<Slot> columns);

 private:
  bool produce(Batch& out) override;
  void gather();

  std::shared_ptr<const KeptTable> table_;
  bool gathered_ = false;
  std::vector<std::vector<std::uint64_t>> keys_;
  std::size_t next_ = 0;
  Charge charge_;
};

}  // namespace akyn::exec
