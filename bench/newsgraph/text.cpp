#include "bench/newsgraph/text.h"

namespace akyn::newsgraph {
namespace {

struct InScripts {
  std::string_view latin;
  std::string_view cyrillic;
};

constexpr std::array<InScripts, 48> kGivenNames = {
    {{"Aibek", "Айбек"},   {"Almaz", "Алмаз"},      {"Aida", "Аида"},      {"Anara", "Анара"},
     {"Bakyt", "Бакыт"},   {"Boris", "Борис"},      {"Cholpon", "Чолпон"}, {"Daniyar", "Данияр"},
     {"Elena", "Елена"},   {"Emil", "Эмиль"},       {"Erkin", "Эркин"},    {"Farida", "Фарида"},
     {"Galina", "Галина"}, {"Gulnara", "Гульнара"}, {"Igor", "Игорь"},     {"Irina", "Ирина"},
     {"Jyldyz", "Жылдыз"}, {"Kanat", "Канат"},      {"Klara", "Клара"},    {"Kuban", "Кубан"},
     {"Laura", "Лаура"},   {"Leon", "Леон"},        {"Marat", "Марат"},    {"Maria", "Мария"},
     {"Meerim", "Мээрим"}, {"Mirlan", "Мирлан"},    {"Nadia", "Надя"},     {"Nurlan", "Нурлан"},
     {"Oleg", "Олег"},     {"Olga", "Ольга"},       {"Paul", "Пауль"},     {"Petra", "Петра"},
     {"Rustam", "Рустам"}, {"Sadyr", "Садыр"},      {"Samat", "Самат"},    {"Saltanat", "Салтанат"},
     {"Sergei", "Сергей"}, {"Talant", "Талант"},    {"Temir", "Темир"},    {"Timur", "Тимур"},
     {"Ulan", "Улан"},     {"Urmat", "Урмат"},      {"Vera", "Вера"},      {"Victor", "Виктор"},
     {"Yana", "Яна"},      {"Zamira", "Замира"},    {"Zhanna", "Жанна"},   {"Zoya", "Зоя"}}};

constexpr std::array<InScripts, 60> kFamilyNames = {{{"Abdyrakhmanov", "Абдырахманов"},
                                                     {"Akmatov", "Акматов"},
                                                     {"Alymbekov", "Алымбеков"},
                                                     {"Asanov", "Асанов"},
                                                     {"Atambaev", "Атамбаев"},
                                                     {"Baltabaev", "Балтабаев"},
                                                     {"Beishenov", "Бейшенов"},
                                                     {"Bekov", "Беков"},
                                                     {"Berger", "Бергер"},
                                                     {"Borbiev", "Борбиев"},
                                                     {"Chynybaev", "Чыныбаев"},
                                                     {"Dubois", "Дюбуа"},
                                                     {"Dzhumabekov", "Джумабеков"},
                                                     {"Egorov", "Егоров"},
                                                     {"Fischer", "Фишер"},
                                                     {"Garnier", "Гарнье"},
                                                     {"Ibraev", "Ибраев"},
                                                     {"Isakov", "Исаков"},
                                                     {"Ivanov", "Иванов"},
                                                     {"Japarov", "Жапаров"},
                                                     {"Jeenbekov", "Жээнбеков"},
                                                     {"Kadyrov", "Кадыров"},
                                                     {"Karimov", "Каримов"},
                                                     {"Keller", "Келлер"},
                                                     {"Kozlov", "Козлов"},
                                                     {"Kulov", "Кулов"},
                                                     {"Lambert", "Ламберт"},
                                                     {"Lebedev", "Лебедев"},
                                                     {"Madumarov", "Мадумаров"},
                                                     {"Mambetov", "Мамбетов"},
                                                     {"Martin", "Мартин"},
                                                     {"Matraimov", "Матраимов"},
                                                     {"Morozov", "Морозов"},
                                                     {"Mueller", "Мюллер"},
                                                     {"Nazarov", "Назаров"},
                                                     {"Novikov", "Новиков"},
                                                     {"Omurov", "Омуров"},
                                                     {"Orlov", "Орлов"},
                                                     {"Osmonov", "Осмонов"},
                                                     {"Pavlov", "Павлов"},
                                                     {"Petrov", "Петров"},
                                                     {"Richter", "Рихтер"},
                                                     {"Rousseau", "Руссо"},
                                                     {"Sariev", "Сариев"},
                                                     {"Schmidt", "Шмидт"},
                                                     {"Sharshenov", "Шаршенов"},
                                                     {"Smirnov", "Смирнов"},
                                                     {"Sokolov", "Соколов"},
                                                     {"Suyunbaev", "Суюнбаев"},
                                                     {"Tashiev", "Ташиев"},
                                                     {"Toktorov", "Токторов"},
                                                     {"Turdubaev", "Турдубаев"},
                                                     {"Usenov", "Усенов"},
                                                     {"Vasiliev", "Васильев"},
                                                     {"Vogel", "Фогель"},
                                                     {"Weber", "Вебер"},
                                                     {"Wolf", "Вольф"},
                                                     {"Zakirov", "Закиров"},
                                                     {"Zhunusov", "Жунусов"},
                                                     {"Zimmer", "Циммер"}}};

constexpr std::array<std::string_view, 79> kEnglish = {
    "the",        "of",      "in",      "after",    "over",    "new",        "government", "talks",   "president",
    "election",   "police",  "protest", "minister", "border",  "parliament", "says",       "court",   "reform",
    "opposition", "leaders", "meet",    "week",     "fire",    "energy",     "trade",      "vote",    "leader",
    "capital",    "city",    "crisis",  "party",    "wins",    "deal",       "gas",        "water",   "power",
    "security",   "forces",  "report",  "hundreds", "against", "economy",    "budget",     "supreme", "resigns",
    "calls",      "open",    "market",  "region",   "summit",  "peace",      "storm",      "school",  "hospital",
    "strike",     "prices",  "company", "bank",     "coal",    "gold",       "mine",       "river",   "snow",
    "flood",      "quake",   "road",    "bridge",   "railway", "airport",    "games",      "team",    "festival",
    "museum",     "harvest", "wheat",   "visa",     "treaty",  "embassy",    "envoy"};

constexpr std::array<std::string_view, 73> kRussian = {
    "в",         "и",           "на",        "о",         "после",        "новый",      "правительство", "переговоры",
    "президент", "выборы",      "полиция",   "протест",   "министр",      "граница",    "парламент",     "заявил",
    "суд",       "реформа",     "оппозиция", "лидеры",    "встреча",      "неделя",     "пожар",         "энергия",
    "торговля",  "голосование", "лидер",     "столица",   "город",        "кризис",     "партия",        "победа",
    "сделка",    "газ",         "вода",      "власть",    "безопасность", "силы",       "доклад",        "сотни",
    "против",    "экономика",   "бюджет",    "верховный", "отставка",     "призывает",  "рынок",         "регион",
    "саммит",    "мир",         "буря",      "школа",     "больница",     "забастовка", "цены",          "компания",
    "банк",      "уголь",       "золото",    "шахта",     "река",         "снег",       "паводок",       "дорога",
    "мост",      "поезд",       "игры",      "команда",   "праздник",     "музей",      "урожай",        "договор",
    "посольство"};

constexpr std::array<std::string_view, 70> kKyrgyz = {
    "жана",      "үчүн",       "менен",     "кийин",   "жаңы",      "өкмөт",     "сүйлөшүү", "президент", "шайлоо",
    "милиция",   "нааразылык", "министр",   "чек",     "ара",       "парламент", "билдирди", "сот",       "реформа",
    "оппозиция", "лидер",      "жолугушуу", "жума",    "өрт",       "энергия",   "соода",    "добуш",     "борбор",
    "шаар",      "кризис",     "партия",    "жеңиш",   "келишим",   "газ",       "суу",      "бийлик",    "коопсуздук",
    "күчтөр",    "баяндама",   "жүздөгөн",  "каршы",   "экономика", "бюджет",    "жогорку",  "кызматтан", "чакырат",
    "базар",     "аймак",      "саммит",    "тынчтык", "бороон",    "мектеп",    "оорукана", "баа",       "компания",
    "банк",      "көмүр",      "алтын",     "кен",     "дарыя",     "кар",       "сел",      "жол",       "көпүрө",
    "поезд",     "оюн",        "команда",   "майрам",  "музей",     "түшүм",     "элчилик"};

constexpr std::array<std::string_view, 68> kGerman = {
    "der",      "die",      "nach",      "neue",       "Regierung", "Wahl",        "Polizei",    "Protest",
    "Minister", "Grenze",   "Parlament", "sagt",       "Gericht",   "Reform",      "Opposition", "Treffen",
    "Woche",    "Feuer",    "Energie",   "Handel",     "Stimme",    "Hauptstadt",  "Stadt",      "Krise",
    "Partei",   "gewinnt",  "Abkommen",  "Gas",        "Wasser",    "Macht",       "Sicherheit", "Truppen",
    "Bericht",  "Hunderte", "gegen",     "Wirtschaft", "Haushalt",  "Rücktritt",   "fordert",    "Markt",
    "Region",   "Gipfel",   "Frieden",   "Sturm",      "Schule",    "Krankenhaus", "Streik",     "Preise",
    "Firma",    "Bank",     "Kohle",     "Gold",       "Bergwerk",  "Fluss",       "Schnee",     "Flut",
    "Straße",   "Brücke",   "Bahn",      "Flughafen",  "Spiele",    "Mannschaft",  "Fest",       "Museum",
    "Ernte",    "Weizen",   "Vertrag",   "Botschaft"};

constexpr std::array<std::string_view, 72> kFrench = {
    "le",       "la",        "après",         "nouveau",    "gouvernement", "pourparlers", "président",
    "élection", "police",    "manifestation", "ministre",   "frontière",    "parlement",   "déclare",
    "tribunal", "réforme",   "opposition",    "dirigeants", "réunion",      "semaine",     "incendie",
    "énergie",  "commerce",  "vote",          "capitale",   "ville",        "crise",       "parti",
    "gagne",    "accord",    "gaz",           "eau",        "pouvoir",      "sécurité",    "forces",
    "rapport",  "centaines", "contre",        "économie",   "budget",       "suprême",     "démission",
    "appelle",  "marché",    "région",        "sommet",     "paix",         "tempête",     "école",
    "hôpital",  "grève",     "prix",          "entreprise", "banque",       "charbon",     "or",
    "mine",     "rivière",   "neige",         "inondation", "route",        "pont",        "train",
    "aéroport", "jeux",      "équipe",        "fête",       "musée",        "récolte",     "blé",
    "traité",   "ambassade"};

constexpr std::array<std::string_view, 32> kPlaceStarts = {
    "Al",  "Ba",  "Bel", "Cor", "Dal", "Dor", "El",  "Far", "Gor", "Hal", "Ir",  "Jal", "Kal", "Kor", "Lan", "Mar",
    "Mel", "Nar", "Nov", "Or",  "Os",  "Pal", "Per", "Ral", "Sal", "Sen", "Tal", "Tor", "Ul",  "Val", "Ver", "Zar"};

constexpr std::array<std::string_view, 14> kPlaceMiddles = {"a",  "do", "ga", "ka",  "la", "ma",  "mar",
                                                            "na", "ra", "ri", "sta", "ta", "ter", "vi"};

constexpr std::array<std::string_view, 16> kPlaceEnds = {"bad",  "berg", "burg", "dora", "gan", "grad",
                                                         "han",  "kol",  "land", "mont", "nia", "ra",
                                                         "rand", "sk",   "stan", "ville"};

// Frequent ones first, as in the arrays above.
template <std::size_t N>
std::string_view word_of(const std::array<std::string_view, N>& words, Random& random) {
  return words[random.percent(40) ? random.zipf(N) - 1 : random.below(N)];
}

std::string_view some_word(Random& random, Language language) {
  switch (language) {
    case Language::english:
      return word_of(kEnglish, random);
    case Language::russian:
      return word_of(kRussian, random);
    case Language::kyrgyz:
      return word_of(kKyrgyz, random);
    case Language::german:
      return word_of(kGerman, random);
    case Language::french:
      return word_of(kFrench, random);
  }
  return {};
}

template <class Array>
const auto& one_of(const Array& values, Random& random) {
  return values[random.below(values.size())];
}

// Of ASCII, and of the small Cyrillic letters in the first half of their block; that is enough for the words above.
void capitalize(std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text[at] >= 'a' && text[at] <= 'z') {
    text[at] = static_cast<char>(text[at] - 'a' + 'A');
  } else if (byte(at) == 0xD0 && byte(at + 1) >= 0xB0) {
    text[at + 1] = static_cast<char>(byte(at + 1) - 0x20);
  } else if (byte(at) == 0xD1 && byte(at + 1) < 0x90) {
    text[at] = static_cast<char>(0xD0);
    text[at + 1] = static_cast<char>(byte(at + 1) + 0x20);
  }
}

}  // namespace

