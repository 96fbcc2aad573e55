// SPDX-License-Identifier: Apache-2.0
//
// FlatShape: a query that has a loop of its own (exec/flat_search.h) instead of a tree of scorers.
#ifndef SEGUE_QUERY_FLAT_SHAPE_H_
#define SEGUE_QUERY_FLAT_SHAPE_H_

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "engine/query/plan_node.h"

namespace segue {

// Terms and at most one phrase that must, should or must not match. They are the clauses of a
// boolean, or of one that is the only scored clause of another, whose own clauses filter: its score
// is then that of both. Clauses of other kinds beside them are gates, where they only filter or
// prohibit, or have the same score for all documents: such a query is for SearchFlatAmong, if few
// documents come into question. A view of the plan.
struct FlatShape {
  using Node = QueryPlan::Node;

  // Nothing: the query is another.
  static std::optional<FlatShape> Of(const Node& root);

  std::span<const Node> clauses;
  std::span<const Node> filters;  // and prohibited ones; `scored` among them
  const Node* scored = nullptr;
  std::vector<const Node*> gates = {};  // among clauses or filters
  double gates_score = 0;               // of all of them
  bool needs_should = false;            // though something is required

  bool IsGate(const Node& node) const {
    return std::find(gates.begin(), gates.end(), &node) != gates.end();
  }

  // All clauses and filters but `scored` and the gates.
  template <typename Fn>
  void ForEach(Fn&& fn) const {
    for (const std::span<const Node> nodes : {clauses, filters}) {
      for (const Node& node : nodes) {
        if (&node != scored && !IsGate(node)) fn(node);
      }
    }
  }
};

}  // namespace segue

#endif  // SEGUE_QUERY_FLAT_SHAPE_H_
