// SPDX-License-Identifier: Apache-2.0
//
// A clause of a flat query: a boolean of terms and at most one phrase, in one segment.
#ifndef SEGUE_EXEC_FLAT_CLAUSE_H_
#define SEGUE_EXEC_FLAT_CLAUSE_H_

#include <memory>

#include "engine/exec/clause_kind.h"
#include "engine/exec/flat_list.h"
#include "engine/exec/flat_phrase.h"

namespace segue::exec {

// One of list and phrase is set. A phrase is a kMust clause.
struct FlatClause {
  ClauseKind kind = ClauseKind::kMust;
  std::unique_ptr<FlatList> list = {};
  std::unique_ptr<FlatPhrase> phrase = {};
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_CLAUSE_H_
