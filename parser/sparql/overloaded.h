// One visitor for std::visit out of a lambda for each alternative.
#pragma once

namespace akyn::sparql {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
// Needed by clang 16, which deduces no aggregates.
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace akyn::sparql
