// SPDX-License-Identifier: Apache-2.0
//
// The nodes of a plan: a query with everything resolved that does not depend on one segment.
#ifndef SEGUE_QUERY_PLAN_NODE_H_
#define SEGUE_QUERY_PLAN_NODE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/boolean_scorer.h"
#include "engine/exec/phrase_scorer.h"
#include "engine/exec/term_scorer.h"
#include "engine/format/term_meta.h"
#include "engine/query/planner.h"

namespace segue {

// One term of the collection.
struct PlannedTerm {
  std::string term;
  uint64_t doc_freq = 0;                       // of the whole collection, or as given from outside
  std::vector<std::optional<TermMeta>> metas;  // by segment
};

struct QueryPlan::Node {
  enum class Kind : uint8_t { kNone, kAll, kTerm, kPhrase, kRange, kBoolean, kMax, kConstant };
  using NodePtr = std::unique_ptr<const Node>;

  Kind kind = Kind::kNone;
  std::string field = {};  // kTerm, kPhrase, kRange
  std::string name = {};   // for explanations
  float score = 0;         // kAll, kRange, kConstant: the score; kTerm, kPhrase: the weight

  // kTerm: one; kPhrase: the distinct terms, rarest first.
  std::vector<PlannedTerm> terms = {};
  std::shared_ptr<const exec::TermScoring> scoring = {};
  std::vector<exec::PhraseWord> words = {};  // kPhrase

  int64_t low = 0;  // kRange, in ordered form (format/column_format.h)
  int64_t high = 0;

  std::vector<NodePtr> children = {};         // kBoolean, kMax, kConstant
  std::vector<exec::ClauseKind> occurs = {};  // kBoolean: one a child
  uint32_t min_should_match = 0;
  float tie = 0;
};

}  // namespace segue

#endif  // SEGUE_QUERY_PLAN_NODE_H_
