// SPDX-License-Identifier: Apache-2.0
//
// FlatShape: a query that has a loop of its own (exec/flat_search.h) instead of a tree of scorers.
#ifndef SEGUE_QUERY_FLAT_SHAPE_H_
#define SEGUE_QUERY_FLAT_SHAPE_H_

#include <optional>
#include <span>

#include "engine/query/plan_node.h"

namespace segue {

// Terms and at most one phrase that must, should or must not match. They are the clauses of a
// boolean, or of one that is the only scored clause of another, whose own clauses filter: its score
// is then that of both. With a filter of values beside them it is a query for SearchFlatAmong,
// where that filter leaves few documents. A view of the plan.
struct FlatShape {
  using Node = QueryPlan::Node;

  // Nothing: the query is another.
  static std::optional<FlatShape> Of(const Node& root);

  std::span<const Node> clauses;
  std::span<const Node> filters;  // and prohibited ones; `scored` among them
  const Node* scored = nullptr;
  const Node* values = nullptr;  // among clauses or filters
  bool needs_should = false;     // though something is required

  // All clauses and filters but `scored` and `values`.
  template <typename Fn>
  void ForEach(Fn&& fn) const {
    for (const Node& clause : clauses) {
      if (&clause != values) fn(clause);
    }
    for (const Node& clause : filters) {
      if (&clause != scored && &clause != values) fn(clause);
    }
  }
};

}  // namespace segue

#endif  // SEGUE_QUERY_FLAT_SHAPE_H_
