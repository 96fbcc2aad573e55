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

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/dictionary_reader.h"
#include "engine/query/planner.h"
#include "engine/query/term_expansion.h"
#include "engine/query/term_pattern.h"

namespace segue {

absl::StatusOr<TermStatistics> TermStatisticsOf(Segments segments, std::string_view field,
                                                std::string_view term) {
  TermStatistics sum;
  for (const std::shared_ptr<const Segment>& segment : segments) {
    const SegmentField* in_segment = segment->field(field);
    if (in_segment == nullptr || in_segment->dictionary() == nullptr) continue;
    SEGUE_ASSIGN_OR_RETURN(const std::optional<TermEntry> entry,
                           in_segment->dictionary()->Find(term));
    if (!entry.has_value()) continue;
    sum.doc_freq += entry->meta.doc_freq;
    sum.total_freq += entry->meta.total_freq;
  }
  return sum;
}

absl::StatusOr<uint64_t> DocFreqOf(Segments segments, std::string_view field,
                                   std::string_view term) {
  SEGUE_ASSIGN_OR_RETURN(const TermStatistics statistics, TermStatisticsOf(segments, field, term));
  return statistics.doc_freq;
}

namespace {

// Calls fn for each node of which the collection says what terms it stands for: patterns that can
// take part in a match, or stand near other words, and texts to be like, wherever they are.
// Patterns that only prohibit take all of their terms.
void VisitChoices(const Query& query, bool may_match, const std::function<void(const Query&)>& fn) {
  switch (query.kind()) {
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
      if (may_match) fn(query);
      break;
    case QueryKind::kLikeTerms:
      fn(query);
      break;
    case QueryKind::kNear:
      may_match = true;
      break;
    default:
      break;
  }
  for (const Query& child : query.children()) VisitChoices(child, may_match, fn);
  for (const QueryClause& clause : query.clauses()) {
    VisitChoices(clause.query, may_match && clause.occur != Occur::kMustNot, fn);
  }
}

absl::Status AddPattern(const Query& query, Segments segments,
                        std::map<std::pair<std::string, std::string>, bool>* seen,
                        Statistics* statistics) {
  SEGUE_ASSIGN_OR_RETURN(const TermPattern pattern, TermPattern::Of(query));
  SEGUE_ASSIGN_OR_RETURN(const TermExpansions expansions,
                         ExpandTerms(pattern, query.field(), kMaxExpansions, segments,
                                     /*statistics=*/nullptr, [] { return absl::OkStatus(); }));
  for (const TermExpansion& expansion : expansions.terms) {
    if (!seen->try_emplace({query.field(), expansion.term}).second) continue;
    statistics->AddTerm(query.field(), expansion.term, expansion.statistics.doc_freq,
                        expansion.statistics.total_freq);
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
  const auto add = [&](std::string_view field, std::string_view term) {
    if (!status.ok() || !seen.try_emplace({std::string(field), std::string(term)}).second) return;
    const absl::StatusOr<TermStatistics> of_term = TermStatisticsOf(segments, field, term);
    if (!of_term.ok()) {
      status = of_term.status();
      return;
    }
    statistics.AddTerm(field, term, of_term->doc_freq, of_term->total_freq);
    if (statistics.Field(field) == FieldStatistics{}) {
      statistics.AddField(field, CollectFieldStatistics(segments, field));
    }
  };
  query.VisitTerms(add);
  VisitChoices(query, /*may_match=*/true, [&](const Query& choice) {
    for (const CombinedTerm& term : choice.combined_terms()) add(term.field, term.term);
    if (!status.ok() || choice.kind() == QueryKind::kLikeTerms) return;
    status = AddPattern(choice, segments, &seen, &statistics);
  });
  if (!status.ok()) return status;
  return statistics;
}

}  // namespace segue
