// SPDX-License-Identifier: Apache-2.0
//
// The nodes of a plan: a query with everything resolved that does not depend on one segment.
//
// Children lie side by side in their parent, and what dictionaries have of all terms in one array
// of the plan, so that a small query takes a handful of allocations, not a dozen a term.
#ifndef SEGUE_QUERY_PLAN_NODE_H_
#define SEGUE_QUERY_PLAN_NODE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/exec/boolean_scorer.h"
#include "engine/exec/phrase_scorer.h"
#include "engine/exec/proximity_matcher.h"
#include "engine/exec/term_scorer.h"
#include "engine/exec/wanted_values.h"
#include "engine/format/term_meta.h"
#include "engine/query/planned_field.h"
#include "engine/query/planner.h"
#include "engine/query/term_pattern.h"
#include "engine/rank/value_function.h"

namespace segue {

// Words near each other: which terms of the node each part has, and how they have to stand.
struct NearPlan {
  // Whether a match may have so many parts.
  bool IsEnough(size_t count) const { return count >= (at_least == 0 ? parts.size() : at_least); }

  std::vector<std::vector<uint32_t>> parts;  // numbers among the terms of the node, ascending
  std::vector<exec::ProximityMatcher::Part> places;
  exec::Proximity proximity = exec::Proximity::kNear;
  uint32_t slop = 0;
  uint32_t at_least = 0;  // of the parts; 0: all
  // kNearRelated: to what the matches have to be related.
  std::shared_ptr<const NearPlan> other = {};
  exec::SpanRelation relation = exec::SpanRelation::kContaining;
};

struct QueryPlan::Node {
  enum class Kind : uint8_t {
    kNone,
    kAll,
    kTerm,
    kPhrase,
    kNear,
    kValues,
    kSet,
    kExists,
    kTerms,
    kBoolean,
    kMax,
    kConstant,
    kCombined,
    kFunction,
    kDemote
  };

  Kind kind = Kind::kNone;
  exec::ClauseKind occur = exec::ClauseKind::kMust;  // the child of a kBoolean: what it is there
  // kAll, kValues, kSet, kExists, kConstant: the score; kTerm, kPhrase, kNear, kCombined: the
  // weight; kFunction: the boost; kDemote: the factor
  float score = 0;
  const QueriedField* field = nullptr;  // all that have one
  std::string name = {};                // for explanations; empty in a plan that explains nothing

  // kTerm: one; kPhrase, kNear: the distinct terms. Numbers of terms in Data::metas.
  size_t first_term = 0;
  size_t term_count = 0;
  exec::TermScoring scoring = {};
  std::vector<exec::PhraseWord> words = {};   // kPhrase
  std::shared_ptr<const NearPlan> near = {};  // kNear

  std::shared_ptr<const ValueFunction> function = {};  // kFunction; its column is that of the field

  std::shared_ptr<const exec::WantedValues> wanted = {};  // kValues
  const std::vector<Value>* keywords = nullptr;           // kSet: those wanted, of Data::query

  // kTerms: the terms it stands for. The children are those of them that are scored, kTerm each;
  // `is_whole`: they are all.
  std::shared_ptr<const TermPattern> pattern = {};
  bool is_whole = false;

  // kBoolean, kMax, kConstant, kTerms, kCombined, kFunction, kDemote
  std::vector<Node> children = {};
  uint32_t min_should_match = 0;
  float tie = 0;  // kMax; the child of a kCombined: how much its frequency counts
};

struct QueryPlan::Data {
  explicit Data(Segments of_segments) : segments(of_segments) {}

  // What the dictionary of segments[segment] has of a term; nullptr: it has none.
  const TermMeta* Find(size_t term, size_t segment) const {
    const TermMeta& meta = metas[term * segments.size() + segment];
    return meta.doc_freq != 0 ? &meta : nullptr;
  }

  Segments segments;
  Node root;
  Query query;  // what the patterns of nodes point to
  std::vector<Diagnostic> diagnostics;
  bool expansions_cut = false;
  size_t term_count = 0;
  absl::InlinedVector<TermMeta, 4> metas;  // by term, then segment; doc_freq 0: not there
  std::vector<std::unique_ptr<const QueriedField>> own_fields;
};

}  // namespace segue

#endif  // SEGUE_QUERY_PLAN_NODE_H_
