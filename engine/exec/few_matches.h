// SPDX-License-Identifier: Apache-2.0
//
// Whether a flat query has so few matches that bounds of words would cost more than they save.
#ifndef SEGUE_EXEC_FEW_MATCHES_H_
#define SEGUE_EXEC_FEW_MATCHES_H_

#include <cstdint>
#include <vector>

#include "engine/exec/flat_clause.h"
#include "engine/exec/flat_parts.h"

namespace segue::exec {

// By document frequencies alone. `parts` are those of the clauses; `k`: so many hits are expected
// of the segment, which has `doc_count` documents.
bool AreFew(const std::vector<FlatClause>& clauses, const FlatParts& parts, uint32_t doc_count,
            uint64_t k);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FEW_MATCHES_H_
