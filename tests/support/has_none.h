// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_SUPPORT_HAS_NONE_H_
#define SEGUE_TESTS_SUPPORT_HAS_NONE_H_

#include <algorithm>

#include "segue/query.h"

namespace segue {

// Whether Query::None() is in it: nobody can type what matches nothing, so that is not read back.
inline bool HasNone(const Query& query) {
  const auto& clauses = query.clauses();
  return query.kind() == QueryKind::kMatchNone ||
         std::any_of(query.children().begin(), query.children().end(), HasNone) ||
         std::any_of(clauses.begin(), clauses.end(),
                     [](const QueryClause& clause) { return HasNone(clause.query); });
}

}  // namespace segue

#endif  // SEGUE_TESTS_SUPPORT_HAS_NONE_H_
