// SPDX-License-Identifier: Apache-2.0
#include "engine/query/flat_shape.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/exec/clause_kind.h"
#include "engine/exec/flat_scorer.h"

namespace segue {
namespace {

using Node = QueryPlan::Node;
using exec::ClauseKind;

// Weights of ordinary size: sums of them can be scaled to bytes.
bool IsOrdinary(float weight) { return weight > 1e-20f && weight < 1e20f; }

bool HasFlatWeight(const Node& node) {
  return IsOrdinary(node.score) && node.scoring.similarity == nullptr;
}

// What a document that passes gets for it; nothing if that is not the same for all of them.
std::optional<float> ScoreOfGate(const Node& node) {
  if (!exec::IsScored(node.occur)) return 0.0f;
  if (node.occur != ClauseKind::kMust) return std::nullopt;
  switch (node.kind) {
    case Node::Kind::kAll:
    case Node::Kind::kValues:
    case Node::Kind::kSet:
    case Node::Kind::kExists:
    case Node::Kind::kConstant:
      if (node.score != 0 && !IsOrdinary(node.score)) return std::nullopt;
      return node.score;
    default:
      return std::nullopt;
  }
}

// Takes the clauses of a query apart.
class FlatReader {
 public:
  // The clauses of `root`: its terms, one phrase and its gates. False if there are others.
  bool ReadClauses(const Node& root) {
    int phrases = 0;
    bool any_required = false;
    for (const Node& child : root.children) {
      any_required |= exec::IsRequired(child.occur);
      const bool phrase = child.kind == Node::Kind::kPhrase && child.occur == ClauseKind::kMust;
      if (phrase && ++phrases > 1) return false;
      if (phrase || IsLeaf(child)) {
        if (!AddList(child)) return false;
      } else if (!AddGate(child)) {
        return false;
      }
    }
    return any_scored_ && root.min_should_match <= (any_required ? 0u : 1u);
  }

  // Those of a boolean around the scored one. False if they are not all of them filters.
  bool ReadFilters(const Node& root, const Node* scored) {
    for (const Node& child : root.children) {
      if (&child == scored) continue;
      if (exec::IsScored(child.occur)) return false;
      if (!(IsLeaf(child) ? AddList(child) : AddGate(child))) return false;
    }
    return true;
  }

  // With the gates; nothing if no list has to match, or if scores depend on the order in which they
  // are added up.
  std::optional<FlatShape> Shape(FlatShape shape) {
    if (gates_.empty()) return shape;
    if (any_gate_required_ && !any_list_required_ && !shape.needs_should) return std::nullopt;
    if (gates_score_ != 0 && !exec::FlatScorer::SumsAreExact(weights_)) return std::nullopt;
    shape.gates = std::move(gates_);
    shape.gates_score = gates_score_;
    return shape;
  }

 private:
  static bool IsLeaf(const Node& node) {
    return node.kind == Node::Kind::kTerm || node.kind == Node::Kind::kNone;
  }

  bool AddList(const Node& node) {
    any_list_required_ |= exec::IsRequired(node.occur);
    if (!exec::IsScored(node.occur)) return true;
    any_scored_ = true;
    if (node.kind == Node::Kind::kNone) return true;
    weights_.push_back(node.score);
    return HasFlatWeight(node);
  }

  bool AddGate(const Node& node) {
    const std::optional<float> score = ScoreOfGate(node);
    if (!score.has_value()) return false;
    any_gate_required_ |= exec::IsRequired(node.occur);
    gates_.push_back(&node);
    gates_score_ += static_cast<double>(*score);
    if (*score != 0) weights_.push_back(*score);
    return true;
  }

  std::vector<const Node*> gates_;
  absl::InlinedVector<float, 8> weights_;  // of all that is scored
  double gates_score_ = 0;
  bool any_scored_ = false;
  bool any_list_required_ = false;
  bool any_gate_required_ = false;
};

}  // namespace

std::optional<FlatShape> FlatShape::Of(const Node& root) {
  if (root.kind == Node::Kind::kTerm || root.kind == Node::Kind::kPhrase) {
    if (!HasFlatWeight(root)) return std::nullopt;
    return FlatShape{.clauses = {&root, 1}, .filters = {}};
  }
  if (root.kind != Node::Kind::kBoolean) return std::nullopt;
  if (FlatReader reader; reader.ReadClauses(root)) {
    return reader.Shape({.clauses = root.children, .filters = {}});
  }
  const auto scored =
      std::find_if(root.children.begin(), root.children.end(), [](const Node& child) {
        return child.kind == Node::Kind::kBoolean && child.occur == ClauseKind::kMust;
      });
  FlatReader reader;
  if (scored == root.children.end() || root.min_should_match > 0 || !reader.ReadClauses(*scored) ||
      !reader.ReadFilters(root, &*scored)) {
    return std::nullopt;
  }
  const bool any_required =
      std::any_of(scored->children.begin(), scored->children.end(),
                  [](const Node& child) { return exec::IsRequired(child.occur); });
  return reader.Shape({.clauses = scored->children,
                       .filters = root.children,
                       .scored = &*scored,
                       .needs_should = !any_required});
}

}  // namespace segue
