// SPDX-License-Identifier: Apache-2.0
//
// The canonical form of a boolean query whose clauses are canonical already.
#ifndef SEGUE_QUERY_BOOLEAN_REWRITER_H_
#define SEGUE_QUERY_BOOLEAN_REWRITER_H_

#include <cstdint>
#include <vector>

#include "segue/query.h"

namespace segue {

// The same documents with the same scores, bit for bit where decision D3 fixes
// them: clauses that match nothing or everything are resolved, booleans inside
// are flattened, equal clauses are merged with the sum of their weights, a
// boolean of one scoring clause becomes that clause. The order of the clauses
// stays. Clauses that only prohibit: None().
Query CanonicalBoolean(std::vector<QueryClause> clauses, uint32_t min_should_match);

// The same for a boost around a canonical query: no boost of 1, none of a boost.
Query CanonicalBoost(Query query, float boost);

// Whether the query matches just what its first child does, and only changes scores.
bool OnlyScores(const Query& query);

}  // namespace segue

#endif  // SEGUE_QUERY_BOOLEAN_REWRITER_H_
