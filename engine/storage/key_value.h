// Where runs are written to and read from: keys with values, whatever holds them.
//
// A run (of rows, of terms) is immutable, so its writer needs no more than put() and its reader no more than get(): the
// same code writes into a WriteBatch, an SST file or memory, and reads RocksDB or memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace akyn::storage {

// Takes keys with their values. Not thread-safe.
class KeyValueSink {
 public:
  KeyValueSink() = default;
  KeyValueSink(const KeyValueSink&) = delete;
  KeyValueSink& operator=(const KeyValueSink&) = delete;
  virtual ~KeyValueSink() = default;

  // Copies both. Writers put the keys of one order (block runs) or one run (dictionary runs) in ascending order, each
  // once. Throws Error(io).
  virtual void put(std::string_view key, std::string_view value) = 0;
};

// Bytes that live as long as this object, without a copy: they belong to an owner (a pinned RocksDB block, a string)
// that is kept alive. The bytes stay where they are when the object is moved.
class PinnedValue {
 public:
  PinnedValue() = default;
  // `owner` keeps `bytes` alive; null when something else outlives every reader.
  PinnedValue(std::string_view bytes, std::shared_ptr<const void> owner) noexcept
      : bytes_(bytes), owner_(std::move(owner)) {}

  [[nodiscard]] std::string_view view() const noexcept { return bytes_; }
  void reset() noexcept { *this = {}; }

 private:
  std::string_view bytes_;
  std::shared_ptr<const void> owner_;
};

// Finds values by key. Safe to use from several threads at a time.
class KeyValueSource {
 public:
  KeyValueSource() = default;
  KeyValueSource(const KeyValueSource&) = delete;
  KeyValueSource& operator=(const KeyValueSource&) = delete;
  virtual ~KeyValueSource() = default;

  // False, with `value` empty, when there is no such key. Throws Error(io, corruption).
  virtual bool get(std::string_view key, PinnedValue& value) const = 0;
};

// Both in memory. Reading is thread-safe while nothing is put; values are borrowed, so this must outlive them.
class MemoryKeyValues final : public KeyValueSink, public KeyValueSource {
 public:
  void put(std::string_view key, std::string_view value) override { values_.insert_or_assign(std::string(key), value); }

  bool get(std::string_view key, PinnedValue& value) const override {
    const auto found = values_.find(key);
    value = found == values_.end() ? PinnedValue() : PinnedValue(found->second, nullptr);
    return found != values_.end();
  }

  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& values() const noexcept { return values_; }
  [[nodiscard]] std::map<std::string, std::string, std::less<>>& values() noexcept { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace akyn::storage
