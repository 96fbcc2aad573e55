// SPDX-License-Identifier: Apache-2.0
#include "bench/game/searcher.h"

#include <vector>

#include "engine/base/status.h"
#include "segue/query_parser.h"

namespace segue::game {
namespace {

// The query with the score 1 for every pattern in it.
Query WithPatternsOfOne(const Query& query) {
  switch (query.kind()) {
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
      return Query::ConstantScore(query, 1);
    case QueryKind::kBoolean: {
      std::vector<QueryClause> clauses = query.clauses();
      for (QueryClause& clause : clauses) clause.query = WithPatternsOfOne(clause.query);
      return Query::Boolean(std::move(clauses), query.min_should_match());
    }
    default:
      return query;
  }
}

// A filter is a word, or a range as it is typed.
Query FilterOf(std::string_view filter) {
  return filter.find(':') == filter.npos ? Query::Term("filter", filter) : ParseQuery(filter).query;
}

}  // namespace

absl::StatusOr<Searcher> Searcher::Open(const std::string& folder, PatternScores patterns) {
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(folder));
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, index.OpenSnapshot());
  return Searcher(std::move(snapshot), patterns);
}

Query Searcher::QueryOf(const Request& request) const {
  Query query = ParseQuery(request.query).query;
  if (patterns_ == PatternScores::kOne && query.pattern_count() > 0) {
    query = WithPatternsOfOne(query);
  }
  if (request.filter.empty()) return query;
  return Query::Boolean(
      {{Occur::kMust, std::move(query)}, {Occur::kFilter, FilterOf(request.filter)}});
}

absl::StatusOr<Outcome> Searcher::Run(
    const Request& request, std::optional<std::chrono::steady_clock::time_point> deadline) const {
  const auto begin = std::chrono::steady_clock::now();
  const Query query = QueryOf(request);
  SearchOptions options;
  options.k = request.command.k;
  options.count = request.command.counts() ? CountMode::kExact : CountMode::kNone;
  options.deadline = deadline;
  Outcome outcome;
  SEGUE_ASSIGN_OR_RETURN(outcome.result, snapshot_->Search(query, options));
  const auto end = std::chrono::steady_clock::now();
  outcome.nanoseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
  return outcome;
}

}  // namespace segue::game
