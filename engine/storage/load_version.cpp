#include "engine/storage/load_version.h"

#include <map>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/status.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {
namespace {

GraphMap read_graphs(const Rocks& rocks) {
  std::vector<GraphMap::Named> graphs;
  for (KeyRange keys(rocks, Family::metadata, {&kGraphTag, 1}); keys.valid(); keys.next()) {
    GraphMap::Named& graph = graphs.emplace_back();
    if (keys.key().size() != 9 || !parse_graph(keys.value(), graph.entry)) {
      throw_corruption(rocks.name(), "the entry of a graph has the wrong size");
    }
    graph.name = load_id(keys.key().data() + 1);
  }
  return GraphMap(graphs);
}

std::vector<DeadGraph> read_dead_graphs(const Rocks& rocks) {
  std::vector<DeadGraph> dead;
  for (KeyRange keys(rocks, Family::metadata, {&kDeadGraphTag, 1}); keys.valid(); keys.next()) {
    if (keys.key().size() != 9 || keys.value().size() != 8) {
      throw_corruption(rocks.name(), "the entry of a dead graph has the wrong size");
    }
    dead.push_back({load_u64(keys.key().data() + 1), load_u64(keys.value().data())});
  }
  return dead;
}

std::shared_ptr<const std::map<std::string, std::string>> read_prefixes(const Rocks& rocks) {
  auto prefixes = std::make_shared<std::map<std::string, std::string>>();
  for (KeyRange keys(rocks, Family::metadata, {&kPrefixTag, 1}); keys.valid(); keys.next()) {
    prefixes->emplace(keys.key().substr(1), keys.value());
  }
  return prefixes;
}

// Calls visit(commit, rows) for the record of each commit after `after`.
template <class Visitor>
void for_each_record(const Rocks& rocks, std::uint64_t after, Visitor visit) {
  KeyRange records(rocks, Family::delta, {});
  if (after != 0) records.seek(delta_key(after + 1));
  for (; records.valid(); records.next()) {
    if (records.key().size() != 8) throw_corruption(rocks.name(), "the record of a commit has no number");
    DeltaRows rows;
    try {
      rows = DeltaRows::parse(records.value());
    } catch (const Error& error) {
      throw_corruption(rocks.name(), error.message());
    }
    visit(load_u64(records.key().data()), std::move(rows));
  }
}

std::shared_ptr<const Dictionary> read_dictionary(const VersionSources& sources, DictionaryDescription description,
                                                  const Counters& counters, const Version* before) {
  description.tail_terms = counters.tail_terms;
  description.next_number = counters.next_term;
  const auto open_run = [&](std::uint32_t run) {
    if (before != nullptr) {
      for (const auto& known : before->dictionary->runs()) {
        if (known->run() == run) return known;
      }
    }
    return open_dictionary_run(run, sources.runs, sources.chores);
  };
  const auto open_tail = [&](std::uint32_t tail) {
    if (before != nullptr && before->dictionary->tail()->tail() == tail) return before->dictionary->tail();
    return open_dictionary_tail(tail, sources.runs, sources.chores);
  };
  return Dictionary::open(description, open_run, open_tail);
}

// Runs and the records of commits, by age; the records between two runs become one chunk.
std::vector<Layer> read_layers(const Rocks& rocks, std::vector<Layer> runs) {
  std::vector<Layer> layers;
  std::vector<DeltaRows> commits;
  Layer chunk;
  std::size_t next_run = 0;
  const auto finish_chunk = [&] {
    if (commits.empty()) return;
    chunk.chunk = std::make_shared<const DeltaChunk>(std::exchange(commits, {}));
    layers.push_back(std::move(chunk));
    chunk = {};
  };
  for_each_record(rocks, 0, [&](std::uint64_t commit, DeltaRows rows) {
    for (; next_run < runs.size() && runs[next_run].last < commit; ++next_run) {
      finish_chunk();
      layers.push_back(runs[next_run]);
    }
    if (next_run < runs.size() && runs[next_run].first <= commit) {
      throw_corruption(rocks.name(), "a commit is in a run and has a record, too");
    }
    if (commits.empty()) chunk.first = commit;
    chunk.last = commit;
    commits.push_back(std::move(rows));
  });
  finish_chunk();
  layers.insert(layers.end(), runs.begin() + static_cast<std::ptrdiff_t>(next_run), runs.end());
  return layers;
}

}  // namespace

Counters read_counters(const Rocks& rocks) {
  rocksdb::PinnableSlice value;
  Counters counters;
  if (!rocks.get(rocksdb::ReadOptions(), Family::metadata, counters_key(), value)) {
    throw_corruption(rocks.name(), "the counters are missing");
  }
  if (!parse_counters(value.ToStringView(), counters)) {
    throw_corruption(rocks.name(), "the counters have the wrong size");
  }
  return counters;
}

