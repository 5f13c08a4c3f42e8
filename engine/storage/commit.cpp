#include "engine/storage/commit.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include "engine/storage/keys.h"
#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

// Which new terms the net insertions need, by their place among the new terms.
std::vector<bool> used_terms(const Pending& pending) {
  const PendingTerms& terms = pending.terms;
  std::vector<bool> used(terms.size());
  const auto mark = [&](Id id) {
    if (terms.owns(id)) used[terms.index_of(id)] = true;
  };
  pending.quads.for_each_net([&](const Change& change) {
    if (!change.inserted) return;
    mark(change.quad.subject);
    mark(change.quad.predicate);
    mark(change.quad.object);
    mark(change.quad.graph);
  });
  // The terms of a triple term were made before it.
  for (std::size_t i = terms.size(); i-- > 0;) {
    if (!used[i] || terms.id_at(i).type() != IdType::triple) continue;
    if (const std::optional<TripleIds> triple = parse_triple_body(terms.body_at(i))) {
      mark(triple->subject);
      mark(triple->predicate);
      mark(triple->object);
    }
  }
  return used;
}

// New values of metadata keys, in key order; nothing for a key that goes.
using MetadataChanges = std::map<std::string, std::optional<std::string>>;

MetadataChanges metadata_changes(const Pending& pending) {
  MetadataChanges changes;
  Counters counters = pending.base->counters();
  for (const auto& [graph, difference] : pending.quads.graph_sizes()) {
    if (difference == 0) continue;
    if (graph == kDefaultGraph) {
      counters.default_quads += static_cast<std::uint64_t>(difference);
      continue;
    }
    counters.named_quads += static_cast<std::uint64_t>(difference);
    const std::uint64_t size = pending.base->graph_size(graph) + static_cast<std::uint64_t>(difference);
    std::optional<std::string>& value = changes[graph_key(graph)];
    if (size != 0) append_u64(value.emplace(), size);
  }
  ++counters.commits;
  counters.next_term = pending.terms.next_term();
  counters.next_blank = pending.terms.next_blank();
  changes[counters_key()] = counters_value(counters);
  for (const auto& [prefix, iri] : pending.prefixes) changes[prefix_key(prefix)] = iri;
  return changes;
}

template <class Visitor>
void for_each_order(Partition partition, Visitor visit) {
  if (partition == Partition::default_graph) {
    for (const Permutation order : kTripleOrders) visit(order);
  } else {
    for (const Permutation order : kQuadOrders) visit(order);
  }
}

// --- Small commits ---

void write_batch(Rocks& rocks, const Pending& pending, const std::vector<bool>& used, Durability durability) {
  rocksdb::WriteBatch batch;
  const std::string& name = rocks.name();
  const PendingTerms& terms = pending.terms;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    const Id id = terms.id_at(i);
    std::string id_bytes;
    append_id(id_bytes, id);
    check(batch.Put(rocks.family(Family::term_ids), term_key(id.type(), terms.folded_body_at(i)), id_bytes), name);
    check(batch.Put(rocks.family(Family::terms), id_bytes, terms.body_at(i)), name);
  }
  rocksdb::ColumnFamilyHandle* const quads = rocks.family(Family::quads);
  pending.quads.for_each_net([&](const Change& change) {
    for_each_order(partition_of(change.quad), [&](Permutation order) {
      const RowKey key = row_key(order, change.quad);
      check(change.inserted ? batch.Put(quads, key.view(), rocksdb::Slice()) : batch.Delete(quads, key.view()), name);
    });
  });
  for (const auto& [key, value] : metadata_changes(pending)) {
    rocksdb::ColumnFamilyHandle* const family = rocks.family(Family::metadata);
    check(value ? batch.Put(family, key, *value) : batch.Delete(family, key), name);
  }
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::sync;
  check(rocks.db().Write(options, &batch), name);
}

// --- Large commits ---

// Table files in the staging directory, deleted unless RocksDB has taken them in.
class StagedFiles {
 public:
  explicit StagedFiles(Rocks& rocks) : rocks_(rocks), env_(*rocks.db().GetEnv()) {
    check(env_.CreateDirIfMissing(rocks.staging_directory()), rocks.name());
  }
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;
  // Whatever is taken in has another name by now; what cannot be deleted goes when the store is next opened.
  ~StagedFiles() {
    writer_ = nullptr;
    for (const auto& [family, files] : files_) {
      for (const std::string& file : files) env_.DeleteFile(file).PermitUncheckedError();
    }
  }

