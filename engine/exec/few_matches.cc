// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/few_matches.h"

#include <algorithm>

namespace segue::exec {
namespace {

// So few matches of one term, or of any, are scored sooner than their bounds are computed; with
// required terms, whose matches are fewer than the rarest one's documents, more. So many times k
// would leave little to prune.
constexpr uint64_t kFewInOne = 1024;
constexpr uint64_t kFewInAny = 2048;
constexpr uint64_t kFewInRarest = 8192;
// Bounds cost time for all documents of the segment: for so many as a candidate does.
constexpr uint64_t kDocsOfCandidate = 128;
constexpr uint64_t kFewTimesK = 32;
constexpr uint64_t kFewTimesKUnderFilter = 64;
// With nothing else that bounds could leave out, so many documents may be expected to have the two
// rarest terms, if the terms of a query are together so many times as often as by chance.
constexpr double kFewTogether = 16384;
constexpr double kTogetherByChance = 8;

// Whether the rarest list is all that is scored: then bounds leave out most of its documents.
bool IsScoredAlone(const FlatList& rarest, const std::vector<FlatClause>& clauses) {
  return std::all_of(clauses.begin(), clauses.end(), [&](const FlatClause& clause) {
    return clause.list.get() == &rarest || !IsScored(clause.kind);
  });
}

// So many documents of the rarest required list, or of should clauses under a filter, are few.
uint64_t FewInRarest(const std::vector<FlatClause>& clauses, const FlatParts& parts,
                     uint32_t doc_count) {
  const bool from_shoulds = parts.needs_should && parts.InShoulds() < parts.InRequired();
  if (from_shoulds || IsScoredAlone(*parts.required.front(), clauses)) return kFewInRarest;
  return std::max(kFewInRarest, doc_count / kDocsOfCandidate);
}

}  // namespace

bool AreFew(const std::vector<FlatClause>& clauses, const FlatParts& parts, uint32_t doc_count,
            uint64_t k) {
  const uint64_t matches = parts.MatchesAtMost();
  uint64_t few = parts.has_required() ? FewInRarest(clauses, parts, doc_count) : kFewInAny;
  if (parts.list_count() == 1) few = kFewInOne;
  few = std::max(few, kFewTimesK * k);
  if (parts.needs_should && !parts.required.empty()) {
    // Words under a filter: it is like any other set of documents to most of them.
    const double by_chance =
        static_cast<double>(parts.InShoulds()) * parts.InRequired() / doc_count;
    return matches <= few || by_chance <= static_cast<double>(kFewTimesKUnderFilter * k);
  }
  if (matches <= few || parts.required.size() < 2 || !parts.shoulds.empty()) return matches <= few;
  const double by_chance = static_cast<double>(matches) * parts.required[1]->doc_freq() / doc_count;
  return kTogetherByChance * by_chance <= kFewTogether;
}

}  // namespace segue::exec
