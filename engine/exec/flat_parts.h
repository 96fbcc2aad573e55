// SPDX-License-Identifier: Apache-2.0
//
// FlatParts: the clauses of a flat query by what they ask of a document.
#ifndef SEGUE_EXEC_FLAT_PARTS_H_
#define SEGUE_EXEC_FLAT_PARTS_H_

#include <cstddef>
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

  size_t list_count() const { return required.size() + prohibited.size() + shoulds.size(); }
  template <typename Fn>
  void ForEachList(Fn&& fn) const {
    for (const auto* lists : {&required, &prohibited, &shoulds}) {
      for (FlatList* list : *lists) fn(list);
    }
  }

  // From now on these should clauses are prohibited ones.
  void Prohibit(const std::vector<FlatList*>& lists);

  std::vector<FlatList*> required;  // a phrase's terms among them; rarest first
  std::vector<FlatList*> prohibited;
  std::vector<FlatList*> shoulds;
  FlatPhrase* phrase = nullptr;
  bool needs_should;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_PARTS_H_
