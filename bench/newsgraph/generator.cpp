#include "bench/newsgraph/generator.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/newsgraph/random.h"
#include "bench/newsgraph/statement_writer.h"
#include "bench/newsgraph/text.h"

namespace akyn::newsgraph {
namespace {

enum class Kind : std::uint8_t { country, city, org, person, office, event, source, article, claim };

constexpr std::array<std::string_view, 10> kEventClasses = {"Election", "Protest", "Summit", "Trial",  "Attack",
                                                            "Accident", "Flood",   "Strike", "Treaty", "Visit"};
constexpr std::array<std::string_view, 8> kOfficeTitles = {
    "President of", "Prime minister of", "Minister of justice of", "Foreign minister of",
    "Speaker of",   "Ambassador of",     "Chief prosecutor of",    "Mayor of a city of"};
constexpr Day kFirstDay = 7305;  // 1990-01-01
constexpr Day kLastDay = 19723;  // 2024-01-01

// The things of one kind, the frequent ones among them strewn over all numbers.
class Population {
 public:
  Population(std::string_view kind, std::uint64_t size) : kind_(kind), size_(std::max<std::uint64_t>(size, 2)) {
    // Odd multiples of the golden section are far from each other.
    stride_ = static_cast<std::uint64_t>(0.6180339887 * static_cast<double>(size_)) | 1;
    while (std::gcd(stride_, size_) != 1) stride_ += 2;
  }

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] Name name(std::uint64_t number) const noexcept { return {kind_, number}; }
  [[nodiscard]] Name any(Random& random) const { return name(random.below(size_)); }
  [[nodiscard]] Name frequent(Random& random) const { return name(random.zipf(size_) * stride_ % size_); }

 private:
  std::string_view kind_;
  std::uint64_t size_;
  std::uint64_t stride_;
};

// Numbers that are different from each other, and from the first one.
class Distinct {
 public:
  explicit Distinct(std::uint64_t first) { taken_.push_back(first); }
  Distinct() = default;
  [[nodiscard]] bool insert(std::uint64_t number) {
    if (std::ranges::find(taken_, number) != taken_.end()) return false;
    taken_.push_back(number);
    return true;
  }

 private:
  std::vector<std::uint64_t> taken_;
};

class Generator {
 public:
  Generator(std::FILE* file, const Options& options)
      : options_(options),
        out_(file, options.triples),
        countries_("country", 200),
        cities_("city", std::max<std::uint64_t>(options.triples / 5000, 2 * countries_.size())),
        orgs_("org", options.triples / 250),
        persons_("person", options.triples / 62),
        offices_("office", options.triples / 2000),
        events_("event", options.triples / 40),
        sources_("source", options.triples / 5000) {}

  [[nodiscard]] bool run() {
    classes();
    each(countries_, [&](std::uint64_t number) { country(number); });
    each(cities_, [&](std::uint64_t number) { city(number); });
    each(sources_, [&](std::uint64_t number) { source(number); });
    each(orgs_, [&](std::uint64_t number) { org(number); });
    each(persons_, [&](std::uint64_t number) { person(number); });
    each(offices_, [&](std::uint64_t number) { office(number); });
    each(events_, [&](std::uint64_t number) { event(number); });
    for (std::uint64_t number = 0; !out_.full(); ++number) article(number);
    return out_.finish();
  }

 private:
  template <class Make>
  void each(const Population& things, const Make& make) {
    for (std::uint64_t number = 0; number < things.size() && !out_.full(); ++number) make(number);
  }

  [[nodiscard]] Random random_of(Kind kind, std::uint64_t number) const {
    return {options_.seed, static_cast<std::uint64_t>(kind), number};
  }

  void classes() {
    const auto below = [&](std::string_view name, std::string_view super) {
      out_.subject_class(name);
      out_.subclass_of(super);
    };
    for (const std::string_view name : kEventClasses) below(name, "Event");
    for (const std::string_view name : {"Politician", "Journalist"}) below(name, "Person");
    for (const std::string_view name : {"Party", "Company"}) below(name, "Organization");
    for (const std::string_view name : {"Person", "Organization"}) below(name, "Agent");
    for (const std::string_view name : {"Article", "Report"}) below(name, "Document");
    for (const std::string_view name : {"City", "Country"}) below(name, "Place");
    below("Capital", "City");
  }

