// SPDX-License-Identifier: Apache-2.0
//
// The options of what is like a text, as the query string and JSON name them.
#ifndef SEGUE_QUERY_LIKE_OPTIONS_H_
#define SEGUE_QUERY_LIKE_OPTIONS_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "segue/query.h"

namespace segue {

inline constexpr std::pair<std::string_view, uint64_t LikeOptions::*> kLikeNumbers[] = {
    {"max_terms", &LikeOptions::max_terms},
    {"min_term_freq", &LikeOptions::min_term_freq},
    {"min_doc_freq", &LikeOptions::min_doc_freq},
    {"max_doc_freq", &LikeOptions::max_doc_freq},
    {"min_match_percent", &LikeOptions::min_match_percent}};

// Calls `number(name, value)` for each that is not as usual.
template <typename Number>
void VisitLikeOptions(const LikeOptions& options, Number&& number) {
  const LikeOptions usual;
  for (const auto& [name, option] : kLikeNumbers) {
    if (options.*option != usual.*option) number(name, options.*option);
  }
}

}  // namespace segue

#endif  // SEGUE_QUERY_LIKE_OPTIONS_H_
