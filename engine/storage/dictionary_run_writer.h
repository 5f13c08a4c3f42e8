// Writes a dictionary run, term by term, in one pass. dictionary_run_format.h draws what it writes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/dictionary_page.h"
#include "engine/storage/dictionary_run_format.h"
#include "engine/storage/key_value.h"
#include "engine/storage/ordered_work.h"
#include "engine/storage/string_codec.h"
#include "engine/term/id.h"

namespace akyn::storage {

// One thread at a time. Holds a few pages, the separators (about a tenth of a byte a term) and the hashes of one filter
// (6 MiB). Encoder and sink must outlive it.
class DictionaryRunWriter {
 public:
  // The first term gets the number `first`. The encoder should have been trained on a sample of the terms, each
  // without the bytes it shares with its neighbour. Pages are coded by so many threads, the caller's among them; the
  // sink is called by that one.
  DictionaryRunWriter(std::uint32_t run, std::uint64_t first, const StringEncoder& encoder, KeyValueSink& sink,
                      std::size_t threads = 1);

  // The next term: its type and its body as written (term_codec.h). Terms must ascend by type and compare_bodies().
  // Returns its number. Throws Error(internal) when they do not, Error(limit) for more than a run or a page can hold,
  // and what the sink throws.
  std::uint64_t add(IdType type, std::string_view body);

  // Writes what is left and the records that open the run; nothing may be added afterwards. A run without terms is
  // valid.
  DictionaryMeta finish();

 private:
  // The terms of a page on their way to become one.
  struct Page {
    IdType type = IdType::unbound;
    std::string bodies;
    std::vector<std::size_t> ends;
    std::string coded;
    std::vector<std::uint64_t> hashes;
  };

  void start_page(IdType type);
  void finish_page();
  void code(Page& page) const;
  void write(Page& page);
  void finish_filter();
  void put(const DictionaryKey& key, std::string_view value);

  std::uint32_t run_;
  const StringEncoder* encoder_;
  KeyValueSink* sink_;
  DictionaryMeta meta_;
  Page page_;
  std::vector<Page> spare_;        // whose memory is used again
  std::uint32_t written_ = 0;      // pages
  IdType type_ = IdType::unbound;  // of the last term
  std::string last_;               // the last term's body, folded
  std::string body_;               // this term's
  std::vector<std::uint64_t> hashes_;
  std::vector<std::string> separators_;  // of the record that is being filled
  std::vector<std::string> records_;     // serialized
  OrderedWork<Page> pages_;
};

}  // namespace akyn::storage
