#include "engine/storage/renumbering.h"

#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::storage {

void Renumbering::mark_stored(Id id) {
  const std::uint64_t number = id.payload();
  if (number == 0 || number >= end_) {
    throw Error(ErrorCode::corruption, fmt::format("the store is damaged: there is no term {} of type {}", number,
                                                   static_cast<int>(id.type())));
  }
  if (keeps(number)) return;
  std::uint64_t& marked = page(number)[number % kPage];
  if (marked != 0 && marked != mark_of(id.type())) {
    throw Error(ErrorCode::corruption, fmt::format("the store is damaged: term {} is used with two types", number));
  }
  marked = mark_of(id.type());
}

Renumbering::Page& Renumbering::page(std::uint64_t number) {
  auto& page = pages_[static_cast<std::size_t>(number / kPage)];
  if (page == nullptr) page = std::make_unique<Page>();
  return *page;
}

void Renumbering::extend(std::uint64_t end) {
  if (end <= end_) return;
  end_ = end;
  pages_.resize(static_cast<std::size_t>((end + kPage - 1) / kPage));
}

}  // namespace akyn::storage