Manifest read_manifest(const Rocks& rocks) {
  rocksdb::PinnableSlice value;
  if (!rocks.get(rocksdb::ReadOptions(), Family::metadata, manifest_key(), value)) {
    throw_corruption(rocks.name(), "the list of runs is missing");
  }
  try {
    return Manifest::parse(value.ToStringView());
  } catch (const Error& error) {
    throw_corruption(rocks.name(), error.message());
  }
}

std::shared_ptr<const Version> load_version(const VersionSources& sources, const Version* before) {
  const Rocks& rocks = *sources.rocks;
  auto version = std::make_shared<Version>();
  version->rocks = sources.rocks;
  version->counters = read_counters(rocks);
  version->graphs = read_graphs(rocks);
  version->dead = read_dead_graphs(rocks);
  version->prefixes = read_prefixes(rocks);
  if (before != nullptr && before->counters.structure == version->counters.structure) {
    version->dictionary = read_dictionary(sources, before->dictionary->description(), version->counters, before);
    version->layers = before->layers;
    for_each_record(rocks, before->counters.commits, [&](std::uint64_t commit, DeltaRows rows) {
      append_commit(version->layers, commit, std::move(rows));
    });
    return version;
  }
  const Manifest manifest = read_manifest(rocks);
  version->dictionary = read_dictionary(sources, manifest.dictionary, version->counters, before);
  std::map<std::uint32_t, std::shared_ptr<const StoredRun>> known;
  if (before != nullptr) {
    for (const Layer& layer : before->layers) {
      if (layer.run != nullptr) known.emplace(layer.run->info().run, layer.run);
    }
  }
  std::vector<Layer> runs;
  for (const Manifest::Run& run : manifest.runs) {
    Layer& layer = runs.emplace_back();
    layer.first = run.first;
    layer.last = run.last;
    layer.terms_end = run.terms_end;
    const auto found = known.find(run.info.run);
    layer.run = found != known.end() ? found->second
                                     : std::make_shared<const StoredRun>(run.info, sources.runs, sources.chores);
  }
  version->layers = read_layers(rocks, std::move(runs));
  return version;
}

KeyRange::KeyRange(const Rocks& rocks, Family family, std::string_view prefix, rocksdb::ReadOptions options)
    : rocks_(rocks), end_(after_prefix(prefix)), end_slice_(end_) {
  if (!end_.empty()) options.iterate_upper_bound = &end_slice_;
  options.fill_cache = false;
  iterator_.reset(rocks.db().NewIterator(options, rocks.family(family)));
  iterator_->Seek(prefix);
}

bool KeyRange::valid() const {
  if (iterator_->Valid()) return true;
  check(iterator_->status(), rocks_.name());
  return false;
}

void for_each_tail_entry(const Rocks& rocks, std::uint32_t tail, const std::function<void(const TailEntry&)>& visit) {
  std::string prefix;
  append_u32(prefix, tail);
  for (KeyRange keys(rocks, Family::tail, prefix); keys.valid(); keys.next()) {
    TailEntry entry;
    entry.key = keys.key();
    entry.value = keys.value();
    const std::string_view rest = entry.key.substr(prefix.size());
    if (rest.empty() || (rest.front() != 'i' && rest.front() != 't')) {
      throw_corruption(rocks.name(), "a key of the dictionary is malformed");
    }
    entry.by_number = rest.front() == 'i';
    const std::string_view number = entry.by_number ? rest.substr(1) : entry.value;
    if (number.size() != 8 || entry.value.empty()) {
      throw_corruption(rocks.name(), "an entry of the dictionary has the wrong size");
    }
    entry.number = load_u64(number.data());
    visit(entry);
  }
}

void for_each_tail_term(const Rocks& rocks, std::uint32_t tail, TermRange numbers,
                        const std::function<void(Id id, std::string_view body)>& visit) {
  if (numbers.first >= numbers.last) return;
  const std::string end = tail_number_key(tail, numbers.last);
  KeyRange keys(rocks, Family::tail, std::string_view(end).substr(0, kTailKindBytes));
  for (keys.seek(tail_number_key(tail, numbers.first)); keys.valid() && keys.key() < end; keys.next()) {
    if (keys.key().size() != end.size()) throw_corruption(rocks.name(), "a key of the dictionary is malformed");
    const std::uint64_t number = load_u64(keys.key().data() + kTailKindBytes);
    const std::string_view value = keys.value();
    const Id id = value.empty() ? Id() : Id(static_cast<IdType>(value.front()), number);
    if (!Dictionary::is_stored(id)) throw_corruption(rocks.name(), "an entry of the dictionary has no type of a term");
    visit(id, value.substr(1));
  }
}

}  // namespace akyn::storage
