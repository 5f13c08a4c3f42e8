// Solutions as an aligned table:
//
//      who          │  population
//     ──────────────┼─────────────
//      :Kyrgyzstan  │     6500000
//     1 row
//
// Widths come from the first rows. A later cell that is wider is cut where a width limit is set, and
// runs over where none is, so that nothing is lost in a file.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/results/buffered_writer.h"
#include "engine/results/display.h"
#include "engine/term/printable.h"

namespace akyn::results {
namespace {

constexpr std::size_t kSampleRows = 1000;
constexpr std::size_t kNarrowest = 6;  // columns that a cut cell keeps at least, even if the table is then too wide
constexpr std::size_t kAround = 2;     // a space on either side of a cell
constexpr std::size_t kBetween = 1;    // the line between two columns

// The text of a term is its cell, after a byte that says whether it is a number.
constexpr char kNumber = '0';
constexpr char kOther = ' ';

class TableWriter final : public BufferedWriter {
 public:
  TableWriter(std::ostream& out, const ResultOptions& options)
      : BufferedWriter(out), prefixes_(options.prefixes), width_limit_(options.table_width) {}

  void begin(const std::vector<std::string>& variables) override {
    for (const std::string& name : variables) {
      Column column;
      append_printable(column.title, name);
      column.width = display_width(column.title);
      columns_.push_back(std::move(column));
    }
  }

  void append_text(std::string& out, const TermView& term) const override {
    out += is_numeric(term) ? kNumber : kOther;
    append_cell(out, term, prefixes_);
  }

 private:
  void write_row(std::span<const std::string_view> texts) override {
    ++count_;
    if (columns_.empty()) return;
    cells_.assign(texts.begin(), texts.end());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].empty()) continue;
      cells_[i].remove_prefix(1);
      if (laid_out_) continue;
      columns_[i].width = std::max(columns_[i].width, display_width(cells_[i]));
      (texts[i].front() == kNumber ? columns_[i].has_number : columns_[i].has_other) = true;
    }
    if (laid_out_) {
      write(cells_);
      return;
    }
    sample_.emplace_back(cells_.begin(), cells_.end());
    if (sample_.size() == kSampleRows) lay_out();
  }

  void write_end() override {
    if (!laid_out_ && !columns_.empty() && count_ > 0) lay_out();
    (text() += count_ == 0 ? std::string("no rows") : fmt::format("{} row{}", count_, count_ == 1 ? "" : "s")) += '\n';
  }

  void write_boolean(bool answer) override { text() += answer ? "true\n" : "false\n"; }

  struct Column {
    std::string title;
    std::size_t width = 0;
    bool has_number = false;
    bool has_other = false;
    [[nodiscard]] bool right_aligned() const { return has_number && !has_other; }
  };

  [[nodiscard]] std::size_t table_width(std::size_t cap) const {
    std::size_t total = (kAround + kBetween) * columns_.size() - kBetween;
    for (const Column& column : columns_) total += std::min(column.width, cap);
    return total;
  }

  // The widest columns give way first, all to the same cap; what is left over goes to the first of them.
  void fit() {
    std::size_t cap = 0;
    for (const Column& column : columns_) cap = std::max(cap, column.width);
    if (width_limit_ == 0 || table_width(cap) <= width_limit_) return;
    while (cap > kNarrowest && table_width(cap) > width_limit_) --cap;
    const std::size_t total = table_width(cap);
    std::size_t spare = total < width_limit_ ? width_limit_ - total : 0;
    for (Column& column : columns_) {
      if (column.width <= cap) continue;
      const std::size_t extra = std::min(spare, column.width - cap);
      column.width = cap + extra;
      spare -= extra;
    }
  }

  void lay_out() {
    laid_out_ = true;
    fit();
    std::vector<std::string_view> cells;
    std::string line;
    for (const Column& column : columns_) {
      cells.emplace_back(column.title);
      if (!line.empty()) line += "┼";
      for (std::size_t i = 0; i < column.width + kAround; ++i) line += "─";
    }
    write(cells);
    (text() += line) += '\n';
    for (const std::vector<std::string>& row : sample_) {
      cells.assign(row.begin(), row.end());
      write(cells);
    }
    sample_.clear();
    sample_.shrink_to_fit();
  }

  void write(const std::vector<std::string_view>& cells) {
    line_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (i > 0) line_ += "│";
      const std::string cut = width_limit_ == 0 ? std::string() : cut_to_width(cells[i], column.width);
      const std::string_view cell = width_limit_ == 0 ? cells[i] : cut;
      const std::size_t width = display_width(cell);
      const std::string padding(column.width > width ? column.width - width : 0, ' ');
      line_ += ' ';
      if (column.right_aligned()) {
        (line_ += padding) += cell;
      } else {
        (line_ += cell) += padding;
      }
      line_ += ' ';
    }
    line_.erase(line_.find_last_not_of(' ') + 1);
    (text() += line_) += '\n';
  }

  PrefixNames prefixes_;
  std::size_t width_limit_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> sample_;  // rows seen before the widths are fixed
  std::vector<std::string_view> cells_;           // of the row being written
  bool laid_out_ = false;
  std::uint64_t count_ = 0;
  std::string line_;
};

}  // namespace

std::unique_ptr<ResultWriter> make_table_writer(std::ostream& out, const ResultOptions& options) {
  return std::make_unique<TableWriter>(out, options);
}

}  // namespace akyn::results
