#include "tests/akt/configuration.h"

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace akyn::akt {

namespace {

std::filesystem::path new_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "akt-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a directory in the temporary one");
  return pattern;
}

}  // namespace

const std::vector<std::pair<std::string_view, Configuration>>& configurations() {
  static const std::vector<std::pair<std::string_view, Configuration>> kAll = {
      {"memory", Configuration::memory},
      {"disk", Configuration::disk},
      {"reopen", Configuration::reopen},
      {"transaction", Configuration::transaction}};
  return kAll;
}

TestedStore::TestedStore(Configuration configuration) : configuration_(configuration) {
  if (configuration == Configuration::disk || configuration == Configuration::reopen) {
    directory_ = new_directory();
    store_ = Store::open(directory_ / "store");
  } else {
    store_ = Store::in_memory();
    if (configuration == Configuration::transaction) transaction_ = store_->begin();
  }
}

TestedStore::~TestedStore() {
  transaction_.reset();
  store_.reset();
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

void TestedStore::begin_step() {
  if (configuration_ != Configuration::reopen || !changed_) return;
  changed_ = false;
  store_.reset();
  store_ = Store::open(directory_ / "store");
}

void TestedStore::load(const std::string& trig, const LoadOptions& options) {
  changed_ = true;
  std::istringstream in(trig);
  if (transaction_) {
    transaction_->load(in, options);
  } else {
    store_->load(in, options);
  }
}

void TestedStore::update(const std::string& request, const QueryOptions& options) {
  changed_ = true;
  if (transaction_) {
    transaction_->update(request, options);
  } else {
    store_->update(request, options);
  }
}

Query TestedStore::prepare(const std::string& query, const QueryOptions& options) {
  return transaction_ ? transaction_->prepare(query, options) : store_->prepare(query, options);
}

void TestedStore::finish() {
  if (transaction_) transaction_->commit();
  transaction_.reset();
  store_->verify();
}

}  // namespace akyn::akt
