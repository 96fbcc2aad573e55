// SPDX-License-Identifier: Apache-2.0
//
// Rewrite: from a query as a user means it to one as the planner takes it.
//
// In:  text that is not analysed, default fields, values as text.
// Out: kTerm, kPhrase, kNear (parts: terms and patterns), kNearRelated (of two kNear), kEquals and
// patterns (kPrefix, kWildcard, kRegexp, kFuzzy
//      with a number of edits, kTermRange), kRange, kIn (ascending, of the field's type),
//      kExists, kGeoBox, kGeoDistance, kCombinedTerms and kLikeTerms over named fields of the
//      schema, kBoolean, kDisjunctionMax, kConstantScore, kBoost, kMatchAll, kMatchNone; in a
//      canonical form:
//   - no boolean of one clause that must or should match, no boost of 1 or of a
//     boost, no phrase of one term, no double match-none;
//   - equal clauses of a boolean are merged: k times a term is that term with
//     boost k (D3), and so k times a boolean, in whatever order its clauses are;
//   - then clauses of OR inside OR and of AND inside AND stand in the outer one,
//     unless something between them changes the score (D3), and are merged there;
//   - clauses keep the order of the source.
//
// Words without a field become a disjunction-max over the default fields (D5),
// text of several tokens the OR of the tokens (D6), tokens at one position an OR
// too. A field's boost of the schema is multiplied in, next to the leaf (so do not
// rewrite twice where a field has one). Words
// that the analyzer removes take their clause with them, as in Lucene.
#ifndef SEGUE_QUERY_REWRITE_H_
#define SEGUE_QUERY_REWRITE_H_

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/text/stream_pool.h"
#include "segue/analysis.h"
#include "segue/limits.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/types.h"

namespace segue {

struct RewriteContext {
  const Schema* schema = nullptr;
  // The search analyzer of a text field; never asked for other types. A text
  // field without one (nullptr) is an internal error.
  std::function<const Analyzer*(std::string_view field)> analyzer = {};

  // What may be kept from one query to the next; without it, each makes its own.
  // DefaultFields(*schema).
  std::optional<std::span<const Field* const>> default_fields = {};
  // Streams of the search analyzer of each field of the schema, in its order; nullptr: none are
  // kept.
  std::span<StreamPool* const> streams = {};
};

// The default fields of a schema that it has.
std::vector<const Field*> DefaultFields(const Schema& schema);

// Adds to *diagnostics what the user should know: unknown fields (which match
// nothing), words that cannot be searched, values of the wrong form, queries that
// only prohibit. Errors: kResourceExhausted if the query, before or after, is
// over the limits of Query::Validate, or a text has too many tokens; kInvalidArgument from there;
// what an analyzer returns.
absl::StatusOr<Query> Rewrite(const Query& query, const RewriteContext& context,
                              std::vector<Diagnostic>* diagnostics, const QueryLimits& limits = {});

}  // namespace segue

#endif  // SEGUE_QUERY_REWRITE_H_
