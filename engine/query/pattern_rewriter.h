// SPDX-License-Identifier: Apache-2.0
//
// Rewriting of a query for many terms at once to the form in which a field's terms are written.
#ifndef SEGUE_QUERY_PATTERN_REWRITER_H_
#define SEGUE_QUERY_PATTERN_REWRITER_H_

#include <string_view>

#include "segue/analysis.h"
#include "segue/query.h"

namespace segue {

// `leaf`: of kind kPrefix, kWildcard, kRegexp, kFuzzy or kTermRange. What is literal in it is
// normalised by the analyzer (nullptr: stays as it is), but for a regular expression, which is
// taken word for word. A fuzzy word gets its number of edits. What stands for one term or one
// prefix becomes that.
Query PatternOfField(const Query& leaf, std::string_view field, const Analyzer* analyzer);

}  // namespace segue

#endif  // SEGUE_QUERY_PATTERN_REWRITER_H_
