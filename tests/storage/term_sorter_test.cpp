#include "engine/storage/term_sorter.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>
#include "engine/storage/body_order.h"
#include "engine/storage/term_codec.h"
#include "tests/storage/dictionary_support.h"

namespace akyn::storage {
namespace {

using test::below;

struct Entry {
  IdType type;
  std::string body;
  std::string folded;
  std::uint64_t number;
};

bool before(const Entry& a, const Entry& b) {
  if (a.type != b.type) return a.type < b.type;
  const auto order = compare_bodies(a.type, a.folded, b.folded);
  return order != 0 ? order < 0 : a.number < b.number;
}

Entry random_entry(std::mt19937& random, std::uint64_t number) {
  constexpr IdType kTypes[] = {IdType::iri, IdType::string, IdType::lang_string, IdType::valued};
  Entry entry;
  entry.type = kTypes[below(random, 4)];
  entry.number = number;
  std::string text = test::random_text(random);
  if (below(random, 5) == 0) text.assign(below(random, 40), '\0');
  TermView term;
  term.kind = TermKind::literal;
  if (entry.type == IdType::lang_string) term.language = below(random, 2) == 0 ? "en-GB" : "EN-gb";
  if (entry.type == IdType::valued) {
    text = std::to_string(below(random, 500)) + ".0e" + std::to_string(below(random, 9));
    term.datatype = "http://www.w3.org/2001/XMLSchema#double";
  }
  term.value = text;
  append_body(entry.body, entry.type, term);
  entry.folded = entry.body;
  fold_body(entry.type, entry.folded);
  return entry;
}

TEST_CASE("terms come out in the order of a run, whatever the memory") {
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    std::vector<Entry> model;
    for (std::size_t i = below(random, 3000); i > 0; --i) model.push_back(random_entry(random, i));
    const bool spills = round % 2 == 0;
    TermSorter sorter({spills ? 1 + below(random, 50'000) : std::size_t{1} << 30U,
                       spills ? std::filesystem::temp_directory_path().string() : std::string()});
    for (const Entry& entry : model) sorter.add(entry.type, entry.body, entry.number);
    sorter.finish();
    std::sort(model.begin(), model.end(), before);
    std::size_t i = 0;
    bool same = true;
    for (const SortedTerm* term = sorter.next(); term != nullptr; term = sorter.next(), ++i) {
      REQUIRE(i < model.size());
      same = same && term->type == model[i].type && term->folded == model[i].folded;
      std::string folded(term->body);
      fold_body(term->type, folded);
      same = same && folded == term->folded;
      // Equal terms come in the order in which the chunks were made; the body is that of the number.
      const auto entry =
          std::find_if(model.begin(), model.end(), [&](const Entry& e) { return e.number == term->number; });
      if (round < 4) same = same && entry != model.end() && entry->body == term->body;
    }
    CHECK(same);
    CHECK(i == model.size());
    CHECK(sorter.next() == nullptr);
  }
}

TEST_CASE("bodies that begin alike, one within the other, with zeros") {
  std::vector<std::string> bodies;
  for (std::size_t common = 0; common < 40; ++common) {
    for (std::size_t zeros = 0; zeros < 20; ++zeros) {
      bodies.push_back(std::string(common, 'a') + std::string(zeros, '\0'));
      bodies.push_back(bodies.back() + "\xFF");
      bodies.push_back(bodies.back() + "b");
    }
  }
  std::mt19937 random(6);
  std::vector<BodyEntry> entries;
  for (const std::string& body : bodies) entries.push_back({body, random()});
  std::vector<BodyEntry> expected = entries;
  sort_bodies(IdType::string, entries);
  std::sort(expected.begin(), expected.end(), [](const BodyEntry& a, const BodyEntry& b) {
    return std::tie(a.folded, a.number) < std::tie(b.folded, b.number);
  });
  CHECK(
      std::equal(entries.begin(), entries.end(), expected.begin(), expected.end(),
                 [](const BodyEntry& a, const BodyEntry& b) { return a.folded == b.folded && a.number == b.number; }));
}

}  // namespace
}  // namespace akyn::storage
