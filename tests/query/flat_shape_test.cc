// SPDX-License-Identifier: Apache-2.0
#include "engine/query/flat_shape.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

namespace segue {
namespace {

using exec::ClauseKind;
using Node = QueryPlan::Node;
using Kind = QueryPlan::Node::Kind;

Node Leaf(Kind kind, ClauseKind occur, float score = 1) {
  Node node;
  node.kind = kind;
  node.occur = occur;
  node.score = score;
  return node;
}

Node Boolean(std::vector<Node> children, ClauseKind occur = ClauseKind::kMust) {
  Node node = Leaf(Kind::kBoolean, occur);
  node.children = std::move(children);
  return node;
}

// Gates of a shape; -1: it is none.
int GatesOf(const Node& root) {
  const std::optional<FlatShape> shape = FlatShape::Of(root);
  return shape.has_value() ? static_cast<int>(shape->gates.size()) : -1;
}

size_t ListsOf(const FlatShape& shape) {
  size_t count = 0;
  shape.ForEach([&](const Node&) { ++count; });
  return count;
}

const Node kTerm = Leaf(Kind::kTerm, ClauseKind::kMust);
const Node kShould = Leaf(Kind::kTerm, ClauseKind::kShould);
const Node kListFilter = Leaf(Kind::kTerm, ClauseKind::kFilter);
const Node kSetFilter = Leaf(Kind::kTerms, ClauseKind::kFilter);
const Node kNoValues = Leaf(Kind::kValues, ClauseKind::kMustNot);

TEST(FlatShapeTest, ListsAloneHaveNoGates) {
  EXPECT_EQ(GatesOf(kTerm), 0);
  EXPECT_EQ(GatesOf(Boolean({kTerm, kShould, kListFilter})), 0);
  EXPECT_EQ(GatesOf(Boolean({kTerm, Leaf(Kind::kPhrase, ClauseKind::kMust)})), 0);
  EXPECT_EQ(GatesOf(Boolean({Boolean({kShould}), kListFilter})), 0);
  EXPECT_EQ(GatesOf(Leaf(Kind::kValues, ClauseKind::kMust)), -1);
}

TEST(FlatShapeTest, WhatFiltersOrProhibitsIsAGate) {
  const Node root = Boolean({kTerm, kSetFilter, kNoValues, kListFilter});
  const std::optional<FlatShape> shape = FlatShape::Of(root);
  ASSERT_TRUE(shape.has_value());
  ASSERT_EQ(shape->gates.size(), 2u);
  EXPECT_EQ(shape->gates[0], &root.children[1]);
  EXPECT_EQ(shape->gates[1], &root.children[2]);
  EXPECT_EQ(ListsOf(*shape), 2u);
  EXPECT_EQ(shape->gates_score, 0);
  EXPECT_EQ(GatesOf(Boolean({kTerm, Leaf(Kind::kPhrase, ClauseKind::kMustNot)})), 1);
  EXPECT_EQ(GatesOf(Boolean({kTerm, Boolean({kShould}, ClauseKind::kFilter)})), 1);
}

TEST(FlatShapeTest, GatesMayBeAroundTheScoredClause) {
  const Node root = Boolean({Boolean({kShould, kNoValues}), kSetFilter, kListFilter});
  const std::optional<FlatShape> shape = FlatShape::Of(root);
  ASSERT_TRUE(shape.has_value());
  EXPECT_EQ(shape->gates.size(), 2u);
  EXPECT_EQ(shape->scored, &root.children[0]);
  EXPECT_TRUE(shape->needs_should);
  EXPECT_EQ(ListsOf(*shape), 2u);
}

TEST(FlatShapeTest, OneScoreForAllIsAGate) {
  const Node constant = Leaf(Kind::kConstant, ClauseKind::kMust, 2.5f);
  const Node root = Boolean({kTerm, constant, Leaf(Kind::kSet, ClauseKind::kMust, 0.5f)});
  const std::optional<FlatShape> shape = FlatShape::Of(root);
  ASSERT_TRUE(shape.has_value());
  EXPECT_EQ(shape->gates_score, 3.0);
  // Other scores depend on the document, and an optional clause does not hold for all.
  EXPECT_EQ(GatesOf(Boolean({kTerm, Leaf(Kind::kTerms, ClauseKind::kMust)})), -1);
  EXPECT_EQ(GatesOf(Boolean({kTerm, Leaf(Kind::kConstant, ClauseKind::kShould)})), -1);
  // Around the scored clause its score would be added to a rounded sum.
  EXPECT_EQ(GatesOf(Boolean({Boolean({kTerm}), constant})), -1);
}

TEST(FlatShapeTest, SumsMustNotDependOnTheirOrder) {
  const auto with = [](float score) {
    return Boolean({kTerm, Leaf(Kind::kConstant, ClauseKind::kMust, score)});
  };
  EXPECT_EQ(GatesOf(with(1000.0f)), 1);
  EXPECT_EQ(GatesOf(with(0.0f)), 1);
  EXPECT_EQ(GatesOf(with(1e12f)), -1);
  EXPECT_EQ(GatesOf(with(1e-12f)), -1);
  EXPECT_EQ(GatesOf(with(1e30f)), -1);
}

TEST(FlatShapeTest, SomeListHasToMatch) {
  EXPECT_EQ(GatesOf(Boolean({kShould, kNoValues})), 1);
  // Here the filter alone is enough.
  EXPECT_EQ(GatesOf(Boolean({kShould, kSetFilter})), -1);
  EXPECT_EQ(GatesOf(Boolean({kShould, kSetFilter, kListFilter})), 1);
  EXPECT_EQ(GatesOf(Boolean({Boolean({kShould, kSetFilter}), kListFilter})), 1);
  Node two = Boolean({kShould, kShould, kNoValues});
  two.min_should_match = 2;
  EXPECT_EQ(GatesOf(two), -1);
}

TEST(FlatShapeTest, WeightsAreOrdinary) {
  EXPECT_EQ(GatesOf(Boolean({Leaf(Kind::kTerm, ClauseKind::kMust, 1e25f), kSetFilter})), -1);
  EXPECT_EQ(GatesOf(Boolean({Leaf(Kind::kTerm, ClauseKind::kMust, 0.0f), kSetFilter})), -1);
}

}  // namespace
}  // namespace segue
