// The stores that tests run on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/akyn.h>

namespace akyn::akt {

enum class Configuration : std::uint8_t { memory, disk, reopen, transaction };

[[nodiscard]] const std::vector<std::pair<std::string_view, Configuration>>& configurations();

// A new, empty store. Removes what it has on disk at the end.
class TestedStore {
 public:
  explicit TestedStore(Configuration configuration);
  TestedStore(const TestedStore&) = delete;
  TestedStore& operator=(const TestedStore&) = delete;
  ~TestedStore();

  // Called before each step.
  void begin_step();
  void load(const std::string& trig, const LoadOptions& options);
  void update(const std::string& request, const QueryOptions& options);
  [[nodiscard]] Query prepare(const std::string& query, const QueryOptions& options);
  // Checks the store against itself.
  void finish();

 private:
  Configuration configuration_;
  std::filesystem::path directory_;  // empty: in memory
  std::optional<Store> store_;
  std::optional<Transaction> transaction_;
  bool changed_ = false;  // since it was opened
};

}  // namespace akyn::akt
