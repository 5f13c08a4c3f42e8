#include "engine/storage/dictionary_run_writer.h"

#include <utility>

#include <akyn/error.h>
#include "engine/storage/bloom_filter.h"
#include "engine/storage/body_order.h"
#include "engine/storage/dictionary_page.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {

DictionaryRunWriter::DictionaryRunWriter(std::uint32_t run, std::uint64_t first, const StringEncoder& encoder,
                                         KeyValueSink& sink, std::size_t threads)
    : run_(run),
      encoder_(&encoder),
      sink_(&sink),
      pages_(
          threads, [this](Page& page) { code(page); }, [this](Page& page) { write(page); }) {
  meta_.first = first;
}

std::uint64_t DictionaryRunWriter::add(IdType type, std::string_view body) {
  body_ = body;
  fold_body(type, body_);
  if (meta_.terms > 0 && (type < type_ || (type == type_ && compare_bodies(type, last_, body_) >= 0))) {
    throw Error(ErrorCode::internal, "the terms of a dictionary run are not in order");
  }
  if (page_.ends.size() == kPageTerms || type != type_) finish_page();
  if (page_.ends.empty()) start_page(type);
  page_.bodies += body;
  page_.ends.push_back(page_.bodies.size());
  std::swap(last_, body_);
  ++meta_.of(type).terms;
  return meta_.first + meta_.terms++;
}

void DictionaryRunWriter::start_page(IdType type) {
  if (meta_.pages == kMaxRunPages) throw Error(ErrorCode::limit, "too many terms for one dictionary run");
  DictionaryType& entry = meta_.of(type);
  const bool first_of_type = entry.pages == 0;
  if (meta_.pages > 0 && meta_.pages % kSeparatorPages == 0) {
    records_.push_back(serialize_separators(separators_));
    separators_.clear();
  }
  if (first_of_type) {
    separators_.emplace_back();
  } else if (type == IdType::valued) {
    separators_.push_back(body_);
  } else {
    separators_.emplace_back(shortest_separator(last_, body_));
  }
  if (separators_.size() == 1) meta_.separators.push_back(separators_.front());
  ++entry.pages;
  type_ = type;
  page_.type = type;
}

void DictionaryRunWriter::finish_page() {
  if (page_.ends.empty()) return;
  ++meta_.pages;
  pages_.add(std::move(page_));
  page_ = Page();
  if (spare_.empty()) return;
  page_ = std::move(spare_.back());
  spare_.pop_back();
}

void DictionaryRunWriter::code(Page& page) const {
  DictionaryPageWriter writer(*encoder_);
  std::string folded;
  std::size_t start = 0;
  page.hashes.reserve(page.ends.size());
  for (const std::size_t end : page.ends) {
    const std::string_view body = std::string_view(page.bodies).substr(start, end - start);
    start = end;
    writer.add(body);
    if (page.type == IdType::lang_string) {
      folded = body;
      fold_body(page.type, folded);
    }
    page.hashes.push_back(hash_bytes(page.type == IdType::lang_string ? std::string_view(folded) : body,
                                     static_cast<std::uint64_t>(page.type)));
  }
  page.coded = writer.finish();
}

void DictionaryRunWriter::write(Page& page) {
  put(dictionary_key(run_, written_), page.coded);
  hashes_.insert(hashes_.end(), page.hashes.begin(), page.hashes.end());
  ++written_;
  if (written_ % kFilterPages == 0) finish_filter();
  page.bodies.clear();
  page.ends.clear();
  page.hashes.clear();
  spare_.push_back(std::move(page));
}

void DictionaryRunWriter::finish_filter() {
  if (hashes_.empty()) return;
  put(dictionary_filter_key(run_, written_ - 1), BloomFilter::build(hashes_));
  hashes_.clear();
}

DictionaryMeta DictionaryRunWriter::finish() {
  finish_page();
  pages_.finish();
  finish_filter();
  if (!separators_.empty()) records_.push_back(serialize_separators(separators_));
  meta_.add_up();
  // The meta record comes first in key order but tells the size of all others.
  const std::string symbols = encoder_->table().serialize();
  meta_.bytes += symbols.size();
  for (const std::string& record : records_) meta_.bytes += record.size();
  sink_->put(dictionary_key(run_, kMetaPage).view(), meta_.serialize());
  sink_->put(dictionary_key(run_, kSymbolsPage).view(), symbols);
  for (std::uint32_t i = 0; i < records_.size(); ++i) {
    sink_->put(dictionary_key(run_, kFirstSeparatorsPage + i).view(), records_[i]);
  }
  return std::move(meta_);
}

void DictionaryRunWriter::put(const DictionaryKey& key, std::string_view value) {
  meta_.bytes += value.size();
  sink_->put(key.view(), value);
}

}  // namespace akyn::storage