  void country(std::uint64_t number) {
    Random random = random_of(Kind::country, number);
    out_.subject(countries_.name(number));
    out_.type("Country");
    text_.clear();
    append_place(text_, random);
    for (std::size_t i = 0; i < kLanguages; ++i) {
      const auto language = static_cast<Language>(i);
      if (language == Language::english || random.percent(40)) out_.text("label", text_, tag_of(language));
    }
    out_.integer("population", random.between(1, 99) * 100'000 * random.between(1, 20));
    out_.decimal("area", random.between(100, 250'000));
    // A ring, and chords that are the same from both ends.
    const std::uint64_t all = countries_.size();
    for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{14}}) {
      out_.link("borders", countries_.name((number + step) % all));
      out_.link("borders", countries_.name((number + all - step) % all));
    }
  }

  void city(std::uint64_t number) {
    Random random = random_of(Kind::city, number);
    out_.subject(cities_.name(number));
    const bool is_capital = number < countries_.size();
    out_.type(is_capital ? "Capital" : "City");
    text_.clear();
    append_place(text_, random);
    out_.text("label", text_, "en");
    if (random.percent(40)) out_.text("label", text_, "de");
    out_.link("inCountry", is_capital ? countries_.name(number) : countries_.frequent(random));
    out_.integer("population", random.between(1000, 9999) * static_cast<std::int64_t>(random.zipf(512)));
  }

  void source(std::uint64_t number) {
    static constexpr std::array<std::string_view, 6> kTitles = {"Times", "Herald",  "Post",
                                                                "News",  "Tribune", "Telegraph"};
    Random random = random_of(Kind::source, number);
    out_.subject(sources_.name(number));
    out_.type("Source");
    text_.clear();
    append_place(text_, random);
    (text_ += ' ').append(kTitles[random.below(kTitles.size())]);
    out_.text("name", text_);
    out_.link("inCountry", countries_.frequent(random));
    out_.text("language", tag_of(some_language(random)));
    out_.decimal("reliability", random.between(0, 20) * 5);
    out_.year("founded", random.between(1850, 2020));
  }

  void org(std::uint64_t number) {
    static constexpr std::array<std::string_view, 6> kForms = {"Union", "Front", "Movement", "Group", "Fund", "Works"};
    Random random = random_of(Kind::org, number);
    out_.subject(orgs_.name(number));
    const std::uint64_t share = random.below(100);
    out_.type(share < 50 ? "Organization" : share < 65 ? "Party" : "Company");
    text_.clear();
    append_place(text_, random);
    (text_ += ' ').append(kForms[random.below(kForms.size())]);
    out_.text("name", text_);
    if (random.percent(30)) out_.text("label", text_, tag_of(some_language(random)));
    out_.date("founded", random.between(-25'000, kLastDay - 400));
    out_.link("basedIn", cities_.frequent(random));
    if (number > 0 && random.percent(30)) out_.link("partOf", orgs_.name(random.below(number)));
    const std::uint64_t block = number / kBlock * kBlock;
    Distinct allies(number);
    for (std::uint64_t left = random.zipf(8); left > 0; --left) {
      const Name ally =
          random.percent(80) ? orgs_.name((block + random.below(kBlock)) % orgs_.size()) : orgs_.frequent(random);
      if (allies.insert(ally.number)) out_.link("allied", ally);
    }
  }

  void person(std::uint64_t number) {
    Random random = random_of(Kind::person, number);
    out_.subject(persons_.name(number));
    const std::uint64_t share = random.below(100);
    out_.type(is_journalist(number) ? "Journalist" : share < 30 ? "Politician" : "Person");
    const PersonName name = some_person(random);
    text_.clear();
    append_person(text_, name, false);
    out_.text("name", text_);
    out_.text("label", text_, "en");
    if (random.percent(30)) {
      text_.clear();
      append_person(text_, name, true);
      out_.text("label", text_, random.percent(60) ? "ru" : "ky");
    }
    const Day born = random.between(-12'000, 12'000);
    out_.date("born", born);
    if (born < 0 && random.percent(20)) out_.date("died", random.between(kFirstDay, kLastDay));
    out_.link("birthPlace", cities_.frequent(random));
    Distinct citizenships;
    for (std::uint64_t left = random.percent(5) ? 2 : 1; left > 0; --left) {
      const Name country = countries_.frequent(random);
      if (citizenships.insert(country.number)) out_.link("citizenOf", country);
    }
    if (random.percent(60)) out_.link("memberOf", orgs_.frequent(random));
    Distinct known(number);
    for (std::uint64_t left = random.zipf(16) - 1; left > 0; --left) {
      // Neighbours, so that those whom one knows know each other.
      const Name other = random.percent(70)
                             ? persons_.name((number + persons_.size() + random.below(41) - 20) % persons_.size())
                             : persons_.frequent(random);
      if (known.insert(other.number)) out_.link("knows", other);
    }
  }

  void office(std::uint64_t number) {
    Random random = random_of(Kind::office, number);
    out_.subject(offices_.name(number));
    out_.type("Office");
    const Name country = number < countries_.size() ? countries_.name(number) : countries_.frequent(random);
    text_.assign(number < countries_.size() ? kOfficeTitles[0]
                                            : kOfficeTitles[1 + random.below(kOfficeTitles.size() - 1)]);
    text_ += ' ';
    {
      Random of_country = random_of(Kind::country, country.number);
      append_place(text_, of_country);
    }
    out_.text("label", text_, "en");
    out_.link("ofCountry", country);
    out_.integer("rank", number < countries_.size() ? 1 : random.between(2, 9));
    if (number >= countries_.size()) out_.link("reportsTo", offices_.name(random.below(number)));
    tenures(offices_.name(number), random);
  }

  void tenures(const Name& office, Random& random) {
    Day since = kFirstDay + random.between(0, 2000);
    const std::uint64_t first = tenures_;
    while (since < kLastDay) {
      const Name tenure{"tenure", tenures_++};
      const Name holder = persons_.frequent(random);
      const Day until = since + random.between(100, 2500) * random.between(1, 2);
      out_.subject(tenure);
      out_.type("Tenure");
      out_.link("office", office);
      out_.link("holder", holder);
      out_.date("since", since);
      if (until < kLastDay) out_.date("until", until);
      if (tenure.number > first) out_.link("succeeds", {"tenure", tenure.number - 1});
      claim(tenure, "holder", holder);
      since = until + random.between(0, 30);
    }
  }

  void event(std::uint64_t number) {
    Random random = random_of(Kind::event, number);
    const Name name = events_.name(number);
    out_.subject(name);
    out_.type(kEventClasses[random.zipf(kEventClasses.size()) - 1]);
    label(random, Language::english);
    if (random.percent(30)) label(random, static_cast<Language>(1 + random.below(kLanguages - 1)));
    out_.date("date", day_of_event(number));
    out_.link("place", cities_.frequent(random));
    if (random.percent(20)) out_.integer("casualties", static_cast<std::int64_t>(random.zipf(4000)) - 1);
    if (random.percent(10)) out_.real("cost", random.between(10, 99), static_cast<int>(random.between(3, 8)));
    if (random.percent(30)) out_.decimal("severity", random.between(0, 100) * 10);
    const std::uint64_t later = number + 1 + random.below(200);
    if (later < events_.size() && random.percent(25)) {
      out_.link(random.percent(60) ? "partOf" : "causes", events_.name(later));
    }
    Distinct participants;
    std::array<Name, 8> said{};
    std::size_t count = 0;
    for (std::uint64_t left = random.zipf(8); left > 0; --left) {
      const Name person = persons_.frequent(random);
      if (!participants.insert(person.number)) continue;
      out_.link("participant", person);
      said[count++] = person;
    }
    for (std::size_t i = 0; i < count; ++i) claim(name, "participant", said[i]);
  }

  void article(std::uint64_t number) {
    Random random = random_of(Kind::article, number);
    out_.subject({"article", number});
    out_.type(random.percent(85) ? "Article" : "Report");
    const Language language = some_language(random);
    text_.clear();
    append_words(text_, random, language, 3 + random.below(6));
    out_.text("title", text_, tag_of(language));
    const Name event = events_.frequent(random);
    const Day published = std::min(day_of_event(event.number) + static_cast<Day>(random.zipf(256)) - 1, kLastDay);
    out_.date_time("published", published, random.between(0, 86'399));
    out_.link("source", sources_.frequent(random));
    out_.link("about", event);
    out_.link("author", persons_.name(journalist(random)));
    out_.integer("words", random.between(80, 1200));
    if (random.percent(33)) out_.real("sentiment", random.between(10, 99), static_cast<int>(random.between(-4, -2)));
    Distinct mentioned;
    for (std::uint64_t left = random.zipf(8); left > 0; --left) {
      const Name person = persons_.frequent(random);
      if (mentioned.insert(person.number)) out_.link("mentions", person);
    }
    if (random.percent(10)) {
      text_.clear();
      append_sentences(text_, random, language, 3 + random.below(6));
      out_.text("body", text_, tag_of(language));
    }
  }

  void label(Random& random, Language language) {
    text_.clear();
    append_words(text_, random, language, 3 + random.below(4));
    out_.text("label", text_, tag_of(language));
  }

  // Leaves the subject a blank node, or as it was.
  void claim(const Name& subject, std::string_view predicate, const Name& object) {
    if (!options_.claims) return;
    const std::uint64_t number = claims_++;
    Random random = random_of(Kind::claim, number);
    if (!random.percent(25)) return;
    out_.blank_subject(number);
    out_.reifies(subject, predicate, object);
    out_.link("source", sources_.frequent(random));
    out_.date("saidOn", random.between(kFirstDay, kLastDay));
    out_.decimal("confidence", random.between(0, 100));
  }

  // They get later with the number, as in a stream of news.
  [[nodiscard]] Day day_of_event(std::uint64_t number) const {
    return kFirstDay + static_cast<Day>(number * static_cast<std::uint64_t>(kLastDay - kFirstDay) / events_.size());
  }

  static bool is_journalist(std::uint64_t person) { return person % kJournalists == 0; }
  [[nodiscard]] std::uint64_t journalist(Random& random) const {
    return (random.zipf((persons_.size() + kJournalists - 1) / kJournalists) - 1) * kJournalists;
  }

  static constexpr std::uint64_t kBlock = 12;       // of allied organizations
  static constexpr std::uint64_t kJournalists = 8;  // one person of so many is one

  Options options_;
  StatementWriter out_;
  Population countries_;
  Population cities_;
  Population orgs_;
  Population persons_;
  Population offices_;
  Population events_;
  Population sources_;
  std::uint64_t tenures_ = 0;
  std::uint64_t claims_ = 0;
  std::string text_;
};

}  // namespace

bool generate(std::FILE* file, const Options& options) {
  return Generator(file, options).run();
}

}  // namespace akyn::newsgraph
