// akyn stats, verify, optimize, backup, restore.
#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "shell/commands.h"
#include "shell/interrupt.h"
#include "shell/progress_line.h"

namespace akyn::shell {
namespace {

// Shows progress on a terminal; Ctrl-C cancels.
class Work {
 public:
  explicit Work(std::string name) : name_(std::move(name)) {
    options_.on_progress = [this](const WorkProgress& progress) {
      if (line_.is_due()) {
        const std::uint64_t percent = progress.total == 0 ? 100 : progress.done * 100 / progress.total;
        line_.show(fmt::format("{}: {}, {} %", name_, progress.phase, percent));
      }
      return !token_.cancelled();
    };
  }
  [[nodiscard]] const WorkOptions& options() const noexcept { return options_; }

 private:
  std::string name_;
  CancelToken token_;
  Interrupt interrupt_{token_, true};
  ProgressLine line_;
  WorkOptions options_;
};

Store open_existing(const std::string& path) {
  StoreOptions options;
  options.create_if_missing = false;
  return Store::open(path, options);
}

// Columns of text, the first one to the left and the others to the right.
template <std::size_t Columns>
void write_columns(Output& out, const std::vector<std::array<std::string, Columns>>& rows) {
  std::array<std::size_t, Columns> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < Columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    out << fmt::format("{:<{}}", row[0], widths[0]);
    for (std::size_t i = 1; i < Columns; ++i) out << fmt::format("  {:>{}}", row[i], widths[i]);
    out << '\n';
  }
}

}  // namespace

void run_stats(const std::string& path, Output& out) {
  const StoreStatistics statistics = open_for_reading(path).statistics();
  write_columns<2>(out, {{"statements", fmt::format("{}", statistics.statements)},
                         {"in the default graph", fmt::format("{}", statistics.default_graph)},
                         {"named graphs", fmt::format("{}", statistics.graphs)},
                         {"terms", fmt::format("{}", statistics.terms)}});
  if (!statistics.predicates.empty()) {
    std::vector<std::array<std::string, 4>> rows = {{"predicate", "statements", "subjects", "objects"}};
    for (const PredicateStatistics& predicate : statistics.predicates) {
      const std::string_view mark = predicate.exact ? "" : "~";
      rows.push_back({predicate.predicate.to_string(), fmt::format("{}", predicate.statements),
                      fmt::format("{}{}", mark, predicate.subjects), fmt::format("{}{}", mark, predicate.objects)});
    }
    out << '\n';
    write_columns(out, rows);
  }
  if (!statistics.classes.empty()) {
    std::vector<std::array<std::string, 2>> rows = {{"class", "statements"}};
    for (const ClassStatistics& type : statistics.classes) {
      rows.push_back({type.type.to_string(), fmt::format("{}", type.statements)});
    }
    out << '\n';
    write_columns(out, rows);
  }
}

void run_verify(const std::string& path) {
  const Store store = open_for_reading(path);
  store.verify(Work(path).options());
  std::cerr << fmt::format("{}: sound, {} statements\n", path, store.count());
}

void run_optimize(const std::string& path) {
  Store store = open_existing(path);
  store.optimize(Work(path).options());
  std::cerr << fmt::format("{}: optimized, {} statements\n", path, store.count());
}

void run_backup(const std::string& path, const std::string& directory) {
  open_existing(path).backup(directory);
  std::cerr << fmt::format("{}: copied to {}\n", path, directory);
}

void run_restore(const std::string& backup, const std::string& path) {
  Store::restore(backup, path, Work(path).options());
  std::cerr << fmt::format("{}: restored from {}, {} statements\n", path, backup, open_for_reading(path).count());
}

}  // namespace akyn::shell
