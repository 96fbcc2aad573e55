// SPDX-License-Identifier: Apache-2.0
//
// Which limits of limits.h a caller may lower: the members of QueryLimits and DocumentLimits.
#ifndef SEGUE_BASE_SETTABLE_LIMITS_H_
#define SEGUE_BASE_SETTABLE_LIMITS_H_

#include <cstdint>
#include <string_view>

#include "engine/base/limits.h"
#include "segue/limits.h"

namespace segue {

template <typename Limits>
struct SettableLimit {
  std::string_view name;  // of the member
  uint64_t Limits::*value;
  uint64_t most;  // and the default
};

inline constexpr SettableLimit<QueryLimits> kSettableQueryLimits[] = {
    {"query_bytes", &QueryLimits::query_bytes, kMaxQueryBytes},
    {"depth", &QueryLimits::depth, kMaxQueryDepth},
    {"clauses", &QueryLimits::clauses, kMaxQueryClauses},
    {"patterns", &QueryLimits::patterns, kMaxQueryPatterns},
    {"phrase_terms", &QueryLimits::phrase_terms, kMaxPhraseTerms},
    {"text_tokens", &QueryLimits::text_tokens, kMaxTextTokens},
    {"set_values", &QueryLimits::set_values, kMaxSetValues},
    {"pattern_bytes", &QueryLimits::pattern_bytes, kMaxPatternBytes},
    {"pattern_states", &QueryLimits::pattern_states, kMaxPatternStates},
    {"pattern_work", &QueryLimits::pattern_work, kMaxPatternWork},
    {"expansions", &QueryLimits::expansions, kMaxExpansions},
    {"hits", &QueryLimits::hits, kMaxHits},
};

inline constexpr SettableLimit<DocumentLimits> kSettableDocumentLimits[] = {
    {"field_bytes", &DocumentLimits::field_bytes, kMaxFieldBytes},
    {"document_bytes", &DocumentLimits::document_bytes, kMaxDocumentBytes},
    {"fields", &DocumentLimits::fields, kMaxFields},
};

// Those of limits.h, where nobody has set others.
inline constexpr QueryLimits kGreatestQueryLimits;

}  // namespace segue

#endif  // SEGUE_BASE_SETTABLE_LIMITS_H_
