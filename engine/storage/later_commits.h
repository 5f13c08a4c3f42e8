// What is committed to a store while its terms get new numbers, said in these.
//
// It comes faster than it could be translated at the end, when nobody may write: so it is written part by part, each as
// runs on top of those before, which nobody sees until the rebuilt store is published. What is left then is little.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/storage/change_set.h"
#include "engine/storage/optimize.h"
#include "engine/storage/pending_terms.h"
#include "engine/storage/progress.h"
#include "engine/storage/renumbering.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

// One thread at a time. Functions throw Error(io), Error(corruption), Error(limit) when there are no numbers left for
// terms, and what `progress` throws; afterwards there is nothing left to do but to delete runs(). `progress` may do a
// step of the background worker.
class LaterCommits {
 public:
  // Those after `last`, the last commit of what has been rebuilt. `dictionary` is the new one, and `renumbering` leads
  // to it; it learns of the terms that the parts bring, and outlives this, as the store does.
  LaterCommits(VersionStore& store, Renumbering& renumbering, std::shared_ptr<const Dictionary> dictionary,
               std::uint64_t last)
      : store_(store),
        renumbering_(renumbering),
        dictionary_(std::move(dictionary)),
        last_(last),
        next_number_(renumbering.end()) {}
  LaterCommits(const LaterCommits&) = delete;
  LaterCommits& operator=(const LaterCommits&) = delete;

  // The layers of a version that are not written yet, by ascending commits, as long as it lives; and their rows.
  [[nodiscard]] std::span<const Layer> missing(const Version& version) const;
  [[nodiscard]] std::uint64_t missing_rows(const Version& version) const;

  // Writes the first ones of missing(version) as one part. They are runs, and no merge may change them from now on:
  // what is missing next begins where they end. May be called while commits go on. Takes some 256 bytes a row, long
  // texts aside.
  void write(const Version& version, std::span<const Layer> layers, const WorkProgress& progress);

  // The new dictionary, and the layers on top of what has been rebuilt, as far as it has been written.
  [[nodiscard]] const std::shared_ptr<const Dictionary>& dictionary() const noexcept { return dictionary_; }
  [[nodiscard]] const std::vector<Layer>& layers() const noexcept { return layers_; }
  // Of what has been written: to be deleted when it is not published.
  [[nodiscard]] const std::set<std::uint32_t>& runs() const noexcept { return runs_; }

  // What is missing, as one more commit, and all graphs whose names have other Ids than before.
  struct Rest {
    std::vector<Id> old_names;
    ChangeSet changes;  // of rows, and of graphs with their new names
  };
  // With the writer slot held. Once; the changes must not outlive this.
  [[nodiscard]] Rest rest(const Version& newest);

 private:
  // What layers that come next have changed in sum, in new numbers.
  [[nodiscard]] DeltaRows translated_rows(const Version& version, std::span<const Layer> layers, Translator& translate,
                                          const WorkProgress& progress);

  VersionStore& store_;
  Renumbering& renumbering_;
  std::shared_ptr<const Dictionary> dictionary_;
  std::uint64_t last_;         // commit that is written
  std::uint64_t next_number_;  // above the old numbers of the terms that it and those before it use
  std::vector<Layer> layers_;
  std::set<std::uint32_t> runs_;
  std::optional<PendingTerms> rest_terms_;
};

}  // namespace akyn::storage