std::string_view tag_of(Language language) {
  static constexpr std::array<std::string_view, kLanguages> kTags = {"en", "ru", "ky", "de", "fr"};
  return kTags[static_cast<std::size_t>(language)];
}

Language some_language(Random& random) {
  return random.percent(50) ? Language::english : static_cast<Language>(random.below(kLanguages));
}

PersonName some_person(Random& random) {
  return {random.below(kGivenNames.size()), random.below(kFamilyNames.size())};
}

void append_person(std::string& out, PersonName name, bool cyrillic) {
  const InScripts& given = kGivenNames[name.given];
  const InScripts& family = kFamilyNames[name.family];
  out.append(cyrillic ? given.cyrillic : given.latin) += ' ';
  out.append(cyrillic ? family.cyrillic : family.latin);
}

void append_place(std::string& out, Random& random) {
  out.append(one_of(kPlaceStarts, random)).append(one_of(kPlaceMiddles, random));
  if (random.percent(30)) out.append(one_of(kPlaceMiddles, random));
  out.append(one_of(kPlaceEnds, random));
}

void append_words(std::string& out, Random& random, Language language, std::size_t count) {
  const std::size_t start = out.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ' ';
    out.append(some_word(random, language));
  }
  capitalize(out, start);
}

void append_sentences(std::string& out, Random& random, Language language, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ' ';
    append_words(out, random, language, 6 + random.below(13));
    out += '.';
  }
}

}  // namespace akyn::newsgraph
