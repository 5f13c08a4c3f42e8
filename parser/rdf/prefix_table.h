// Prefix names and the IRIs they stand for.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace akyn::rdf {

class PrefixTable {
 public:
  PrefixTable() = default;
  PrefixTable(const PrefixTable&) = delete;
  PrefixTable& operator=(const PrefixTable&) = delete;

  void set(std::string_view name, std::string_view iri) {
    entries_[std::string(name)] = iri;
    recent_.fill(nullptr);
  }

  // The IRI of a name (without ':'); none when it was never set. Allocates nothing. The answer is
  // good until the next set().
  [[nodiscard]] const std::string* find(std::string_view name) {
    const Entry*& recent = recent_[slot(name)];
    if (recent != nullptr && recent->first == name) return &recent->second;
    const auto found = entries_.find(name);
    if (found == entries_.end()) return nullptr;
    recent = &*found;
    return &recent->second;
  }

  [[nodiscard]] std::vector<std::string_view> names() const {
    std::vector<std::string_view> names;
    names.reserve(entries_.size());
    for (const auto& [name, iri] : entries_) names.push_back(name);
    return names;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  using Map = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;
  using Entry = Map::value_type;

  // A cheap guess that nearly always tells a document's few prefixes apart.
  static std::size_t slot(std::string_view name) noexcept {
    if (name.empty()) return 0;
    return (name.size() + 7 * static_cast<unsigned char>(name.front()) + 13 * static_cast<unsigned char>(name.back())) %
           kRecent;
  }

  static constexpr std::size_t kRecent = 64;
  Map entries_;
  std::array<const Entry*, kRecent> recent_{};
};

}  // namespace akyn::rdf
