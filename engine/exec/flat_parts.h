// SPDX-License-Identifier: Apache-2.0
//
// FlatParts: the clauses of a flat query by what they ask of a document.
#ifndef SEGUE_EXEC_FLAT_PARTS_H_
#define SEGUE_EXEC_FLAT_PARTS_H_

#include <cstdint>
#include <vector>

#include "engine/exec/flat_clause.h"

namespace segue::exec {

struct FlatParts {
  // `clauses` outlive the parts. `wants_should`: a document must match a should clause, as it must
  // anyway without a required one.
  FlatParts(const std::vector<FlatClause>& clauses, bool wants_should);

  bool has_required() const { return !required.empty(); }
  // So many documents at most have all required lists; so many a should clause.
  uint64_t InRequired() const;
  uint64_t InShoulds() const;
  uint64_t MatchesAtMost() const;

  // All of them.
  std::vector<FlatList*> Lists() const;

  std::vector<FlatList*> required;  // a phrase's terms among them; rarest first
  std::vector<FlatList*> prohibited;
  std::vector<FlatList*> shoulds;
  FlatPhrase* phrase = nullptr;
  bool needs_should;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_PARTS_H_
