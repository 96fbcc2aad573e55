// SPDX-License-Identifier: Apache-2.0
//
// What a search for a query needs to know of a collection: the frequencies of its terms, and of
// those that its patterns stand for.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/status.h"
#include "engine/format/dictionary_reader.h"
#include "engine/query/planner.h"
#include "engine/query/term_expansion.h"
#include "engine/query/term_pattern.h"

namespace segue {

absl::StatusOr<uint64_t> DocFreqOf(Segments segments, std::string_view field,
                                   std::string_view term) {
  uint64_t doc_freq = 0;
  for (const std::shared_ptr<const Segment>& segment : segments) {
    const SegmentField* in_segment = segment->field(field);
    if (in_segment == nullptr || in_segment->dictionary() == nullptr) continue;
    SEGUE_ASSIGN_OR_RETURN(const std::optional<TermEntry> entry,
                           in_segment->dictionary()->Find(term));
    if (entry.has_value()) doc_freq += entry->meta.doc_freq;
  }
  return doc_freq;
}

namespace {

// Calls fn for each pattern that can take part in a match.
void VisitPatterns(const Query& query, const std::function<void(const Query&)>& fn) {
  switch (query.kind()) {
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
      fn(query);
      break;
    default:
      break;
  }
  for (const Query& child : query.children()) VisitPatterns(child, fn);
  for (const QueryClause& clause : query.clauses()) {
    if (clause.occur != Occur::kMustNot) VisitPatterns(clause.query, fn);
  }
}

absl::Status AddPattern(const Query& query, Segments segments,
                        std::map<std::pair<std::string, std::string>, bool>* seen,
                        Statistics* statistics) {
  SEGUE_ASSIGN_OR_RETURN(const TermPattern pattern, TermPattern::Of(query));
  SEGUE_ASSIGN_OR_RETURN(const TermExpansions expansions,
                         ExpandTerms(pattern, query.field(), segments, /*statistics=*/nullptr,
                                     [] { return absl::OkStatus(); }));
  for (const TermExpansion& expansion : expansions.terms) {
    if (!seen->try_emplace({query.field(), expansion.term}).second) continue;
    statistics->AddTerm(query.field(), expansion.term, expansion.doc_freq);
  }
  // Also without a term here: other shards may have some.
  if (statistics->Field(query.field()) == FieldStatistics{}) {
    statistics->AddField(query.field(), CollectFieldStatistics(segments, query.field()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Statistics> CollectQueryStatistics(const Query& query, Segments segments) {
  Statistics statistics;
  std::map<std::pair<std::string, std::string>, bool> seen;
  absl::Status status;
  query.VisitTerms([&](std::string_view field, std::string_view term) {
    if (!status.ok() || !seen.try_emplace({std::string(field), std::string(term)}).second) return;
    const absl::StatusOr<uint64_t> doc_freq = DocFreqOf(segments, field, term);
    if (!doc_freq.ok()) {
      status = doc_freq.status();
      return;
    }
    statistics.AddTerm(field, term, *doc_freq);
    if (statistics.Field(field) == FieldStatistics{}) {
      statistics.AddField(field, CollectFieldStatistics(segments, field));
    }
  });
  VisitPatterns(query, [&](const Query& pattern) {
    if (status.ok()) status = AddPattern(pattern, segments, &seen, &statistics);
  });
  if (!status.ok()) return status;
  return statistics;
}

}  // namespace segue
