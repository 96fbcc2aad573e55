// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/flat_parts.h"

#include <algorithm>

namespace segue::exec {

FlatParts::FlatParts(const std::vector<FlatClause>& clauses, bool wants_should) {
  for (const FlatClause& clause : clauses) {
    if (clause.phrase != nullptr) {
      phrase = clause.phrase.get();
      for (const auto& term : phrase->terms()) required.push_back(term.get());
      continue;
    }
    FlatList* list = clause.list.get();
    if (IsRequired(clause.kind)) {
      required.push_back(list);
    } else {
      (clause.kind == ClauseKind::kShould ? shoulds : prohibited).push_back(list);
    }
  }
  std::stable_sort(required.begin(), required.end(), [](const FlatList* a, const FlatList* b) {
    return a->doc_freq() < b->doc_freq();
  });
  needs_should = wants_should || required.empty();
}

uint64_t FlatParts::InRequired() const {
  return required.empty() ? uint64_t{kEndOfDocs} : required.front()->doc_freq();
}

uint64_t FlatParts::InShoulds() const {
  uint64_t sum = 0;
  for (const FlatList* list : shoulds) sum += list->doc_freq();
  return sum;
}

uint64_t FlatParts::MatchesAtMost() const {
  return needs_should ? std::min(InRequired(), InShoulds()) : InRequired();
}

void FlatParts::Prohibit(const std::vector<FlatList*>& lists) {
  std::erase_if(shoulds, [&](FlatList* list) {
    return std::find(lists.begin(), lists.end(), list) != lists.end();
  });
  prohibited.insert(prohibited.end(), lists.begin(), lists.end());
}

}  // namespace segue::exec
