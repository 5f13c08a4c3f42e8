// A function and an aggregate of one's own in queries. `functions` prints
//
//     Bishkek is 301 km from Osh as the crow flies
//     median population: 322164
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <numbers>
#include <span>
#include <sstream>
#include <vector>

#include <akyn/akyn.h>

namespace {

constexpr const char* kTowns = R"(PREFIX ex: <http://example.org/>
ex:Bishkek ex:population 1074075 ; ex:lat 42.875 ; ex:long 74.590 .
ex:Osh     ex:population 322164  ; ex:lat 40.514 ; ex:long 72.816 .
ex:Jalal   ex:population 123239  ; ex:lat 40.933 ; ex:long 73.000 .
ex:Karakol ex:population 84351   ; ex:lat 42.490 ; ex:long 78.394 .
)";

// Kilometres between two places: latitude and longitude of each in degrees, on a sphere.
akyn::Term distance(std::span<const akyn::Term> arguments) {
  const auto radians = [&](std::size_t i) { return arguments[i].as_double() * std::numbers::pi / 180; };
  const double cosine = std::sin(radians(0)) * std::sin(radians(2)) +
                        std::cos(radians(0)) * std::cos(radians(2)) * std::cos(radians(1) - radians(3));
  return akyn::integer(std::lround(std::acos(std::clamp(cosine, -1.0, 1.0)) * 6371));
}

class Median final : public akyn::Aggregate {
 public:
  void add(std::span<const akyn::Term> arguments) override { values_.push_back(arguments[0].as_int64()); }
  [[nodiscard]] akyn::Term result() override {
    if (values_.empty()) return {};
    const auto middle = values_.begin() + static_cast<std::ptrdiff_t>(values_.size() / 2);
    std::nth_element(values_.begin(), middle, values_.end());
    return akyn::integer(*middle);
  }

 private:
  std::vector<std::int64_t> values_;
};

}  // namespace

int main() try {
  akyn::Store store = akyn::Store::in_memory();
  std::istringstream towns(kTowns);
  akyn::LoadOptions turtle;
  turtle.format = akyn::RdfFormat::turtle;
  store.load(towns, turtle);

  store.define_function("http://example.org/distance", distance, {4, 4});
  store.define_aggregate("http://example.org/median", [] { return std::make_unique<Median>(); });

  akyn::Query far = store.prepare(R"(PREFIX ex: <http://example.org/>
    SELECT (ex:distance(?lat, ?long, ?lat2, ?long2) AS ?km)
    { ex:Bishkek ex:lat ?lat ; ex:long ?long . ex:Osh ex:lat ?lat2 ; ex:long ?long2 })");
  for (const akyn::Row& row : far.select()) {
    std::cout << "Bishkek is " << row["km"].value() << " km from Osh as the crow flies\n";
  }
  akyn::Query median = store.prepare(R"(PREFIX ex: <http://example.org/>
    SELECT (ex:median(?n) AS ?median) { ?town ex:population ?n })");
  for (const akyn::Row& row : median.select()) std::cout << "median population: " << row["median"].value() << '\n';
} catch (const akyn::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
