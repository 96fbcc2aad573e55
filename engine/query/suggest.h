// SPDX-License-Identifier: Apache-2.0
//
// SuggestTerms: the words of a query that no document has, and those that may have been meant.
#ifndef SEGUE_QUERY_SUGGEST_H_
#define SEGUE_QUERY_SUGGEST_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/query/planned_field.h"
#include "engine/query/rewrite.h"
#include "segue/query.h"
#include "segue/search.h"
#include "segue/suggestion.h"

namespace segue {

// As Snapshot::Suggest. The context has default fields.
absl::StatusOr<std::vector<Suggestion>> SuggestTerms(const Query& query, size_t terms_per_word,
                                                     const RewriteContext& context,
                                                     Segments segments,
                                                     const SearchOptions& options);

}  // namespace segue

#endif  // SEGUE_QUERY_SUGGEST_H_
