// SPDX-License-Identifier: Apache-2.0
#include "engine/query/flat_shape.h"

#include <algorithm>

#include "engine/exec/clause_kind.h"

namespace segue {
namespace {

using Node = QueryPlan::Node;

bool IsFlatLeaf(const Node& node) {
  return node.kind == Node::Kind::kTerm || node.kind == Node::Kind::kNone;
}

bool IsFlatFilter(const Node& node) {
  return node.kind == Node::Kind::kValues && node.occur == exec::ClauseKind::kFilter;
}

bool AnyRequired(const Node& boolean) {
  return std::any_of(boolean.children.begin(), boolean.children.end(),
                     [](const Node& child) { return exec::IsRequired(child.occur); });
}

// BM25 with weights of ordinary size: sums of them can be scaled to bytes.
bool HasFlatWeight(const Node& node) {
  return node.score > 1e-20f && node.score < 1e20f && node.scoring.similarity == nullptr;
}

bool IsFlatBoolean(const Node& root) {
  bool any_scored = false;
  int phrases = 0;
  for (const Node& child : root.children) {
    const bool scored = exec::IsScored(child.occur);
    if (child.kind == Node::Kind::kPhrase) {
      if (++phrases > 1 || child.occur != exec::ClauseKind::kMust) return false;
    } else if (!IsFlatLeaf(child) && !IsFlatFilter(child)) {
      return false;
    }
    if (scored && child.kind != Node::Kind::kNone && !HasFlatWeight(child)) return false;
    any_scored = any_scored || scored;
  }
  return any_scored && root.min_should_match <= (AnyRequired(root) ? 0u : 1u);
}

// With the filter of values among its clauses; nothing if there are several, or if no other
// clause has to match.
std::optional<FlatShape> WithValues(FlatShape shape) {
  size_t filters = 0;
  bool any_required = shape.needs_should;
  for (const std::span<const Node> nodes : {shape.clauses, shape.filters}) {
    for (const Node& node : nodes) {
      if (IsFlatFilter(node)) {
        shape.values = &node;
        ++filters;
      } else if (&node != shape.scored) {
        any_required |= exec::IsRequired(node.occur);
      }
    }
  }
  if (filters > 1 || (filters == 1 && !any_required)) return std::nullopt;
  return shape;
}

}  // namespace

std::optional<FlatShape> FlatShape::Of(const Node& root) {
  if (root.kind == Node::Kind::kTerm || root.kind == Node::Kind::kPhrase) {
    if (!HasFlatWeight(root)) return std::nullopt;
    return FlatShape{.clauses = {&root, 1}, .filters = {}};
  }
  if (root.kind != Node::Kind::kBoolean) return std::nullopt;
  if (IsFlatBoolean(root)) return WithValues({.clauses = root.children, .filters = {}});
  const Node* scored = nullptr;
  for (const Node& child : root.children) {
    const bool boolean = child.kind == Node::Kind::kBoolean;
    if (boolean && child.occur == exec::ClauseKind::kMust && scored == nullptr) {
      scored = &child;
    } else if (exec::IsScored(child.occur) || !(IsFlatLeaf(child) || IsFlatFilter(child))) {
      return std::nullopt;
    }
  }
  if (scored == nullptr || root.min_should_match > 0 || !IsFlatBoolean(*scored)) {
    return std::nullopt;
  }
  return WithValues({.clauses = scored->children,
                     .filters = root.children,
                     .scored = scored,
                     .needs_should = !AnyRequired(*scored)});
}

}  // namespace segue
