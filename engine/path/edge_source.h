// Where the edges of STEPs come from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/term/decimal.h"
#include "engine/term/id.h"

namespace akyn::path {

struct VirtualEdge {
  Id from;
  Id to;
  Decimal cost{1};  // at least 0
};

// Lists edges of a clause's STEPs, which have numbers (sparql::PathStep). What is given is remembered: the same is not
// asked for twice. An edge may be given several times: it costs the least of what is said. Errors of COST are the
// source's.
class EdgeSource {
 public:
  EdgeSource() = default;
  EdgeSource(const EdgeSource&) = delete;
  EdgeSource& operator=(const EdgeSource&) = delete;
  virtual ~EdgeSource() = default;

  // Appends all edges of a STEP, in any order.
  virtual void list_all(std::uint32_t step, std::vector<VirtualEdge>& out) = 0;
  // Appends its edges that start from one of `nodes`, or, when `inverse`, that end at one; `nodes` ascend and may be
  // query-local. May as well append all edges of the STEP: then returns true, and is not asked again.
  [[nodiscard]] virtual bool list(std::uint32_t step, std::span<const Id> nodes, bool inverse,
                                  std::vector<VirtualEdge>& out) = 0;
};

}  // namespace akyn::path