  // Starts a file; put() and remove() go there, in key order.
  void start(Family family) {
    finish();
    const std::string file = rocks_.staging_directory() + "/" + std::to_string(++number_) + ".sst";
    files_[family].push_back(file);
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), rocks_.options_of(family));
    check(writer_->Open(file), rocks_.name());
  }
  void put(std::string_view key, std::string_view value) { check(writer_->Put(key, value), rocks_.name()); }
  void remove(std::string_view key) { check(writer_->Delete(key), rocks_.name()); }

  void take_in() {
    finish();
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;           // the staging directory is on the same disk
    options.write_global_seqno = false;  // files stay as they were synced
    std::vector<rocksdb::IngestExternalFileArg> arguments;
    for (const auto& [family, files] : files_) {
      rocksdb::IngestExternalFileArg& argument = arguments.emplace_back();
      argument.column_family = rocks_.family(family);
      argument.external_files = files;
      argument.options = options;
    }
    check(rocks_.db().IngestExternalFiles(arguments), rocks_.name());
  }

 private:
  void finish() {
    if (writer_ == nullptr) return;
    const std::unique_ptr<rocksdb::SstFileWriter> writer = std::move(writer_);
    check(writer->Finish(), rocks_.name());
  }

  Rocks& rocks_;
  rocksdb::Env& env_;
  std::map<Family, std::vector<std::string>> files_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::uint64_t number_ = 0;
};

void stage_terms(StagedFiles& files, const PendingTerms& terms, const std::vector<bool>& used) {
  std::vector<std::uint32_t> plain;                           // terms whose key is their text
  std::vector<std::pair<std::string, std::uint32_t>> hashed;  // keys of the others, which sort behind all of those
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    const auto index = static_cast<std::uint32_t>(i);
    all.push_back(index);
    if (terms.folded_body_at(i).size() <= kLongestPlainKey) {
      plain.push_back(index);
    } else {
      hashed.emplace_back(term_key(terms.id_at(i).type(), terms.folded_body_at(i)), index);
    }
  }
  if (all.empty()) return;

  std::sort(plain.begin(), plain.end(), [&](std::uint32_t a, std::uint32_t b) {
    const IdType type_a = terms.id_at(a).type();
    const IdType type_b = terms.id_at(b).type();
    return type_a != type_b ? type_a < type_b : terms.folded_body_at(a) < terms.folded_body_at(b);
  });
  std::sort(hashed.begin(), hashed.end());
  std::string id;
  const auto id_bytes = [&](std::uint32_t index) -> const std::string& {
    id.clear();
    append_id(id, terms.id_at(index));
    return id;
  };
  files.start(Family::term_ids);
  for (const std::uint32_t index : plain) {
    files.put(term_key(terms.id_at(index).type(), terms.folded_body_at(index)), id_bytes(index));
  }
  for (const auto& [key, index] : hashed) files.put(key, id_bytes(index));

  std::sort(all.begin(), all.end(), [&](std::uint32_t a, std::uint32_t b) { return terms.id_at(a) < terms.id_at(b); });
  files.start(Family::terms);
  for (const std::uint32_t index : all) files.put(id_bytes(index), terms.body_at(index));
}

// One file for each permutation: files that span few others' keys can be taken in at the lowest level.
void stage_quads(StagedFiles& files, const PendingQuads& quads, Partition partition) {
  ColumnOrder order = columns_of(Permutation::spo);
  std::vector<Columns> inserted;
  std::vector<Columns> removed;
  quads.for_each_net([&](const Change& change) {
    if (partition_of(change.quad) != partition) return;
    (change.inserted ? inserted : removed).push_back(permuted(change.quad, order));
  });
  if (inserted.empty() && removed.empty()) return;
  for_each_order(partition, [&](Permutation permutation) {
    const ColumnOrder next = columns_of(permutation);
    for (std::vector<Columns>* rows : {&inserted, &removed}) {
      for (Columns& row : *rows) row = permuted(unpermuted(row, order), next);
      std::sort(rows->begin(), rows->end());
    }
    order = next;
    files.start(Family::quads);
    auto put = inserted.begin();
    auto remove = removed.begin();
    while (put != inserted.end() || remove != removed.end()) {
      if (remove == removed.end() || (put != inserted.end() && *put < *remove)) {
        files.put(row_key(partition, permutation, *put++).view(), {});
      } else {
        files.remove(row_key(partition, permutation, *remove++).view());
      }
    }
  });
}

void ingest(Rocks& rocks, const Pending& pending, const std::vector<bool>& used) {
  StagedFiles files(rocks);
  stage_terms(files, pending.terms, used);
  stage_quads(files, pending.quads, Partition::default_graph);
  stage_quads(files, pending.quads, Partition::named_graphs);
  files.start(Family::metadata);
  for (const auto& [key, value] : metadata_changes(pending)) {
    if (value) {
      files.put(key, *value);
    } else {
      files.remove(key);
    }
  }
  // The files' counters build on earlier commits, which may still be in the log and, with
  // Durability::async, not on the device.
  if (!rocks.is_in_memory()) check(rocks.db().SyncWAL(), rocks.name());
  files.take_in();
}

}  // namespace

void write_commit(Rocks& rocks, const Pending& pending, Durability durability) {
  std::size_t changes = 0;
  pending.quads.for_each_net([&](const Change&) { ++changes; });
  if (changes == 0 && pending.prefixes.empty()) return;
  const std::vector<bool> used = used_terms(pending);
  if (changes + static_cast<std::size_t>(std::count(used.begin(), used.end(), true)) > kLargestBatch) {
    ingest(rocks, pending, used);
  } else {
    write_batch(rocks, pending, used, durability);
  }
}

}  // namespace akyn::storage
